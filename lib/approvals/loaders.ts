import { db } from "../../db/client";
import { requirePerson } from "../people/current-person";
import type { Result } from "../result";
import { lookAhead } from "./look-ahead";
import { previewChain } from "./preview-chain";
import { traceOf } from "./queries/trace-of";
import type { Ahead, Preview, RecordTrace } from "./schema";

/** What happens next if the person of this request decides that way. Nothing of it stays. Refusals: those of deciding. */
export const ahead = async (choice: { workItemId: string; outcome: string }): Promise<Result<Ahead>> =>
  lookAhead(await requirePerson(), choice);

/** Who would decide in turn if the person of this request submitted the record now. Nothing of it stays. Refusals: those of `requestApproval`. */
export const chainPreview = async (input: {
  definitionId: string;
  recordId: string | null;
  firstApprover: string | null;
}): Promise<Result<Preview>> => previewChain(await requirePerson(), { ...input, comments: "" });

/** The approval trace of a record that the person may read, which the caller has asked the gate. */
export const traceOnRecord = async (recordId: string): Promise<RecordTrace> =>
  traceOf(db(), await requirePerson(), recordId);
