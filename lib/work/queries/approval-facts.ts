import type { Database } from "../../../db/client";
import { orchestrationVersion } from "../../definitions/queries";
import type { Person } from "../../people/current-person";
import { nameIds } from "../../records/queries/name-ids";
import { shapedRecords, type WholeRecord } from "../../records/queries/shaped-record";
import { fingerprintOf } from "../fingerprint";
import type { ApprovalRow, RowFact } from "../schema";
import { factsAt, type Looked, seenAt } from "../seen-at";
import { type Fact, idsAmong, valuesAt } from "./facts";
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
  const rows = await Promise.all(
    found.map(async ({ item: { workItemId, recordId }, definitionId, definitionVersion, hasScreens }) => {
      const pinned = await orchestrationVersion(db, definitionId, definitionVersion);
      if (!pinned) return [];
      const row = records.get(recordId ?? "") ?? null;
      const source = { definition: pinned.body, state: null, row };
      const paths = factsAt("list", pinned.body, row).map(({ path }) => path);
      return [{ workItemId, pinned, row, hasScreens, found: await valuesAt(db, source, paths) }];
    }),
  );
  return rows.flat();
}
