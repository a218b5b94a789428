import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { definitionVersion, record, run, stepRun, workItem } from "../../../db/schema";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { whereInPlace } from "../../people/delegation/approval-subject";
import type { Reader, RecordSubject } from "../policy";
import type { ObjectShape, OthersMay } from "../schema/object";
import type { RecordRow } from "./read-record";

/** Items that are with this person, or with a group or queue that they are in now. */
const isWithMe = (reader: Reader): SQL | undefined =>
  or(
    and(eq(workItem.assigneeType, "user"), eq(workItem.assigneeId, reader.userId)),
    reader.groups.length
      ? and(eq(workItem.assigneeType, "group"), inArray(workItem.assigneeId, [...reader.groups]))
      : undefined,
    reader.queues.length
      ? and(eq(workItem.assigneeType, "queue"), inArray(workItem.assigneeId, [...reader.queues]))
      : undefined,
  );

/** Open work items of this person, their teams, or of somebody in whose place they decide. Answered from the partial indexes of open items. */
const isMine = (reader: Reader): SQL | undefined =>
  and(eq(workItem.status, "assigned"), or(isWithMe(reader), whereInPlace(reader.standsFor ?? [])));

/**
 * Whether an item lets its assignee edit: the step's own work where the step says so, and what was sent back to be changed. Never a question,
 * nor a vote that the members have items of their own for.
 */
const grantsEditing = sql`not ${workItem.voting} and case ${workItem.kind}
  when 'revision' then true when 'question' then false
  else jsonb_path_exists(${definitionVersion.body},
    '$.elements[*].steps[*] ? (@.name == $step && @.mayEditRecord == true)', jsonb_build_object('step', ${stepRun.name})) end`;

/**
 * The rule `record.read` of `policy.ts` as a filter on rows of one object; undefined: all of them. Where others may not read, the rows
 * are looked up by what the person owns and has work on, never by walking the object.
 */
export function whereVisible(
  object: Pick<ObjectShape, "name" | "othersMay">,
  reader: Reader | "system",
): SQL | undefined {
  if (reader === "system" || reader.role === "admin" || reader.role === "manager" || object.othersMay !== "none")
    return undefined;
  return sql`${record.recordId} in (
    select own.record_id from ${record} own where own.object_name = ${object.name} and own.owner_id = ${reader.userId}
    union all select ${workItem.recordId} from ${workItem} where ${isMine(reader)} and ${workItem.recordId} is not null)`;
}

/**
 * What this person's open work on the record grants: to read it, or to edit it when one of the items says so (A17). Whoever decides in
 * somebody's place reads and does not edit (6.8).
 */
async function grantOf(
  db: Database,
  reader: Reader,
  { recordId, runId }: { recordId: string; runId?: string },
): Promise<RecordSubject["work"]> {
  const [row] = await db
    .select({
      edit: sql<boolean | null>`bool_or(coalesce(${isWithMe(reader)}, false) and ${grantsEditing})`,
    })
    .from(workItem)
    .innerJoin(stepRun, and(eq(stepRun.runId, workItem.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .innerJoin(run, eq(run.runId, workItem.runId))
    .innerJoin(
      definitionVersion,
      and(eq(definitionVersion.definitionId, run.definitionId), eq(definitionVersion.version, run.definitionVersion)),
    )
    .where(and(eq(workItem.recordId, recordId), isMine(reader), runId ? eq(workItem.runId, runId) : undefined));
  if (row?.edit === null || row === undefined) return "none";
  return row.edit ? "edit" : "read";
}

/** Whether open work of that run lets the person edit the record, though the run has it locked. */
export const mayEditFor = async (
  db: Database,
  reader: Reader,
  of: { recordId: string; runId: string },
): Promise<boolean> => (await grantOf(db, reader, of)) === "edit";

/** The record as `policy.ts` sees it for this person. Their work is asked for only where it could make a difference. */
export async function subjectOf(
  db: Database,
  reader: Reader,
  row: Pick<RecordRow, "recordId" | "ownerId"> & { othersMay: OthersMay },
): Promise<RecordSubject> {
  const subject = { ownerId: row.ownerId, othersMay: row.othersMay, work: "none" } as const;
  const isDecided = reader.role === "admin" || row.ownerId === reader.userId || row.othersMay === "edit";
  return isDecided ? subject : { ...subject, work: await grantOf(db, reader, row) };
}

/** Whether the person may read the record. Their work on it is asked for only where nothing else lets them. */
export async function mayRead(db: Database, person: Person, row: Parameters<typeof subjectOf>[2]): Promise<boolean> {
  const { ownerId, othersMay } = row;
  if (may(person, "record.read", { ownerId, othersMay, work: "none" })) return true;
  return may(person, "record.read", await subjectOf(db, person, row));
}

/** What the person may do with the record, by the gate; all false when they must not know of it. */
export async function rightsOn(
  db: Database,
  person: Person,
  row: Pick<RecordRow, "recordId" | "ownerId"> & { othersMay: OthersMay },
) {
  const subject = await subjectOf(db, person, row);
  return {
    read: may(person, "record.read", subject),
    edit: may(person, "record.edit", subject),
    transfer: may(person, "record.transfer", subject),
    delete: may(person, "record.delete", subject),
  };
}
