"use server";

import { createHash } from "node:crypto";
import { db } from "../../../db/client";
import { action } from "../../action";
import { runCommand } from "../../command";
import type { Person } from "../../people/current-person";
import { ok, refuse } from "../../result";
import { callOperation } from "../call-operation";
import {
  changeOperation as changeOperationCommand,
  createOperation as createOperationCommand,
  deleteOperation as deleteOperationCommand,
  noteTrial,
} from "../commands/describe-operation";
import { callableOperation } from "../queries/callable-operation";
import {
  changeOperationInput,
  newOperationInput,
  operationNameInput,
  type Trial,
  tryOperationInput,
} from "../schema/operation";

type Ask = { readonly person: Person; readonly key?: string };
const header = (kind: string, { person, key = "" }: Ask, subjectId: string) => ({
  kind,
  actorId: person.userId,
  key,
  subjectId,
});

export const createOperation = action({
  name: "operation.create",
  schema: newOperationInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("operation.create", ask, input.name), (tx) => createOperationCommand(tx, ask.person, input)),
});

export const changeOperation = action({
  name: "operation.change",
  schema: changeOperationInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("operation.change", ask, input.name), (tx) => changeOperationCommand(tx, ask.person, input)),
});

export const deleteOperation = action({
  name: "operation.delete",
  schema: operationNameInput,
  run: ({ input: { key: _, ...input }, ...ask }) =>
    runCommand(header("operation.delete", ask, input.name), (tx) => deleteOperationCommand(tx, ask.person, input)),
});

/** Characters of an answer that the page shows. */
const SHOWN = 10_000;

/**
 * Calls the operation once, as a step would, and tells what came of it. Repeating the act calls again, with the same `Idempotency-Key`: as a step
 * that is tried again does.
 */
export const tryOperation = action({
  name: "operation.try",
  schema: tryOperationInput,
  run: async ({ input, ...ask }) => {
    const noted = await runCommand(header("operation.try", ask, input.name), (tx) => noteTrial(tx, ask.person, input));
    if (!noted.ok) return noted;
    const operation = await callableOperation(db(), input.name);
    if (!operation.ok) return refuse("operation-broken", { details: { reason: operation.refusal } });
    const idempotencyKey = `try-${createHash("sha256").update(`${ask.person.userId} ${input.key}`).digest("hex").slice(0, 40)}`;
    const began = performance.now();
    const outcome = await callOperation({ operation: operation.value, inputs: input.inputs, idempotencyKey });
    const milliseconds = Math.round(performance.now() - began);
    const { status } = outcome;
    const text = outcome.text === null ? null : outcome.text.slice(0, SHOWN).toWellFormed();
    const trial: Trial =
      outcome.type === "finished"
        ? { status, text, milliseconds, outputs: outcome.outputs, error: null, mayRetry: false }
        : { status, text, milliseconds, outputs: null, error: outcome.error, mayRetry: outcome.mayRetry };
    return ok(trial);
  },
});
