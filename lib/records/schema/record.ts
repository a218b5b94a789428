import { z } from "zod";
import { apiName } from "../../logic/schema";
import type { Value } from "../../logic/value";
import { fieldValue } from "./object";

/** A record as a form, a flow or an import gives it. Which fields exist and what they hold, the command checks (`validate-values.ts`). */
export type RecordInput = {
  readonly object: string;
  /** Absent: a new record. */
  readonly id?: string | undefined;
  /** Fields by API name; `Name` and `Owner` may be among them. Fields that are absent stay as they are. */
  readonly values: { readonly [field: string]: Value };
  readonly name?: string | undefined;
  readonly ownerId?: string | undefined;
  /** The version the saver saw; another one by now is a conflict. Absent: the last save wins. */
  readonly expectedVersion?: number | undefined;
  /** The run whose flow saves; its own lock does not stop it (A22). */
  readonly byRun?: string;
};

const values = z.record(z.string().max(80), fieldValue);
const key = z.string().min(1).max(100);

export const createRecordSchema = z.strictObject({ key, object: apiName, values });
export const updateRecordSchema = z.strictObject({
  key,
  object: apiName,
  id: z.string().max(40),
  values,
  expectedVersion: z.number().int().min(1),
});
