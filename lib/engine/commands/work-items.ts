import { ownProperty } from "../../logic/value";
import { ok, type Result, refuse } from "../../result";
import type { Command } from "../command";
import { failStepOrStore } from "../fail-stage";
import { itemById, stepById } from "../find";
import type { Assignee, StepRun, Values, WorkItem } from "../state";
import { commentsIn, mailOf, takeOutputs } from "../steps";
import { emit, type Turn } from "../turn";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;
type Open = { readonly item: WorkItem; readonly step: StepRun };

/** The item and its step, or why nobody can do anything with it: `not-found`, or `item-closed` with who, when and outcome. */
function openItem(turn: Turn, workItemId: string): Result<Open> {
  const item = itemById(turn.state, workItemId);
  const step = item && stepById(turn.state, item.stepRunId);
  if (!item || !step) return refuse("not-found");
  if (item.status === "assigned") return ok({ item, step });
  const { completedBy, closedAt, outcome, completionKind } = item;
  return refuse("item-closed", {
    details: {
      kind: completionKind ?? "done",
      at: closedAt ?? "",
      ...(completedBy && { by: completedBy }),
      ...(outcome && { outcome }),
    },
  });
}

/** The person who acts, and in whose place; refused for Baton itself, and for what one submitted oneself (I36). */
function worker(turn: Turn, item: WorkItem): Result<{ id: string; onBehalfOf: string | null }> {
  const { actor } = turn.env;
  if (actor.type !== "user") return refuse("not-your-work");
  const { id, onBehalfOf = null } = actor;
  const submitter = turn.state.submission?.submittedBy;
  if (item.kind === "approval" && submitter && [id, onBehalfOf].includes(submitter)) return refuse("own-submission");
  const isOthers = item.assignee.type === "user" && item.assignee.id !== (onBehalfOf ?? id);
  return isOthers
    ? refuse("not-your-work", { details: { to: item.assignee.id, toType: item.assignee.type } })
    : ok({ id, onBehalfOf });
}

const OUTCOMES: Readonly<Record<string, "approve" | "reject">> = { Approve: "approve", Reject: "reject" };

const outcomeIn = (outputs: Values): "approve" | "reject" | null => {
  const said = ownProperty(outputs, "approvalDecision");
  return (typeof said === "string" && Object.hasOwn(OUTCOMES, said) && OUTCOMES[said]) || null;
};

/**
 * The assignee finished. First come, first served: whoever comes second is told who was first. An approval whose screens did not decide
 * fails its step (6.5).
 */
export function completeWorkItem(turn: Turn, { workItemId, outputs }: Of<"complete-work-item">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  const by = worker(turn, item);
  if (!by.ok) return by;
  if (item.claimedBy && item.claimedBy !== by.value.id)
    return refuse("claimed-by-other", { details: { by: item.claimedBy } });
  const outcome = item.kind === "approval" ? outcomeIn(outputs) : null;
  if (item.kind === "approval" && !outcome) {
    const error = "The screen flow ended without an approvalDecision of Approve or Reject.";
    failStepOrStore(turn, step, { error, element: null });
    return ok(turn);
  }
  const done = { completionKind: "done", completedBy: by.value.id, onBehalfOf: by.value.onBehalfOf } as const;
  emit(turn, { type: "work-item-completed", workItemId, ...done, outcome, comments: commentsIn(outputs) });
  turn.effects.push({ type: "withdraw-assignment", workItemId });
  emit(turn, { type: "step-outputs-stored", stepRunId: step.id, outputs });
  if (turn.state.run.status === "in_progress") takeOutputs(turn, step);
  return ok(turn);
}

/** One member of a group or queue takes the item; the others see by whom. `takeOver` takes it from another. */
export function claimWorkItem(turn: Turn, { workItemId, takeOver }: Of<"claim-work-item">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item } = found.value;
  const by = worker(turn, item);
  if (!by.ok) return by;
  if (item.assignee.type === "user") return refuse("not-claimable");
  if (item.claimedBy === by.value.id) return ok(turn);
  if (item.claimedBy && !takeOver) return refuse("claimed-by-other", { details: { by: item.claimedBy } });
  emit(turn, { type: "work-item-claimed", workItemId, by: by.value.id, from: item.claimedBy });
  return ok(turn);
}

/** Gives a claimed item back to its group or queue. */
export function releaseWorkItem(turn: Turn, { workItemId }: Of<"release-work-item">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { claimedBy } = found.value.item;
  if (!claimedBy) return refuse("not-claimed");
  emit(turn, { type: "work-item-released", workItemId, from: claimedBy });
  return ok(turn);
}

const isSame = (one: Assignee, other: Assignee): boolean => one.type === other.type && one.id === other.id;

/** Moves an open item to somebody else: same item, next assignment, a mail of its own (A20, 5.3). */
export function reassignWorkItem(turn: Turn, command: Of<"reassign-work-item">): Result<Turn> {
  const { workItemId, to, reason, flag = null } = command;
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  if (isSame(item.assignee, to)) return refuse("same-assignee");
  if (item.kind === "approval" && to.type === "user" && to.id === turn.state.submission?.submittedBy)
    return refuse("own-submission");
  const assignmentNo = item.assignmentNo + 1;
  turn.effects.push({ type: "withdraw-assignment", workItemId });
  emit(turn, { type: "work-item-reassigned", workItemId, from: item.assignee, to, assignmentNo, reason, flag });
  turn.effects.push({ type: "notify-assignment", workItemId, assignmentNo, assignee: to, ...mailOf(turn, step) });
  return ok(turn);
}

/** Flags an item whose holders know nothing of it. What is flagged already stays so; an item that is done or somebody else's by now needs none. */
export function mailUndelivered(turn: Turn, { workItemId, assignmentNo }: Of<"mail-undelivered">): Result<Turn> {
  const item = itemById(turn.state, workItemId);
  const isMeant = item?.status === "assigned" && item.assignmentNo === assignmentNo && item.flag === null;
  if (isMeant) emit(turn, { type: "work-item-flagged", workItemId, flag: "not_notified" });
  return ok(turn);
}

/** Flags an open item whose group or queue lost the last member who could do it. */
export function nobodyLeft(turn: Turn, { workItemId }: Of<"nobody-left">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  if (found.value.item.flag !== "nobody_left")
    emit(turn, { type: "work-item-flagged", workItemId, flag: "nobody_left" });
  return ok(turn);
}
