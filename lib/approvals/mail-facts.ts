import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { run } from "../../db/schema";
import type { ApprovalSummary } from "../../emails/content";
import type { ApprovalStep, Orchestration } from "../engine/definition";
import { outcomeStored } from "../engine/outcomes";
import type { Value } from "../logic/value";
import { nameIds } from "../records/queries/name-ids";
import { shapedRecord } from "../records/queries/shaped-record";
import { loadRows, stateOf } from "../runs/load-state";
import { idsAmong, showValue, valuesAt } from "../work/queries/facts";
import { changedSince, sealedBefore } from "../work/queries/sealed-before";

type Subject = { readonly definition: Orchestration; readonly step: ApprovalStep; readonly runId: string };
type Told = Pick<ApprovalSummary, "facts" | "changes">;

/**
 * What the author of the process marked of the record, as it is now, and what of it is not as it was when this record was last decided on: in an
 * earlier submission, or before it was sent back. Nothing else of the record, ever (S56).
 */
export async function factsForMail(db: Database, { definition, step, runId }: Subject): Promise<Told> {
  const chosen = definition.approval?.facts ?? [];
  const [row] = chosen.length > 0 ? await db.select().from(run).where(eq(run.runId, runId)) : [];
  if (!row) return { facts: [], changes: [] };
  const [record, rows, sealed] = await Promise.all([
    row.recordId === null ? null : shapedRecord(db, row.recordId),
    loadRows(db, runId),
    row.recordId === null ? [] : sealedBefore(db, row.recordId, row.definitionId),
  ]);
  const paths = chosen.map(({ value }) => value);
  const values = await valuesAt(db, { definition, state: stateOf(row, rows), row: record }, paths);
  const names = await nameIds(db, "system", idsAmong(Object.values(values)));
  const show = (value: Value, path: string) => showValue(value, path, { row: record, names });
  const last = sealed.find((one) => one.runId !== runId || outcomeStored(step, one.outcome)?.does === "send_back");
  const labels = new Map(chosen.map(({ value, label }) => [value, label]));
  const facts = (last?.saw.facts ?? []).flatMap((fact) => {
    const label = labels.get(fact.path);
    return label === undefined ? [] : [{ ...fact, label }];
  });
  return {
    facts: chosen.map(({ label, value: path }) => ({ label, value: show(values[path] ?? null, path) })),
    changes: last ? changedSince({ saw: { ...last.saw, facts, files: [] } }, { values, show, files: [] }) : [],
  };
}
