import type { Database } from "../../../db/client";
import { orchestrationVersion } from "../../definitions/queries";
import type { Person } from "../../people/current-person";
import { nameIds } from "../../records/queries/name-ids";
import { shapedRecords, type WholeRecord } from "../../records/queries/shaped-record";
import { fingerprintOf } from "../fingerprint";
import type { ApprovalRow, RowFact } from "../schema";
import { factsAt, type Looked, seenAt } from "../seen-at";
import { type Fact, idsAmong, valuesOfAll } from "./facts";
import type { FoundItem } from "./work-rows";

type Known = Pick<ApprovalRow, "facts" | "hasScreens" | "shownAs">;

/** What open approvals are about, by item: the facts that the author chose, the fingerprint of them, and whether they are decided in screens. All are the person's to see. */
export async function rowFacts(db: Database, person: Person, found: readonly FoundItem[]): Promise<Map<string, Known>> {
  if (found.length === 0) return new Map();
  const records = await shapedRecords(
    db,
    found.flatMap(({ item }) => item.recordId ?? []),
  );
  const read = await lookAt(db, found, records);
  const names = await nameIds(db, person, idsAmong(read.flatMap(({ found: { values } }) => Object.values(values))));
  return new Map(
    read.map(({ workItemId, hasScreens, ...looked }) => {
      const seen = seenAt("list", { ...looked, names });
      return [workItemId, { facts: seen.facts.map(rowFact), hasScreens, shownAs: fingerprintOf(seen, "list") }];
    }),
  );
}

const rowFact = ({ label, shown, value }: Fact): RowFact => ({
  ...{ label, shown },
  number: typeof value === "number" ? value : null,
});

type Read = Omit<Looked, "names"> & Pick<FoundItem, "hasScreens"> & { readonly workItemId: string };

/** What each shows. */
async function lookAt(db: Database, found: readonly FoundItem[], records: Map<string, WholeRecord>): Promise<Read[]> {
  const pins = await Promise.all(
    found.map(({ definitionId, definitionVersion }) => orchestrationVersion(db, definitionId, definitionVersion)),
  );
  const rows = found.flatMap(({ item: { workItemId, recordId }, hasScreens }, at) => {
    const pinned = pins[at];
    return pinned ? [{ workItemId, pinned, hasScreens, row: records.get(recordId ?? "") ?? null }] : [];
  });
  const values = await valuesOfAll(
    db,
    rows.map(({ pinned: { body }, row }) => ({
      source: { definition: body, state: null, row },
      paths: factsAt("list", body, row).map(({ path }) => path),
    })),
  );
  return rows.flatMap((row, at) => {
    const of = values[at];
    return of ? [{ ...row, found: of }] : [];
  });
}
