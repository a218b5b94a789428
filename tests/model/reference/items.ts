import type { Assignee, ItemFlag, ItemKind } from "../../../lib/engine/state";
import type { CompletionKind } from "../../../lib/engine/status";
import { type ModelItem, type ModelRun, type ModelStep, openItems, type Rung } from "./run";

type Made = {
  readonly kind: ItemKind;
  readonly assignee: Assignee;
  readonly flag?: ItemFlag | null;
  readonly parent?: ModelItem | null;
  readonly voting?: boolean;
  /** An added approver has as long as whom they were added to. */
  readonly dueAt?: number | null;
  readonly byHand?: boolean;
};

const MINUTE_MS = 60_000;

let acts = 0;

/** The next item of a step, with what the clock will do to it (A19, semantics B 5.1). */
export function addItem(run: ModelRun, step: ModelStep, made: Made): ModelItem {
  const { kind, assignee, flag = null, parent = null, voting = false } = made;
  const { now } = run.world;
  const due = "due" in step.definition && kind === step.definition.kind ? step.definition.due : undefined;
  const item: ModelItem = {
    key: `${step.key}:${step.items.length + 1}`,
    kind,
    voting,
    parent,
    createdAt: now,
    dueAt: made.dueAt === undefined ? (due ? now + due.minutes * MINUTE_MS : null) : made.dueAt,
    rungs: rungsOf(step, { kind, voting, parent, createdAt: now }),
    climbed: 0,
    status: "assigned",
    completionKind: null,
    assignee,
    assignmentNo: 1,
    flag,
    byHand: made.byHand ?? false,
    claimedBy: null,
    completedBy: null,
    onBehalfOf: null,
    decidedAs: null,
    outcome: null,
    comments: null,
    madeAs: ++acts,
    closedAs: 0,
  };
  step.items.push(item);
  // Somebody votes in a group that nobody was left in.
  if (parent?.flag === "nobody_left" && kind === "approval") parent.flag = null;
  return item;
}

/** Votes are reminded of, a group's own item runs out; only work of one holder is escalated. What is asked or sent back has no ladder. */
function rungsOf(
  { definition }: ModelStep,
  { kind, voting, parent, createdAt }: Pick<ModelItem, "kind" | "voting" | "parent" | "createdAt">,
): readonly Rung[] {
  if (!("due" in definition) || !definition.due || kind !== definition.kind) return [];
  const { remindAfter, escalate, timeOut } = definition.due;
  const at = (minutes: number) => createdAt + minutes * MINUTE_MS;
  const rungs: Rung[] = [];
  if (!voting) for (const minutes of remindAfter) rungs.push({ at: at(minutes), what: "remind" });
  if (escalate && !voting && !parent) rungs.push({ at: at(escalate.afterMinutes), what: "escalate" });
  if (timeOut && !parent) rungs.push({ at: at(timeOut.afterMinutes), what: "time-out" });
  return rungs.sort((one, other) => one.at - other.at);
}

type Said = Partial<Pick<ModelItem, "completedBy" | "onBehalfOf" | "decidedAs" | "outcome" | "comments">>;

/** Closes an item, and what hangs on it: the votes of a group that is done are superseded, everything else is withdrawn. */
export function closeItem(step: ModelStep, item: ModelItem, kind: CompletionKind, said: Said = {}): void {
  if (item.status !== "assigned") return;
  Object.assign(item, { status: "completed", completionKind: kind, closedAs: ++acts, ...said });
  for (const hanging of step.items)
    if (hanging.parent === item)
      closeItem(step, hanging, hanging.kind === "approval" && kind === "done" ? "superseded" : "withdrawn");
}

export function withdrawAll(step: ModelStep): void {
  for (const item of openItems(step)) closeItem(step, item, "withdrawn");
}
