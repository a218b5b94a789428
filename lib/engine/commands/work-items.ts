import { ownProperty } from "../../logic/value";
import { ok, type Result, refuse } from "../../result";
import type { Command } from "../command";
import { approvalStepOf, close, sayOf } from "../decision";
import { failStepOrStore } from "../fail-stage";
import { itemById, openItemsOf } from "../find";
import { moveItem } from "../move-item";
import { notTheirs, type Open, openItem, type Worker, worker } from "../open-item";
import { outcomeNamed } from "../outcomes";
import { isOwnRequest } from "../own-request";
import { askAgain } from "../send-back";
import { stepAside } from "../step-aside";
import { commentsIn, takeOutputs } from "../steps";
import { emit, type Turn } from "../turn";

type Of<T extends Command["type"]> = Extract<Command, { type: T }>;

/** The assignee finished. First come, first served: whoever comes second is told who was first. */
export function completeWorkItem(turn: Turn, command: Of<"complete-work-item">): Result<Turn> {
  const found = openItem(turn, command.workItemId);
  if (!found.ok) return found;
  const { item } = found.value;
  const by = worker(turn, item);
  if (!by.ok) return by;
  if (item.voting) return refuse("vote-on-own-item");
  if (item.claimedBy && item.claimedBy !== by.value.id && item.claimedBy !== by.value.onBehalfOf)
    return refuse("claimed-by-other", { details: { by: item.claimedBy } });
  switch (item.kind) {
    case "approval":
      return decideItem(turn, { ...found.value, by: by.value }, command);
    case "question":
      return answerQuestion(turn, { ...found.value, by: by.value }, command);
    case "revision":
      return resubmit(turn, { ...found.value, by: by.value }, command);
    case "interactive":
      return finishItem(turn, { ...found.value, by: by.value }, command);
  }
}

type Finishing = Open & { readonly by: Worker };

function finishItem(turn: Turn, { item, step, by }: Finishing, { outputs }: Of<"complete-work-item">): Result<Turn> {
  close(turn, item, { kind: "done", by, outcome: null, comments: commentsIn(outputs) });
  emit(turn, { type: "step-outputs-stored", stepRunId: step.id, outputs });
  if (turn.state.run.status === "in_progress") takeOutputs(turn, step);
  return ok(turn);
}

/** An approval whose screens did not decide fails its step (6.5). Nobody decides twice, not even in two people's places, nor for
 * themselves on what they decided on for another (S31). */
function decideItem(
  turn: Turn,
  { item, step, by }: Finishing,
  { outputs, seen, via }: Of<"complete-work-item">,
): Result<Turn> {
  const barred = notTheirs(turn.state, { item, step }, by);
  if (barred) return barred;
  const defined = approvalStepOf(turn, step);
  const outcome = defined && outcomeNamed(defined, ownProperty(outputs, "approvalDecision"));
  if (!outcome) {
    const known = defined?.outcomes.map(({ name }) => `, ${name}`).join("") ?? "";
    const error = `The screen flow ended without an approvalDecision of Approve or Reject${known}.`;
    failStepOrStore(turn, step, { error, element: null });
    return ok(turn);
  }
  const comments = commentsIn(outputs);
  giveBackClaims(turn, { item, step, by });
  const how = { ...(seen !== undefined && { seen }), ...(via && { via }) };
  const said = sayOf(turn, { item, step }, { by, outcome, outputs, comments, ...how });
  if (said.ok && by.onBehalfOf !== null) stepAside(turn, by.id);
  return said;
}

/** Whoever has their say can decide nothing more of the step: what else of it they had claimed is the others' again. */
function giveBackClaims(turn: Turn, { item, step, by }: Finishing): void {
  for (const other of openItemsOf(turn.state, step.id))
    if (other.id !== item.id && other.claimedBy === by.id)
      emit(turn, { type: "work-item-released", workItemId: other.id, from: by.id });
}

function answerQuestion(turn: Turn, { item, by }: Finishing, { outputs }: Of<"complete-work-item">): Result<Turn> {
  const answer = ownProperty(outputs, "answer");
  if (typeof answer !== "string" || answer.trim() === "") return refuse("reason-needed");
  close(turn, item, { kind: "done", by, outcome: null, comments: answer });
  turn.effects.push({ type: "notify-answer", workItemId: item.id });
  return ok(turn);
}

/** The submitter revised it, or somebody in their place, who decides nothing of it from then on: those who decide are asked anew. */
function resubmit(turn: Turn, { item, step, by }: Finishing, { outputs }: Of<"complete-work-item">): Result<Turn> {
  const said = ownProperty(outputs, "comments");
  const wasBarred = isOwnRequest(turn, [by.id]);
  close(turn, item, {
    kind: "done",
    by,
    outcome: null,
    comments: typeof said === "string" && said !== "" ? said : null,
  });
  if (!wasBarred && isOwnRequest(turn, [by.id])) stepAside(turn, by.id);
  askAgain(turn, step);
  return ok(turn);
}

/** One member of a group or queue takes the item; the others see by whom. `takeOver` takes it from another. */
export function claimWorkItem(turn: Turn, { workItemId, takeOver }: Of<"claim-work-item">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  const by = worker(turn, item);
  if (!by.ok) return by;
  if (item.assignee.type === "user" || item.voting) return refuse("not-claimable");
  const barred = notTheirs(turn.state, { item, step }, by.value);
  if (barred) return barred;
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

/** Somebody gives an open item to somebody else; or what a deactivation moves goes to another level's approver too, because it has to go somewhere. */
export const reassignWorkItem = (turn: Turn, command: Of<"reassign-work-item">): Result<Turn> =>
  moveItem(turn, command, command.flag === "inactive_assignee" ? "rule" : "hand");

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

/** Somebody joined the item's group or queue. Votes that were taken out do not come back. */
export function somebodyCame(turn: Turn, { workItemId }: Of<"somebody-came">): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { flag, voting } = found.value.item;
  if (flag === "nobody_left" && !voting) emit(turn, { type: "work-item-flagged", workItemId, flag: null });
  return ok(turn);
}
