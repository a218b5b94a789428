import type { Database } from "../../db/client";
import type { ApprovalSummary } from "../../emails/content";
import type { Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import type { Value } from "../logic/value";
import { sealedFile } from "../records/queries/files-of";
import { nameIds } from "../records/queries/name-ids";
import { shapedRecord } from "../records/queries/shaped-record";
import { areSameFiles } from "../records/schema/sealed-file";
import { fingerprintOf } from "../work/fingerprint";
import { idsAmong, showValue, valuesAt } from "../work/queries/facts";
import {
  changedSince,
  formerOf,
  NOTHING_BEFORE,
  type Now,
  sealedBefore,
  valuesSeen,
} from "../work/queries/sealed-before";
import type { Difference } from "../work/schema";
import type { Seen, Stood } from "../work/seen";
import { factsAt, seenAt } from "../work/seen-at";

/** An approval item: of which run, by which version, and the record that it stands on. */
type Subject = { readonly pinned: Pinned<Orchestration>; readonly runId: string; readonly recordId: string | null };
type Told = Pick<ApprovalSummary, "facts" | "changes"> & { readonly shown: ShownInMail };

/** What a mail told, with what was attached then: an answer to it decides on that and nothing else. Read again by `readSeen`. */
export type ShownInMail = Seen & { readonly shownAs: string };

/**
 * What the author of the process marked of the record, as it is now, and what of it is not as it was when this record was last submitted,
 * or sent back. Nothing else of the record, ever (S56).
 */
export async function factsForMail(db: Database, subject: Subject): Promise<Told> {
  const { pinned, runId, recordId } = subject;
  const definition = pinned.body;
  const hasFacts = (definition.approval?.facts ?? []).length > 0;
  const before = recordId && hasFacts ? await sealedBefore(db, recordId, pinned.definitionId) : NOTHING_BEFORE;
  const { seen, now } = await markedNow(db, subject, valuesSeen(before));
  const last = formerOf(before, { runId, definition });
  const labels = new Map(seen.facts.map(({ path, label }) => [path, label]));
  const facts = (last?.saw.facts ?? []).flatMap((fact) => {
    const label = labels.get(fact.path);
    return label === undefined ? [] : [{ ...fact, label }];
  });
  return {
    facts: seen.facts.map(({ label, shown: value }) => ({ label, value })),
    changes: last ? changedSince({ saw: { ...last.saw, facts, files: [] } }, { ...now, files: [] }) : [],
    shown: {
      ...seen,
      rests: { facts: [], values: {}, files: seen.rests.files },
      shownAs: fingerprintOf(seen, "email"),
    },
  };
}

/** What is different now from what a mail told; of attachments only that, because a mail names no file. Nothing of a record that is gone. */
export async function changedSinceMail(db: Database, subject: Subject, saw: Stood): Promise<Difference[]> {
  const { seen, now } = await markedNow(
    db,
    subject,
    saw.facts.map(({ value }) => value),
  );
  if (!seen.record) return [];
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

/** What the author marked as it is now, read as Baton itself; `others` are values to be told beside. */
async function markedNow(db: Database, { pinned, recordId }: Subject, others: readonly Value[]) {
  const row = recordId === null ? null : await shapedRecord(db, recordId);
  const paths = factsAt("email", pinned.body, row).map(({ path }) => path);
  const found = await valuesAt(db, { definition: pinned.body, state: null, row }, paths);
  const names = await nameIds(db, "system", idsAmong([...Object.values(found.values), ...others]));
  const show = (value: Value, path: string) => showValue(value, path, { row, names });
  const files = (row?.files ?? []).map(sealedFile);
  const now: Now = { values: found.values, show, files, isTheirs: () => true };
  return { seen: seenAt("email", { pinned, row, found, names }), now };
}
