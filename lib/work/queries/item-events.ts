import type { history } from "../../../db/schema";
import type { Event } from "../../engine/event";
import type { ItemFlag } from "../../engine/state";
import { eventOf } from "../../runs/chain";
import type { WorkEvent } from "../schema";

type ItemEvent = Extract<Event, { type: `work-item-${string}` }>;

type Past = { readonly row: typeof history.$inferSelect; readonly event: ItemEvent };

/** An item's own history and the questions about it, as `readRunOf` read it. */
export const itemHistory = (rows: readonly Past["row"][]): Past[] =>
  rows.map((row) => ({
    row,
    event: (eventOf(row) ?? { type: row.type, ...(row.payload as object) }) as ItemEvent,
  }));

/** Everybody whose name the lines of a history say. */
export const idsIn = (past: readonly Past[]): (string | null)[] =>
  past.flatMap(({ row, event }) => {
    const by = [row.actorId, row.onBehalfOf];
    if (event.type === "work-item-created") return [event.assignee.id, ...by];
    return event.type === "work-item-reassigned" ? [event.to.id, ...by] : by;
  });

/** The history in words. */
export const eventsInWords = (past: readonly Past[], nameOf: (id: string) => string): WorkEvent[] =>
  past.map(({ row, event }) => ({
    at: row.at.toISOString(),
    title: titleOf(event, nameOf),
    actorName: isDeed(event) ? actorIn(row, nameOf) : null,
    comments: commentsOf(event),
  }));

/** "Ana", or "Ana for Ben"; null: whatever did it was nobody. */
function actorIn({ actorId, onBehalfOf }: Past["row"], nameOf: (id: string) => string): string | null {
  if (actorId === null) return null;
  const actor = nameOf(actorId);
  return onBehalfOf === null ? actor : `${actor} for ${nameOf(onBehalfOf)}`;
}

const BY_ITSELF: ReadonlySet<ItemEvent["type"]> = new Set<ItemEvent["type"]>([
  "work-item-created",
  "work-item-flagged",
  "work-item-reminded",
  "work-item-escalated",
]);

/** Whether it was this person's doing, and not what followed from something else. */
const isDeed = (event: ItemEvent): boolean =>
  isQuestion(event) ||
  (!BY_ITSELF.has(event.type) && !(event.type === "work-item-completed" && event.completionKind !== "done"));

const isQuestion = (event: ItemEvent): boolean => event.type === "work-item-created" && event.kind === "question";

/** Who made the item, of a question or a revision whoever asked or sent back; null: the process itself. */
export function makerOf(past: readonly Past[], workItemId: string, nameOf: (id: string) => string): string | null {
  const made = past.find(({ event }) => event.type === "work-item-created" && event.workItemId === workItemId);
  return made ? actorIn(made.row, nameOf) : null;
}

function titleOf(event: ItemEvent, nameOf: (id: string) => string): string {
  switch (event.type) {
    case "work-item-created":
      return isQuestion(event)
        ? `asked ${nameOf(event.assignee.id)}`
        : `The process assigned it to ${nameOf(event.assignee.id)}`;
    case "work-item-reassigned":
      return `gave it to ${nameOf(event.to.id)}`;
    case "work-item-claimed":
      return event.from === null ? "claimed it" : "took it over";
    case "work-item-released":
      return "released it";
    case "work-item-flagged":
      return FLAGGED[event.flag ?? "somebody_came"];
    case "work-item-overridden":
      return "overrode its approvers, openly";
    case "work-item-reminded":
      return "A reminder was due";
    case "work-item-escalated":
      return "It was not done in time";
    case "work-item-completed":
      if (event.completionKind !== "done") return "It was closed, because it was no longer needed";
      return `${DONE[event.outcome ?? ""] ?? (event.outcome === null ? "finished it" : `decided ${event.outcome}`)}${event.via ? ` by ${event.via}` : ""}`;
  }
}

const FLAGGED: Readonly<Record<ItemFlag | "somebody_came", string>> = {
  fallback: "It went to a substitute",
  inactive_assignee: "It went to a substitute",
  record_withheld: "It stands on another record than its step names",
  not_escalated: "It is overdue, and there was nobody to escalate it to",
  not_notified: "Nobody could be told of it by mail",
  nobody_left: "Nobody was left who could do it",
  somebody_came: "Somebody is there again who can do it",
};
const DONE: Readonly<Record<string, string>> = { approve: "approved it", reject: "rejected it" };

function commentsOf(event: ItemEvent): string | null {
  if (event.type === "work-item-reassigned") return event.reason ?? null;
  if (event.type === "work-item-created") return event.prompt ?? null;
  return event.type === "work-item-completed" ? (event.comments ?? null) : null;
}
