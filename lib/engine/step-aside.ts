import { ok, type Result } from "../result";
import { askApprover } from "./ask-approver";
import type { Command } from "./command";
import { takeOutVote } from "./decision";
import { itemById, stepById } from "./find";
import { moveItem } from "./move-item";
import { type Open, openItem } from "./open-item";
import { barredFrom } from "./own-request";
import { standInsOf, stoodInFor, takenIn } from "./part-in-step";
import type { Assignee, WorkItem } from "./state";
import { emit, type Turn } from "./turn";

/** What the history says of what somebody may not decide any more. */
const STOOD_IN = "They decided on this request in somebody else's place, so this is not theirs to decide";
const SENT_AGAIN = "They sent this request again, so it is not theirs to decide";

/** Of a person, or, without one, of a group. */
const whyNot = ({ state }: Turn, userId: string | null): string => {
  const hasStoodIn = userId === null ? standInsOf(state).length > 0 : stoodInFor(state, userId) !== undefined;
  return hasStoodIn ? STOOD_IN : SENT_AGAIN;
};

/**
 * Whoever decided in somebody's place, or sent the request again in its submitter's, decides nothing for themselves in that run any more (S31,
 * I36), so nothing waits for them: their votes are taken out, as of a member who left, what they had claimed is released, and what is theirs, or nobody's in a group any more, goes to the fallback.
 */
export function stepAside(turn: Turn, userId: string): void {
  for (const { id } of turn.state.items) {
    const item = itemById(turn.state, id);
    const step = item && stepById(turn.state, item.stepRunId);
    if (!item || !step || item.kind !== "approval" || item.status !== "assigned" || item.voting) continue;
    const { assignee, claimedBy, parentId } = item;
    if (claimedBy === userId) emit(turn, { type: "work-item-released", workItemId: id, from: userId });
    if (assignee.type === "user" && assignee.id !== userId) continue;
    turn.effects.push({ type: "withdraw-from", workItemId: id, userId });
    if (parentId === null) askForSuccessor(turn, item, assignee);
    else leaveVote(turn, { item, step }, { parent: itemById(turn.state, parentId), userId });
  }
}

type Leaving = { readonly parent: WorkItem | undefined; readonly userId: string };

function leaveVote(turn: Turn, vote: Open, { parent, userId }: Leaving): void {
  const hasVoters = takeOutVote(turn, vote, whyNot(turn, userId));
  if (parent && hasVoters.ok && !hasVoters.value) askForSuccessor(turn, parent, null);
}

function askForSuccessor(turn: Turn, { id: workItemId, stepRunId }: WorkItem, from: Assignee | null): void {
  const [notUsers, taken] = [barredFrom(turn), takenIn(turn.state, stepRunId)];
  turn.effects.push({ type: "resolve-successor", workItemId, from, notUsers, taken });
}

/** Somebody else has it now, or those who are left in its group; when there is nobody, it stays and is flagged. */
export function successorFound(
  turn: Turn,
  { workItemId, assignee, members }: Extract<Command, { type: "answer-successor" }>,
): Result<Turn> {
  const found = openItem(turn, workItemId);
  if (!found.ok) return ok(turn);
  const { item, step } = found.value;
  if (item.voting && members.length > 0) {
    // Those of the fallback vote where nobody is left who would.
    const { record, dueAt, id: parentId } = item;
    for (const id of members)
      askApprover(turn, step, { assignee: { type: "user", id }, record, flag: "fallback", parentId, dueAt });
    return ok(turn);
  }
  if (assignee?.type === item.assignee.type && assignee.id === item.assignee.id && !item.voting) return ok(turn);
  const reason = whyNot(turn, item.assignee.type === "user" ? item.assignee.id : null);
  const move = { type: "reassign-work-item", workItemId, reason, flag: "fallback" } as const;
  const moved = assignee && !item.voting ? moveItem(turn, { ...move, to: assignee }, "rule") : null;
  if (moved?.ok) return moved;
  emit(turn, { type: "work-item-flagged", workItemId, flag: "nobody_left" });
  return ok(turn);
}
