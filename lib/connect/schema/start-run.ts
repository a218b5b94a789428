import { z } from "zod";
import type { Value } from "../../logic/value";

/** Any JSON; what an input may be is asked by the start itself. Bounds were asked before. */
const value: z.ZodType<Value> = z.json();

/** The body of `POST /api/v1/orchestrations/{name}/runs`. */
export const startRunBody = z.strictObject({
  inputs: z.record(z.string().max(80), value).default({}),
  recordId: z.string().min(1).max(60).optional(),
  /** The submitter's words, of an approval process. */
  comments: z.string().trim().max(4_000, "At most 4,000 characters").default(""),
});
