import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../../db/client";
import type { LiveTopic } from "../../../db/live";
import { assignment, object, record, run, workItem } from "../../../db/schema";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { isDemo } from "./list-mailbox";

/** Whether a change concerns that person: whether they may see what changed. */
export type Audience = (person: Person) => boolean;

/** Open items of one record, and assignments of one run, that are looked at. */
const MOST = 1_000;

const nobody: Audience = () => false;

/**
 * Whom a change may be told, by the gate. What the rules must know is read once for each change, however many listen; the answer is a pure
 * function of the person.
 */
export async function audienceOf(database: Database, topic: LiveTopic): Promise<Audience> {
  switch (topic.topic) {
    case "work":
      return (person) => holds(person, topic.type, topic.id);
    case "runs":
      return (person) => may(person, "run.list");
    case "items":
      return (person) => may(person, "item.list");
    case "mailbox":
      return (person) => may(person, "mailbox.read", { isDemo: isDemo() });
    case "run":
      return audienceOfRun(database, topic.runId);
    case "record":
    case "records":
      return audienceOfRecord(database, topic.recordId);
  }
}

/** Whether work that lies there is the person's, or somebody's in whose place they decide. */
function holds(person: Person, type: string, id: string): boolean {
  if (type === "user") return person.userId === id || person.standsFor.some(({ delegatorId }) => delegatorId === id);
  const isIn = ({
    groups,
    queues,
  }: {
    readonly groups: readonly string[];
    readonly queues: readonly string[];
  }): boolean => (type === "group" ? groups : queues).includes(id);
  return isIn(person) || person.standsFor.some(isIn);
}

async function audienceOfRun(database: Database, runId: string): Promise<Audience> {
  const [[row], given] = await Promise.all([
    database.select({ askedBy: run.askedBy }).from(run).where(eq(run.runId, runId)).limit(1),
    database.selectDistinct({ id: assignment.toId }).from(assignment).where(eq(assignment.runId, runId)).limit(MOST),
  ]);
  if (!row) return nobody;
  const subject = { askedBy: row.askedBy, involved: given.map(({ id }) => id) };
  return (person) => may(person, "run.know", subject);
}

async function audienceOfRecord(database: Database, recordId: string): Promise<Audience> {
  const [[row], items] = await Promise.all([
    database
      .select({ ownerId: record.ownerId, othersMay: object.othersMay })
      .from(record)
      .innerJoin(object, eq(object.objectName, record.objectName))
      .where(eq(record.recordId, recordId))
      .limit(1),
    database
      .select({ type: workItem.assigneeType, id: workItem.assigneeId })
      .from(workItem)
      .where(and(eq(workItem.recordId, recordId), sql`${workItem.status} = 'assigned'`))
      .limit(MOST),
  ]);
  if (!row) return nobody;
  return (person) => {
    const hasWork = items.some(({ type, id }) => holds(person, type, id));
    return may(person, "record.read", { ...row, work: hasWork ? "read" : "none" });
  };
}
