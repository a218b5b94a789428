"use server";

import { action } from "../action";
import { runCommand } from "../command";
import * as commands from "./commands";
import { debugRun } from "./debug-run";
import { debugRunInput } from "./schema/debug";
import {
  cancelRunInput,
  failStepInput,
  goToStageInput,
  resumeRunInput,
  retryRunInput,
  skipStepInput,
  startOrchestrationInput,
  suspendRunInput,
} from "./schema/inputs";
import { startTogether } from "./start";

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

export const suspendRun = action({
  name: "run.suspend",
  schema: suspendRunInput,
  run: ({ person, input: { key, runId, reason } }) =>
    runCommand({ kind: "run.suspend", actorId: person.userId, key, subjectId: runId }, (tx) =>
      commands.controlRun(tx, person, { runId, command: { type: "suspend", reason } }),
    ),
});

export const resumeRun = action({
  name: "run.resume",
  schema: resumeRunInput,
  run: ({ person, input: { key, runId, reason } }) =>
    runCommand({ kind: "run.resume", actorId: person.userId, key, subjectId: runId }, (tx) =>
      commands.controlRun(tx, person, { runId, command: { type: "resume", reason } }),
    ),
});

export const skipStep = action({
  name: "run.skip-step",
  schema: skipStepInput,
  run: ({ person, input: { key, runId, ...step } }) =>
    runCommand({ kind: "run.skip-step", actorId: person.userId, key, subjectId: runId }, (tx) =>
      commands.controlRun(tx, person, { runId, command: { type: "skip-step", ...step } }),
    ),
});

export const failStep = action({
  name: "run.fail-step",
  schema: failStepInput,
  run: ({ person, input: { key, runId, ...step } }) =>
    runCommand({ kind: "run.fail-step", actorId: person.userId, key, subjectId: runId }, (tx) =>
      commands.controlRun(tx, person, { runId, command: { type: "fail-step", ...step } }),
    ),
});

export const goToStage = action({
  name: "run.go-to-stage",
  schema: goToStageInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "run.go-to-stage", actorId: person.userId, key, subjectId: input.runId }, (tx) =>
      commands.goToStage(tx, person, input),
    ),
});

/** Plays a version, and keeps the run or undoes it. A play that is undone changes nothing, so trying again plays it again. */
export const playDebugRun = action({
  name: "run.debug",
  schema: debugRunInput,
  run: ({ person, key, input: { key: _, ...input } }) => debugRun(person, { input, ...(key ? { key } : {}) }),
});

/** The button on a record's page, or on the page of what can be started without one. */
export const startOrchestration = action({
  name: "run.start",
  limit: "start",
  schema: startOrchestrationInput,
  run: ({ person, input: { key, ...input } }) =>
    startTogether({ kind: "run.start", actorId: person.userId, key, subjectId: input.definitionId }, person, {
      ...input,
      inputs: input.inputs ?? {},
    }),
});
