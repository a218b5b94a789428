"use server";

import { action } from "../action";
import { runCommand } from "../command";
import * as commands from "./commands";
import { decideInput, requestApprovalInput } from "./schema";

export const requestApproval = action({
  name: "approval.request",
  limit: "start",
  schema: requestApprovalInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand(
      { kind: "approval.request", actorId: person.userId, key, subjectId: input.recordId ?? input.definitionId },
      (tx) => commands.requestApproval(tx, person, input),
    ),
});

export const decide = action({
  name: "approval.decide",
  schema: decideInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "approval.decide", actorId: person.userId, key, subjectId: input.workItemId }, (tx) =>
      commands.decide(tx, person, input),
    ),
});
