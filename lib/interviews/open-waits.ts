import { and, eq } from "drizzle-orm";
import { enqueue } from "../../db/jobs";
import { job } from "../../db/schema/queue";
import { wait } from "../../db/schema/runs";
import { databaseNow, settleChanges, type Tx } from "../../db/transaction";
import { calendarNamed, DEFAULT_CALENDAR } from "../definitions/read-calendars";
import { dueOf, needsCalendar } from "../flow/due";
import type { Answer, AwaitedEvent, Values } from "../flow/interview";
import { newId } from "../ids";
import { wallTimeAt } from "../logic/wall-time";
import type { Work } from "./carry-on";
import type { Going } from "./frames";
import { lookAtRecord } from "./look-at-record";
import { openChange } from "./open-change";

/** What a wait's row keeps to tell whether its event happened, and what the run page says of it. */
export type WaitDetail = {
  readonly event: AwaitedEvent;
  /** By whose clock: of a timer, and of a change whose condition may read the day. */
  readonly timeZone?: string;
  /** What that clock will show when a timer ends (F45). */
  readonly wallTime?: string;
  readonly calendarLabel?: string;
};

type Row = typeof wait.$inferInsert;
type Opening = {
  readonly event: string;
  readonly rows: readonly Omit<Row, "runId" | "waitId" | "createdAt" | "event">[];
  /** When to look at it by the clock, in milliseconds since 1970 UTC; null: only when a record changes. */
  readonly lookAt: number | null;
};
export type Opened = { readonly happened: true; readonly record?: Values } | { readonly fails: string } | Opening;

/**
 * Begins to wait for the first of a Wait element's events: a row for each, and a job for the earliest moment. Answers at once with an event
 * that has already happened, the first in the element's order; with `failed` when one of them never can; null: the flow waits.
 */
export async function openWaits(tx: Tx, work: Work, going: Going): Promise<Answer | null> {
  const { request } = going.step;
  if (request.type !== "wait") throw new Error("the flow is at no Wait element");
  // What the flow saved itself came before, and is no event of its own wait.
  await settleChanges(tx);
  const now = await databaseNow(tx);
  const openings: Opening[] = [];
  for (const event of request.events) {
    const opened = await openEvent(tx, event, { work, going, now: now.getTime() });
    if ("happened" in opened)
      return { type: "event", event: event.name, record: opened.record ?? null, isAtOnce: true };
    if ("fails" in opened) return { type: "failed", message: `${event.label} ${opened.fails}.` };
    openings.push(opened);
  }
  const { runId, stepRunId } = work;
  for (const { event, rows, lookAt } of openings) {
    const written = rows.map((row) => ({ ...row, runId, stepRunId, event, waitId: newId("wait"), createdAt: now }));
    await tx.db.insert(wait).values(written);
    const [first] = written;
    if (first && lookAt !== null) await lookLater(tx, { runId, stepRunId, event, waitId: first.waitId, at: lookAt });
  }
  return null;
}

type Look = {
  readonly runId: string;
  readonly stepRunId: string;
  readonly waitId: string;
  readonly event: string;
  readonly at: number;
};

/** A job that looks at one event at an instant (milliseconds since 1970 UTC), and at no other. */
export async function lookLater(tx: Tx, { at, waitId, event, runId, stepRunId }: Look): Promise<void> {
  const dedupeKey = `look:${stepRunId}:${event}`;
  const runAt = new Date(at);
  const moved = await tx.db
    .update(job)
    .set({ runAt })
    .where(and(eq(job.dedupeKey, dedupeKey), eq(job.status, "queued")))
    .returning({ jobId: job.jobId });
  if (moved.length === 0)
    await enqueue(tx, { kind: "resume_flow", runId, stepRunId, dedupeKey, payload: { waitId }, runAt });
}

type Context = { readonly work: Work; readonly going: Going; readonly now: number };

async function openEvent(tx: Tx, event: AwaitedEvent, context: Context): Promise<Opened> {
  switch (event.type) {
    case "amount_of_time":
    case "until_date":
      return openTimer(tx, event, context.now);
    case "condition":
      return openCondition(tx, event, context);
    case "record_change":
      return openChange(tx, event, { access: context.going.at.access, timeZone: context.work.clock.timeZone });
  }
}

async function openTimer(
  tx: Tx,
  event: Extract<AwaitedEvent, { type: "amount_of_time" | "until_date" }>,
  now: number,
): Promise<Opened> {
  const name = event.calendar ?? DEFAULT_CALENDAR;
  const calendar = needsCalendar(event) ? await calendarNamed(tx.db, name) : null;
  if (needsCalendar(event) && !calendar) return { fails: `counts by the calendar ${name}, which is not there` };
  const due = dueOf(event, { now, calendar });
  if ("never" in due) return { fails: due.never };
  if (due.dueAt <= now) return { happened: true };
  const { date, sinceMidnight } = wallTimeAt(due.dueAt, due.timeZone);
  const wallTime = `${date}T${new Date(sinceMidnight).toISOString().slice(11, 19)}`;
  const detail: WaitDetail = {
    event,
    timeZone: due.timeZone,
    wallTime,
    ...(calendar ? { calendarLabel: calendar.label } : {}),
  };
  return {
    event: event.name,
    rows: [{ kind: "timer", dueAt: new Date(due.dueAt), detail }],
    lookAt: due.dueAt,
  };
}

async function openCondition(
  tx: Tx,
  event: Extract<AwaitedEvent, { type: "condition" }>,
  { work, going, now }: Context,
): Promise<Opened> {
  const clock = { ...work.clock, now: new Date(now).toISOString() };
  const looked = await lookAtRecord(tx, event, { access: going.at.access, clock });
  if (!looked.isThere) return { fails: "has no such record to look at, or this flow may not read it" };
  if (looked.met) return { happened: true };
  const detail: WaitDetail = { event };
  return {
    event: event.name,
    rows: [...looked.records].map((recordId) => ({ kind: "event", recordId, detail })),
    lookAt: looked.mayChangeAt,
  };
}
