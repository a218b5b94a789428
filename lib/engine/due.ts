import type { Due } from "./approval-definition";
import { timeOutStep } from "./decision";
import { definitionOf, isHuman, stepById } from "./find";
import { barredFrom } from "./own-request";
import { takenIn } from "./part-in-step";
import type { RunState, WorkItem } from "./state";
import { emit, type Turn } from "./turn";

/** One thing that happens to an open item by the clock (A19). */
type Rung = { readonly at: string; readonly what: "remind" | "escalate" | "time_out" };

const MINUTE_MS = 60_000;

/** When an item is due whose step says so. */
export const dueAtOf = (due: Due | undefined, now: string): string | null => (due ? later(now, due.minutes) : null);

const later = (from: string, minutes: number): string => new Date(Date.parse(from) + minutes * MINUTE_MS).toISOString();

/**
 * What lies before an item, in the order of time. A vote is reminded of, and goes to nobody else; the group's own item, which nobody works on,
 * only runs out. What was sent back to its submitter, or asked of somebody, has no ladder.
 */
function rungsOf({ definition, state }: Pick<Turn, "definition" | "state">, item: WorkItem): readonly Rung[] {
  const step = stepById(state, item.stepRunId);
  const defined = step && definitionOf(definition, state, step);
  if (!defined || !isHuman(defined) || !defined.due || item.kind !== defined.kind) return [];
  const { remindAfter, escalate, timeOut } = defined.due;
  const isVote = item.parentId !== null;
  const rung = (what: Rung["what"], minutes: number): Rung => ({ what, at: later(item.createdAt, minutes) });
  const rungs = [
    ...(item.voting ? [] : remindAfter.map((minutes) => rung("remind", minutes))),
    ...(escalate && !item.voting && !isVote ? [rung("escalate", escalate.afterMinutes)] : []),
    ...(timeOut && !isVote ? [rung("time_out", timeOut.afterMinutes)] : []),
  ];
  return rungs.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

const open = (state: RunState): readonly WorkItem[] => state.items.filter(({ status }) => status === "assigned");

/** The instants at which the next rung of each open item is reached. */
export const nextRungs = (turn: Turn): readonly string[] =>
  open(turn.state).flatMap((item) => rungsOf(turn, item)[item.ladder]?.at ?? []);

/**
 * Does what the clock has come to, in the order of time whosever it is: reminders, escalations, at last a time-out, which may end what comes
 * after it. Whether anything happened is seen in the events.
 */
export function climbLadders(turn: Turn): void {
  for (let next = nextDue(turn); next; next = nextDue(turn)) climb(turn, next.item, next.rung);
}

/** What came first of all that is due and has not been done; of several at one instant that of the item that was made first. */
function nextDue(turn: Turn): { readonly item: WorkItem; readonly rung: Rung } | undefined {
  if (turn.state.run.status !== "in_progress") return undefined;
  const due = open(turn.state).flatMap((item) => {
    const rung = rungsOf(turn, item)[item.ladder];
    return rung && rung.at <= turn.env.now ? [{ item, rung }] : [];
  });
  return due.reduce<(typeof due)[number] | undefined>(
    (first, one) => (first && first.rung.at <= one.rung.at ? first : one),
    undefined,
  );
}

function climb(turn: Turn, item: WorkItem, { what }: Rung): void {
  const { id: workItemId, ladder: n } = item;
  const ladder = n + 1;
  const step = stepById(turn.state, item.stepRunId);
  const due = step && dueOf(turn, item);
  if (!step || !due) return;
  if (what === "time_out") {
    emit(turn, { type: "work-item-reminded", workItemId, ladder });
    if (due.timeOut) timeOutStep(turn, step, due.timeOut.outcome);
    return;
  }
  if (what === "remind" || !due.escalate) {
    emit(turn, { type: "work-item-reminded", workItemId, ladder });
    turn.effects.push({ type: "notify-reminder", workItemId, n: ladder });
    return;
  }
  emit(turn, { type: "work-item-escalated", workItemId, ladder });
  const notUsers = item.kind === "approval" ? barredFrom(turn) : [];
  const taken = takenIn(turn.state, step.id);
  turn.effects.push({
    type: "resolve-escalation",
    workItemId,
    from: item.assignee,
    to: due.escalate.to,
    notUsers,
    taken,
  });
}

function dueOf({ definition, state }: Turn, item: WorkItem): Due | undefined {
  const step = stepById(state, item.stepRunId);
  const defined = step && definitionOf(definition, state, step);
  return defined && isHuman(defined) ? defined.due : undefined;
}
