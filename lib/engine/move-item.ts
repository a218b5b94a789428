import { ok, type Result, refuse } from "../result";
import { mailOf } from "./ask-for-assignee";
import type { Command } from "./command";
import { approvalStepOf } from "./decision";
import { isOwnSubmission, type Open, openItem } from "./open-item";
import { partIn, partInApproval, partInRun } from "./part-in-step";
import type { Assignee } from "./state";
import { emit, type Turn } from "./turn";

type Reassigning = Extract<Command, { type: "reassign-work-item" }>;

const isSame = (one: Assignee, other: Assignee): boolean => one.type === other.type && one.id === other.id;

/** Moves an open item, by somebody's hand or by the definition's rule: same item, next assignment, a mail of its own (A20, 5.3). */
export function moveItem(turn: Turn, command: Reassigning, by: "hand" | "rule"): Result<Turn> {
  const { workItemId, to, reason, flag = null } = command;
  const found = openItem(turn, workItemId);
  if (!found.ok) return found;
  const { item, step } = found.value;
  if (isSame(item.assignee, to)) return refuse("same-assignee");
  if (item.voting || (item.kind === "approval" && item.parentId !== null)) return refuse("child-not-reassignable");
  if (to.type === "user" && isOwnSubmission(turn, item, [to.id])) return refuse("own-submission");
  const isByHand = item.kind === "approval" && by === "hand";
  // Where each member has a vote, one of them would decide for all.
  if (isByHand && to.type !== "user" && approvalStepOf(turn, step)?.rule.type !== "first") return refuse("group-votes");
  const part = partOf(turn, { item, step }, { to, isByHand });
  if (part) return refuse(part);
  const assignmentNo = item.assignmentNo + 1;
  turn.effects.push({ type: "withdraw-assignment", workItemId });
  const how = { to, assignmentNo, reason, flag, ...(by === "hand" && { byHand: true as const }) };
  emit(turn, { type: "work-item-reassigned", workItemId, from: item.assignee, ...how });
  turn.effects.push({ type: "notify-assignment", workItemId, assignmentNo, assignee: to, ...mailOf(turn, step) });
  return ok(turn);
}

type Given = { readonly to: Assignee; readonly isByHand: boolean };

function partOf({ state }: Turn, { item, step }: Open, { to, isByHand }: Given) {
  if (item.kind !== "approval") return partIn(state, step.id, to);
  return isByHand ? partInRun(state, step, to) : partInApproval(state, step.id, to);
}
