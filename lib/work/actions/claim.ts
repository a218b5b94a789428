"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import * as commands from "../commands/claim-item";
import { claimInput, releaseInput } from "../schema";

export const claimItem = action({
  name: "item.claim",
  schema: claimInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "item.claim", actorId: person.userId, key, subjectId: input.workItemId }, (tx) =>
      commands.claimItem(tx, person, input),
    ),
});

export const releaseItem = action({
  name: "item.release",
  schema: releaseInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "item.release", actorId: person.userId, key, subjectId: input.workItemId }, (tx) =>
      commands.releaseItem(tx, person, input),
    ),
});
