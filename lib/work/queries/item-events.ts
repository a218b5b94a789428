import { and, asc, eq, isNotNull } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { history } from "../../../db/schema";
import type { Event } from "../../engine/event";
import { namesOf, type Place } from "../../people/queries";
import { eventOf } from "../../runs/chain";
import type { WorkEvent } from "../schema";

type ItemEvent = Extract<Event, { type: `work-item-${string}` }>;

/** An item's own history in words, oldest first; at most 200 lines. */
export async function itemEvents(
  db: Database,
  { runId, workItemId }: { runId: string; workItemId: string },
): Promise<WorkEvent[]> {
  const rows = await db
    .select()
    .from(history)
    .where(
      and(
        eq(history.runId, runId),
        eq(history.subjectType, "work_item"),
        eq(history.subjectId, workItemId),
        isNotNull(history.milestone),
      ),
    )
    .orderBy(asc(history.seq))
    .limit(200);
  const events = rows.map((row) => ({
    row,
    event: (eventOf(row) ?? { type: row.type, ...(row.payload as object) }) as ItemEvent,
  }));
  const places = events.flatMap(({ row, event }) => [
    ...placesIn(event),
    ...(row.actorId === null ? [] : [{ type: "user", id: row.actorId } as const]),
  ]);
  const names = await namesOf(db, places);
  const nameOf = (id: string) => names[id] ?? "somebody";
  return events.map(({ row, event }) => ({
    at: row.at.toISOString(),
    title: titleOf(event, nameOf),
    actorName: row.actorId === null || !isDeed(event) ? null : nameOf(row.actorId),
    comments: commentsOf(event),
  }));
}

const placesIn = (event: ItemEvent): Place[] =>
  event.type === "work-item-created" ? [event.assignee] : event.type === "work-item-reassigned" ? [event.to] : [];

const BY_ITSELF: ReadonlySet<ItemEvent["type"]> = new Set<ItemEvent["type"]>([
  "work-item-created",
  "work-item-flagged",
  "work-item-reminded",
  "work-item-escalated",
]);

/** Whether it was this person's doing, and not what followed from something else. */
const isDeed = (event: ItemEvent): boolean =>
  !BY_ITSELF.has(event.type) && !(event.type === "work-item-completed" && event.completionKind !== "done");

function titleOf(event: ItemEvent, nameOf: (id: string) => string): string {
  switch (event.type) {
    case "work-item-created":
      return `The process assigned it to ${nameOf(event.assignee.id)}`;
    case "work-item-reassigned":
      return `gave it to ${nameOf(event.to.id)}`;
    case "work-item-claimed":
      return event.from === null ? "claimed it" : "took it over";
    case "work-item-released":
      return "released it";
    case "work-item-flagged":
      return event.flag === "not_escalated"
        ? "It is overdue, and there was nobody to escalate it to"
        : "Nobody could be told of it by mail";
    case "work-item-overridden":
      return "overrode its approvers, openly";
    case "work-item-reminded":
      return "A reminder was due";
    case "work-item-escalated":
      return "It was not done in time";
    case "work-item-completed":
      if (event.completionKind !== "done") return "It was closed, because it was no longer needed";
      return DONE[event.outcome ?? ""] ?? (event.outcome === null ? "finished it" : `decided ${event.outcome}`);
  }
}

const DONE: Readonly<Record<string, string>> = { approve: "approved it", reject: "rejected it" };

function commentsOf(event: ItemEvent): string | null {
  if (event.type === "work-item-reassigned") return event.reason ?? null;
  return event.type === "work-item-completed" ? (event.comments ?? null) : null;
}
