import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Database } from "../../db/client";
import { record } from "../../db/schema/records";
import { wait } from "../../db/schema/runs";
import type { WaitDetail } from "./open-waits";

/** One event that the flow of an open step waits for. Instants are ISO texts. */
export type FlowWait = {
  readonly stepRunId: string;
  readonly label: string;
  readonly type: "time" | "condition" | "change";
  /** Of a time: when, by whose clock, and the calendar that it was counted by. */
  readonly dueAt: string | null;
  readonly timeZone: string | null;
  readonly calendarLabel: string | null;
  /** Of the others: the object, and the one record where one is named. */
  readonly object: string | null;
  readonly recordName: string | null;
};

/** As many as one run shows. */
const MAX_WAITS = 200;

/** What the flows of a run's background steps wait for, each event once, the earliest time first. */
export async function listWaits(db: Database, runId: string): Promise<FlowWait[]> {
  const rows = await db
    .select({
      stepRunId: wait.stepRunId,
      dueAt: wait.dueAt,
      detail: wait.detail,
      event: wait.event,
      recordName: record.name,
    })
    .from(wait)
    .leftJoin(record, eq(record.recordId, wait.recordId))
    .where(and(eq(wait.runId, runId), isNotNull(wait.stepRunId), isNull(wait.resolvedAt)))
    .orderBy(asc(wait.dueAt), asc(wait.waitId))
    .limit(MAX_WAITS);
  const seen = new Set<string>();
  return rows.flatMap(({ stepRunId, dueAt, detail, event: name, recordName }) => {
    const key = `${stepRunId} ${name}`;
    if (stepRunId === null || seen.has(key)) return [];
    seen.add(key);
    const { event, timeZone = null, calendarLabel = null } = detail as WaitDetail;
    const isTime = event.type === "amount_of_time" || event.type === "until_date";
    const type = isTime ? "time" : event.type === "condition" ? "condition" : "change";
    const object = isTime ? null : event.object;
    const due = { dueAt: dueAt?.toISOString() ?? null, timeZone, calendarLabel };
    return [{ stepRunId, label: event.label, type, ...due, object, recordName } as const];
  });
}
