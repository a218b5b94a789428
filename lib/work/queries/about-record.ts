import type { Database } from "../../../db/client";
import type { Pinned } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import type { WorkItem } from "../../engine/state";
import type { Person } from "../../people/current-person";
import { type FileRow, sealedFile } from "../../records/queries/files-of";
import { shapedRecord, type WholeRecord } from "../../records/queries/shaped-record";
import { mayRead } from "../../records/queries/where-visible";
import type { HeldRun } from "../../runs/hold-run";
import { fingerprintOf } from "../fingerprint";
import { factsAt, type Looked, seenAt } from "../seen-at";
import { type Fact, type Found, HIDDEN, idsAmong, isReadable, showValue, valuesAt } from "./facts";
import {
  type Before,
  behindSeen,
  NOTHING_BEFORE,
  type Now,
  pathsSeen,
  sealedBefore,
  valuesSeen,
} from "./sealed-before";

type At = {
  readonly person: Person;
  readonly held: HeldRun;
  readonly pinned: Pinned<Orchestration>;
  readonly item: WorkItem;
  /** Whether the item itself is theirs to read. */
  readonly mayRead: boolean;
};

/** What there is to tell of an item's record. */
type About = {
  readonly door: "page" | "nothing";
  readonly row: WholeRecord | null;
  readonly files: readonly FileRow[];
  readonly before: Before;
  readonly found: Found;
  readonly mayOpen: boolean;
};
const NOT_THEIRS: About = {
  ...{ door: "nothing", row: null, files: [], before: NOTHING_BEFORE, mayOpen: false },
  found: { values: {}, behind: {} },
};

/** What the item's record says, as far as it is this person's to read; of approvals what was sealed about it before, too. */
export async function aboutRecord(
  db: Database,
  { person, held: { row: run, state }, pinned: { body: definition }, item }: At,
): Promise<About> {
  const recordId = item.record?.id ?? null;
  const isApproval = item.kind === "approval";
  const [row, before] = await Promise.all([
    recordId === null ? null : shapedRecord(db, recordId),
    recordId !== null && isApproval ? sealedBefore(db, recordId, run.definitionId) : NOTHING_BEFORE,
  ]);
  const mayOpen = row !== null && (await mayRead(db, person, row));
  if (row !== null && !mayOpen) return NOT_THEIRS;
  const paths = [...factsAt("page", definition, row).map(({ path }) => path), ...pathsSeen(before)];
  const found = await valuesAt(db, { definition, state, row }, [...new Set(paths)]);
  return { door: "page", row, files: row?.files ?? [], before, found, mayOpen };
}

/** What is told of the record, as its reader may read it. Whoever is to do the work is shown what its author chose, whatever lies between. */
export function toldOf({ pinned, mayRead }: At, { door, row, found, files }: About, names: Looked["names"]) {
  const seen = seenAt(door, { pinned, row, found, names });
  const isTheirs = (fact: Fact) => mayRead || isReadable(fact, { found, names });
  const show: Now["show"] = (value, path) => showValue(value, path, { row, names });
  return {
    facts: seen.facts.map((fact) => ({ label: fact.label, value: isTheirs(fact) ? fact.shown : HIDDEN })),
    shownAs: fingerprintOf(seen, door),
    now: { values: found.values, show, files: files.map(sealedFile), isTheirs } satisfies Now,
  };
}

/** Everybody and everything whose name that part says. */
export const idsAbout = ({ files, found, before }: About): string[] => [
  ...files.map(({ uploadedBy }) => uploadedBy),
  ...idsAmong([...Object.values(found.values), ...valuesSeen(before)]),
  ...behindSeen(before),
  ...Object.values(found.behind).flat(),
];
