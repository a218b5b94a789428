"use server";

import { action } from "../action";
import { runCommand } from "../command";
import * as commands from "./commands";
import { cancelRunInput, retryRunInput, startOrchestrationInput } from "./schema";
import { startRun } from "./start";

export const cancelRun = action({
  name: "run.cancel",
  schema: cancelRunInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "run.cancel", actorId: person.userId, key, subjectId: input.runId }, (tx) =>
      commands.cancelRun(tx, person, input),
    ),
});

export const retryRun = action({
  name: "run.retry",
  schema: retryRunInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "run.retry", actorId: person.userId, key, subjectId: input.runId }, (tx) =>
      commands.retryRun(tx, person, input),
    ),
});

/** The button on a record's page, or on the page of what can be started without one. */
export const startOrchestration = action({
  name: "run.start",
  schema: startOrchestrationInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "run.start", actorId: person.userId, key, subjectId: input.definitionId }, (tx) =>
      startRun(tx, person, { ...input, inputs: {} }),
    ),
});
