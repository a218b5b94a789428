import type { Database } from "../../../db/client";
import { orchestrationVersion } from "../../definitions/queries";
import type { Person } from "../../people/current-person";
import { nameIds } from "../../records/queries/name-ids";
import { shapedRecords } from "../../records/queries/shaped-record";
import type { ApprovalRow, RowFact } from "../schema";
import { factsChosen, idsAmong, showValue, valuesAt } from "./facts";
import type { FoundItem } from "./work-rows";

/** Facts that a row brings along, for comparing requests. */
const MAX_FACTS = 6;

type Known = Pick<ApprovalRow, "facts" | "hasScreens" | "recordVersion" | "attachments">;

/** What open approvals are about, by item: the facts that the author chose, which state of the record they are of, and whether they are decided in screens. All are the person's to see. */
export async function rowFacts(db: Database, person: Person, found: readonly FoundItem[]): Promise<Map<string, Known>> {
  if (found.length === 0) return new Map();
  const records = await shapedRecords(
    db,
    found.flatMap(({ item }) => item.recordId ?? []),
  );
  const read = await Promise.all(
    found.map(async ({ item, definitionId, definitionVersion, hasScreens }) => {
      const pinned = await orchestrationVersion(db, definitionId, definitionVersion);
      const row = records.get(item.recordId ?? "") ?? null;
      const chosen = pinned && row ? factsChosen(pinned.body, row).slice(0, MAX_FACTS) : [];
      const source = pinned && { definition: pinned.body, state: null, row };
      const values = source
        ? await valuesAt(
            db,
            source,
            chosen.map(({ path }) => path),
          )
        : {};
      return { item, row, chosen, values, hasScreens };
    }),
  );
  const names = await nameIds(db, person, idsAmong(read.flatMap(({ values }) => Object.values(values))));
  return new Map(
    read.map(({ item, row, chosen, values, hasScreens }) => {
      const facts = chosen.map(({ label, path }): RowFact => {
        const value = values[path] ?? null;
        const shown = value === null ? "" : showValue(value, path, { row, names });
        return { label, shown, number: typeof value === "number" ? value : null };
      });
      const attachments = row?.files.map(({ attachmentId }) => attachmentId) ?? [];
      return [item.workItemId, { facts, hasScreens, recordVersion: row?.version ?? null, attachments }];
    }),
  );
}
