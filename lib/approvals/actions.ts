"use server";

import { action } from "../action";
import { runCommand } from "../command";
import { stepUp } from "../people/sign-in/step-up";
import { ok } from "../result";
import { lookAhead } from "../runs/dispatch";
import { travelOf } from "../runs/hold-run";
import { runTogether } from "../together";
import * as commands from "./commands";
import { decideAgain } from "./decide-again";
import { decideMany } from "./decide-many";
import {
  addApproverInput,
  answerInput,
  askInput,
  decideInput,
  decideManyInput,
  overrideInput,
  recallInput,
  requestApprovalInput,
} from "./schema";
import * as steer from "./steer";

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
  run: ({ person, input, ...more }) => decideAgain(person, { input, ...more }),
});

/** The value says of each what became of it. */
export const decideManyItems = action({
  name: "approval.decide-many",
  schema: decideManyInput,
  run: async ({ person, input }) => ok(await decideMany(person, input)),
});

export const overrideItem = action({
  name: "approval.override",
  schema: overrideInput,
  run: ({ person, input: { key, password, ...input } }) =>
    stepUp({ person, password, objectId: input.workItemId }, (isConfirmed) =>
      runCommand({ kind: "approval.override", actorId: person.userId, key, subjectId: input.workItemId }, (tx) =>
        steer.overrideItem(tx, person, { ...input, isConfirmed }),
      ),
    ),
});

export const addApprover = action({
  name: "approval.add-approver",
  schema: addApproverInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "approval.add-approver", actorId: person.userId, key, subjectId: input.workItemId }, (tx) =>
      steer.addApprover(tx, person, input),
    ),
});

export const askQuestion = action({
  name: "approval.ask",
  schema: askInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "approval.ask", actorId: person.userId, key, subjectId: input.workItemId }, (tx) =>
      steer.askQuestion(tx, person, input),
    ),
});

export const answerItem = action({
  name: "approval.answer",
  schema: answerInput,
  run: ({ person, input: { key, ...input } }) =>
    runTogether(
      { kind: "approval.answer", actorId: person.userId, key, subjectId: input.workItemId },
      {
        ...travelOf(input.workItemId),
        ahead: (tx) => lookAhead(tx, person, input),
        work: (tx, seen) => steer.answerItem(tx, person, { ...input, seen }),
      },
    ),
});

export const recallSubmission = action({
  name: "approval.recall",
  schema: recallInput,
  run: ({ person, input: { key, ...input } }) =>
    runCommand({ kind: "approval.recall", actorId: person.userId, key, subjectId: input.runId }, (tx) =>
      steer.recallSubmission(tx, person, input),
    ),
});
