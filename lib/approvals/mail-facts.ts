import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { run } from "../../db/schema";
import type { ApprovalSummary } from "../../emails/content";
import type { ApprovalStep, Orchestration } from "../engine/definition";
import { outcomeStored } from "../engine/outcomes";
import type { Value } from "../logic/value";
import { sealedFile } from "../records/queries/files-of";
import { nameIds } from "../records/queries/name-ids";
import { shapedRecord } from "../records/queries/shaped-record";
import { areSameFiles } from "../records/schema/sealed-file";
import { loadRows, stateOf } from "../runs/load-state";
import { idsAmong, showValue, valuesAt } from "../work/queries/facts";
import {
  changedSince,
  formerOf,
  NOTHING_BEFORE,
  type Now,
  type Sealed,
  sealedBefore,
} from "../work/queries/sealed-before";
import type { Difference } from "../work/schema";
import type { Seen } from "../work/see";

type Subject = { readonly definition: Orchestration; readonly runId: string };
type Told = Pick<ApprovalSummary, "facts" | "changes"> & { readonly shown: ShownInMail };

/** What a mail told, or the attachments that were there then: an answer to it decides on that and nothing else. Read again by `readSeen`. */
export type ShownInMail = Pick<Seen, "values" | "files"> & {
  readonly facts: readonly Omit<Seen["facts"][number], "value">[];
  readonly record: { readonly id: string; readonly version: number } | null;
};

/**
 * What the author of the process marked of the record, as it is now, and what of it is not as it was when this record was last submitted,
 * or sent back. Nothing else of the record, ever (S56).
 */
export async function factsForMail(
  db: Database,
  { step, ...subject }: Subject & { readonly step: ApprovalStep },
): Promise<Told> {
  const { runId } = subject;
  const { chosen, row, record, now } = await markedNow(db, subject);
  const sealed =
    row?.recordId && chosen.length > 0 ? await sealedBefore(db, row.recordId, row.definitionId) : NOTHING_BEFORE;
  const sendsBack = (outcome: string) => outcomeStored(step, outcome)?.does === "send_back";
  const last = formerOf(sealed, { runId, sendsBack });
  const labels = new Map(chosen.map(({ value, label }) => [value, label]));
  const facts = (last?.saw.facts ?? []).flatMap((fact) => {
    const label = labels.get(fact.path);
    return label === undefined ? [] : [{ ...fact, label }];
  });
  const shown = chosen.map(({ label, value: path }) => ({
    path,
    label,
    shown: now.show(now.values[path] ?? null, path),
  }));
  return {
    facts: shown.map(({ label, shown: value }) => ({ label, value })),
    changes: last ? changedSince({ saw: { ...last.saw, facts, files: [] } }, { ...now, files: [] }) : [],
    shown: {
      facts: shown,
      values: now.values,
      record: record && { id: record.recordId, version: record.version },
      files: now.files,
    },
  };
}

/** What is different now from what a mail told; of attachments only that, because a mail names no file. Nothing of a record that is gone. */
export async function changedSinceMail(db: Database, subject: Subject, saw: Sealed["saw"]): Promise<Difference[]> {
  const { record, now } = await markedNow(db, subject);
  if (!record) return [];
  const [before, after] = [saw.files.length, now.files.length];
  const others = {
    label: "Attachments",
    before: `${before}`,
    after: before === after ? `${after} others` : `${after}`,
  };
  return [
    ...changedSince({ saw: { ...saw, files: [] } }, { ...now, files: [] }),
    ...(areSameFiles(saw.files, now.files) ? [] : [others]),
  ];
}

/** What the author marked as it is now, read as Baton itself. */
async function markedNow(db: Database, { definition, runId }: Subject) {
  const chosen = definition.approval?.facts ?? [];
  const [row] = await db.select().from(run).where(eq(run.runId, runId));
  const [record, rows] = await Promise.all([
    row?.recordId ? shapedRecord(db, row.recordId) : null,
    row && chosen.length > 0 ? loadRows(db, runId) : null,
  ]);
  const state = row && rows ? stateOf(row, rows) : null;
  const paths = chosen.map(({ value }) => value);
  const values = await valuesAt(db, { definition, state, row: record }, paths);
  const names = await nameIds(db, "system", idsAmong(Object.values(values)));
  const show = (value: Value, path: string) => showValue(value, path, { row: record, names });
  const now: Now = { values, show, files: (record?.files ?? []).map(sealedFile) };
  return { chosen, row, record, now };
}
