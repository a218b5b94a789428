import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Database } from "../../db/client";
import { record } from "../../db/schema/records";
import { wait } from "../../db/schema/runs";
import { isOfRecord } from "../flow/elements/await-events";
import { pathsOf } from "../logic/reads";
import type { WaitDetail } from "./open-waits";

/** As many as one run shows. */
const MAX_WAITS = 200;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What the flows of a run's background steps wait for, in a sentence for each step, the earliest time first. */
export async function listWaits(db: Database, runId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({
      stepRunId: wait.stepRunId,
      event: wait.event,
      detail: wait.detail,
      recordId: wait.recordId,
      recordName: record.name,
    })
    .from(wait)
    .leftJoin(record, eq(record.recordId, wait.recordId))
    .where(and(eq(wait.runId, runId), isNotNull(wait.stepRunId), isNull(wait.resolvedAt)))
    .orderBy(asc(wait.dueAt), asc(wait.waitId))
    .limit(MAX_WAITS);
  const parts = new Map<string, Map<string, string>>();
  for (const { stepRunId, event, recordId, recordName, ...row } of rows) {
    if (stepRunId === null || event === null) continue;
    const detail = row.detail as WaitDetail;
    const events = parts.get(stepRunId) ?? new Map<string, string>();
    // Its condition may read other records and people on the way; it is named by the one that it looks at.
    const isNamed = "record" in detail.event && detail.event.record === recordId;
    if (isNamed || !events.has(event)) events.set(event, wordsFor(detail, isNamed ? recordName : null));
    parts.set(stepRunId, events);
  }
  return new Map([...parts].map(([id, events]) => [id, `Its flow waits ${[...events.values()].join(", or ")}.`]));
}

/** The rest of a sentence that begins with "waits". Times are those of the zone that was counted by, which is named. */
function wordsFor({ event, wallTime, timeZone, calendarLabel }: WaitDetail, recordName: string | null): string {
  switch (event.type) {
    case "amount_of_time":
    case "until_date":
      return `until ${shown(wallTime ?? "")} (${[calendarLabel, timeZone].filter(Boolean).join(", ")})`;
    case "condition": {
      const fields = pathsOf(event.condition)
        .filter(isOfRecord)
        .map((path) => path.replace("$Record.", ""));
      return `for ${fields.join(", ") || event.label} of ${nameOf(event.object, recordName)}`;
    }
    case "record_change":
      return event.record === null
        ? `for a record of ${event.object} to be saved`
        : `for ${nameOf(event.object, recordName)} to be saved`;
  }
}

const nameOf = (object: string, name: string | null): string => (name === null ? object : `${object} “${name}”`);

/** `2026-11-12T09:00:00` as 12 Nov 2026, 09:00. */
function shown(wallTime: string): string {
  const [year, month, day] = wallTime.slice(0, 10).split("-").map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}, ${wallTime.slice(11, 16)}`;
}
