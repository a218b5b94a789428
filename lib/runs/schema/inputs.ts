import { z } from "zod";
import type { Value } from "../../logic/value";

const reason = z.string().trim().min(1, "Say why, in a few words").max(2_000, "At most 2,000 characters");
export const key = z.string().min(8).max(100);

export const cancelRunInput = z.strictObject({
  runId: z.string().max(40),
  reason,
  /** Whether the recall path of an approval process is done (A21). */
  withRecallPath: z.boolean().default(true),
  key,
});
const runId = z.string().max(40);
const stepRunId = z.string().max(40);
/** Values by name, as a person edits them; the engine and the step's flow check what they are. */
const value: z.ZodType<Value, Value> = z.json();
export const values = z.record(z.string().max(80), value);

export const retryRunInput = z.strictObject({
  runId,
  reason,
  key,
  /** Edited inputs by step name (A6). */
  inputs: z.record(z.string().max(80), values).optional(),
});
export const suspendRunInput = z.strictObject({ runId, reason, key });
export const resumeRunInput = z.strictObject({ runId, reason, key });
export const skipStepInput = z.strictObject({ runId, stepRunId, reason, outputs: values.nullable(), key });
export const failStepInput = z.strictObject({ runId, stepRunId, reason, key });
export const goToStageInput = z.strictObject({ runId, stage: z.string().max(80), reason, key });
export const startOrchestrationInput = z.strictObject({
  definitionId: z.string().max(80),
  recordId: z.string().max(40).nullable(),
  /** By the names of the definition's inputs; one that is left out takes its default. */
  inputs: values.optional(),
  key,
});
