import { submittedFacts } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { writeRows } from "../../db/write-rows";
import type { DeferredEffect } from "../engine/effect";
import { itemById } from "../engine/find";
import type { Change } from "./record";

type Kept = Extract<DeferredEffect, { type: "keep-submission" }>;

/** Keeps what was submitted beside the run, for comparing; the history's chain holds its digest. */
export function keepSubmission(tx: Tx, { pinned, after, happened }: Change, { revision, seen }: Kept): void {
  const { submission, run } = after;
  const at = happened.at(-1)?.at;
  if (!submission || !run.record || !at) return;
  const item = revision === null ? undefined : itemById(after, revision);
  const row = {
    ...{ runId: run.id, revision: revision ?? "", definitionId: pinned.definitionId, recordId: run.record.id, seen },
    ...{ submittedAt: new Date(at), submittedBy: item?.completedBy ?? submission.submittedBy },
  };
  writeRows(tx, [{ table: submittedFacts, how: "insert", rows: [row] }]);
}
