import { ok, type Result, refuse } from "../../result";
import { askApprover } from "../ask-approver";
import type { Command } from "../command";
import { approvalStepOf, sayOf, takeOutVote } from "../decision";
import { closeSubmission, leaveRest, stopSteps } from "../end-run";
import { currentStage, stepById } from "../find";
import { isOwnSubmission, notTheirs, openItem, worker } from "../open-item";
import { outcomeNamed } from "../outcomes";
import { hasDecided, openPartIn, partInRun } from "../part-in-step";
import { emit, newId, type Turn } from "../turn";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** An admin decides in the place of an item's approver, or of all of a group's; the history says so (6.7). */
export function overrideWorkItem(
  turn: Turn,
  { workItemId, outcome: name, comments, seen }: Of<"override-work-item">,
): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  const { actor } = turn.env;
  const defined = approvalStepOf(turn, step);
  if (actor.type !== "user" || item.kind !== "approval" || !defined) return refuse("not-an-approval");
  if (isOwnSubmission(turn, item, [actor.id])) return refuse("own-submission");
  // Openly too, two approvals are two people's.
  if (hasDecided(turn.state, actor.id)) return refuse("decided-as-approver");
  const outcome = outcomeNamed(defined, name);
  if (!outcome) return refuse("unknown-outcome", { details: { outcome: name } });
  emit(turn, { type: "work-item-overridden", workItemId, reason: comments });
  const outputs = { approvalDecision: outcome.name, approvalComments: comments || null };
  const by = { id: actor.id, onBehalfOf: null, as: "admin" } as const;
  const saying = { by, outcome, outputs, comments: comments || null, ...(seen !== undefined && { seen }) };
  return sayOf(turn, found.value, saying);
}

/** Writes down what was submitted, however far the run has come by now. */
export function sealSubmission(turn: Turn, { revision, seen }: Of<"seal-submission">): Result<Turn> {
  const { submission } = turn.state;
  if (!submission) return refuse("not-an-approval");
  emit(turn, { type: "submission-sealed", submissionId: submission.id, revision, seen });
  turn.effects.push({ type: "keep-submission", revision, seen });
  return ok(turn);
}

/** Writes down how the request stood when a step of it was decided by the clock. */
export function sealTimeOut(turn: Turn, { stepRunId, seen }: Of<"seal-time-out">): Result<Turn> {
  if (!stepById(turn.state, stepRunId)) return refuse("step-not-open");
  emit(turn, { type: "time-out-sealed", stepRunId, seen });
  return ok(turn);
}

/** One more approver of a step that is going on: a vote in a group that votes, else an item beside the others. */
export function addApprover(turn: Turn, { workItemId, to, reason }: Of<"add-approver">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  if (item.kind !== "approval") return refuse("not-an-approval");
  if (to.type === "user" && isOwnSubmission(turn, item, [to.id])) return refuse("own-submission");
  const parentId = item.voting ? item.id : item.parentId;
  const hasVoted = turn.state.items.some(
    (one) => one.parentId === parentId && parentId !== null && one.kind === "approval" && one.assignee.id === to.id,
  );
  const part = hasVoted ? "already-approver" : partInRun(turn.state, step, to);
  if (part) return refuse(part);
  if (parentId !== null && to.type !== "user") return refuse("unknown-assignee");
  const { record, dueAt } = item;
  askApprover(turn, step, { assignee: to, record, flag: null, reason, parentId, dueAt });
  return ok(turn);
}

/** Who may decide it asks somebody something; the approver's own item stays where it is. */
export function askQuestion(turn: Turn, { workItemId, to, text }: Of<"ask-question">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  if (item.kind !== "approval" || !approvalStepOf(turn, step)?.mayAskQuestions) return refuse("not-an-approval");
  const by = worker(turn, item);
  if (!by.ok) return by;
  const barred = notTheirs(turn.state, { item, step }, by.value);
  if (barred) return barred;
  const part = openPartIn(turn.state, step.id, to);
  if (part) return refuse(part);
  const id = newId(turn, "workItem");
  const made = {
    kind: "question",
    label: `Question: ${item.label}`,
    assignee: to,
    record: item.record,
    flag: null,
  } as const;
  emit(turn, {
    type: "work-item-created",
    workItemId: id,
    stepRunId: step.id,
    ...made,
    parentId: item.id,
    prompt: text,
  });
  turn.effects.push({
    type: "notify-assignment",
    workItemId: id,
    assignmentNo: 1,
    assignee: to,
    subject: null,
    body: null,
  });
  return ok(turn);
}

/** Takes the vote of a member out who is no longer there. */
export function memberLeft(turn: Turn, { workItemId }: Of<"member-left">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const hasVoters = takeOutVote(turn, found.value, null);
  if (!hasVoters.ok) return hasVoters;
  const { parentId } = found.value.item;
  if (!hasVoters.value && parentId !== null)
    emit(turn, { type: "work-item-flagged", workItemId: parentId, flag: "nobody_left" });
  return ok(turn);
}

/** The submitter takes the submission back (A21): the run is canceled, the recall path is a run of its own. */
export function recall(turn: Turn, { reason }: Of<"recall">): Result<Turn> {
  const { submission } = turn.state;
  const stage = currentStage(turn.state);
  if (submission?.status !== "in_progress" || !stage || turn.definition.approval?.allowsRecall === false)
    return refuse("not-recallable", { details: { status: submission?.status ?? "none" } });
  stopSteps(turn, stage, "step-canceled");
  emit(turn, { type: "stage-canceled", stageRunId: stage.id });
  emit(turn, { type: "run-canceled", reason });
  closeSubmission(turn, "recalled");
  leaveRest(turn);
  return ok(turn);
}
