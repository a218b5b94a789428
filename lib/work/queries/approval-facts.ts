import type { Database } from "../../../db/client";
import { orchestrationVersion } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import type { Person } from "../../people/current-person";
import { nameIds } from "../../records/queries/name-ids";
import { shapedRecords, type WholeRecord } from "../../records/queries/shaped-record";
import { fingerprintOf } from "../fingerprint";
import type { ApprovalRow, RowFact } from "../schema";
import { factsAt, type Looked, seenAt } from "../seen-at";
import { type Fact, idsAmong, valuesOfAll } from "./facts";
import type { FoundItem } from "./work-rows";

type Known = Pick<ApprovalRow, "facts" | "hasScreens" | "needsReason" | "shownAs">;

/** What open approvals are about, by item: the facts that the author chose, the fingerprint of them, whether they are decided in screens and which decision wants words. All are the person's to see. */
export async function rowFacts(db: Database, person: Person, found: readonly FoundItem[]): Promise<Map<string, Known>> {
  if (found.length === 0) return new Map();
  const records = await shapedRecords(
    db,
    found.flatMap(({ item }) => item.recordId ?? []),
  );
  const read = await lookAt(db, found, records);
  const names = await nameIds(db, person, idsAmong(read.flatMap(({ found: { values } }) => Object.values(values))));
  return new Map(
    read.map(({ workItemId, hasScreens, needsReason, ...looked }) => {
      const seen = seenAt("list", { ...looked, names });
      const shownAs = fingerprintOf(seen, "list");
      return [workItemId, { facts: seen.facts.map(rowFact), hasScreens, needsReason, shownAs }];
    }),
  );
}

const rowFact = ({ label, shown, value }: Fact): RowFact => ({
  ...{ label, shown },
  number: typeof value === "number" ? value : null,
});

type Read = Omit<Looked, "names"> & Pick<ApprovalRow, "workItemId" | "hasScreens" | "needsReason">;

/** What each shows. */
async function lookAt(db: Database, found: readonly FoundItem[], records: Map<string, WholeRecord>): Promise<Read[]> {
  const pins = await Promise.all(
    found.map(({ definitionId, definitionVersion }) => orchestrationVersion(db, definitionId, definitionVersion)),
  );
  const rows = found.flatMap(({ item: { workItemId, recordId }, stepName, hasScreens }, at) => {
    const pinned = pins[at];
    if (!pinned) return [];
    const needsReason = reasonsOf(pinned.body, stepName);
    return [{ workItemId, pinned, hasScreens, needsReason, row: records.get(recordId ?? "") ?? null }];
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

function reasonsOf({ elements }: Orchestration, stepName: string): ApprovalRow["needsReason"] {
  const steps = elements.flatMap((element) => (element.type === "stage" ? element.steps : []));
  const step = steps.find(({ name }) => name === stepName);
  if (step?.kind !== "approval") return { approve: false, reject: false };
  return { approve: step.approveNeedsReason, reject: step.rejectNeedsReason };
}
