"use server";

import { action } from "../../action";
import { runCommand } from "../../command";
import { personIdInput } from "../../people/schema";
import { deactivateAndHandOver } from "../commands/hand-over";
import { letBackIn } from "../commands/let-back-in";

/** Deactivates a person; their open work goes to somebody else in the same transaction, which is why this is here. */
export const deactivatePerson = action({
  name: "people.deactivate",
  schema: personIdInput,
  run: ({ person, input }) =>
    runCommand({ kind: "people.deactivate", actorId: person.userId, key: input.key, subjectId: input.userId }, (tx) =>
      deactivateAndHandOver(tx, person, input),
    ),
});

/** Lets a person back in, with the work of their groups and queues that nobody was left to do. */
export const activatePerson = action({
  name: "people.activate",
  schema: personIdInput,
  run: ({ person, input }) =>
    runCommand({ kind: "people.activate", actorId: person.userId, key: input.key, subjectId: input.userId }, (tx) =>
      letBackIn(tx, person, input),
    ),
});
