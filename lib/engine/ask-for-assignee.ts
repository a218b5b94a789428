import { wordsFrom } from "../logic/display";
import { valueFrom } from "../logic/express";
import { textOf } from "../logic/text-of";
import type { Value } from "../logic/value";
import type { HumanStep } from "./definition";
import { definitionOf, isHuman, stepById } from "./find";
import { clockOf, lookupOf } from "./lookup";
import { outcomeStored } from "./outcomes";
import { barredFrom } from "./own-request";
import { addedBefore, askedItems } from "./part-in-step";
import type { Assignee, StepRun, WorkItem } from "./state";
import type { Turn } from "./turn";

/** Asks the world who gets the step's next item: its assignee; or the submitter, of what was sent back to them. */
export function askForAssignee(turn: Turn, step: StepRun, defined: HumanStep): void {
  const lookup = lookupOf(turn);
  const nameOf = (value: Value) => (value === null ? null : textOf(value).trim() || null);
  const submitter = turn.state.submission?.submittedBy ?? null;
  const isSentBack = sentBack(turn, step) !== null;
  turn.effects.push({
    type: "resolve-assignee",
    stepRunId: step.id,
    assigneeType: isSentBack ? "user" : defined.assignee.type,
    value: isSentBack ? submitter : nameOf(valueFrom(defined.assignee.value, lookup, { clock: clockOf(turn) })),
    notUsers: step.kind === "approval" && !isSentBack ? barredFrom(turn) : [],
    wantsMembers: !isSentBack && defined.kind === "approval" && defined.rule.type !== "first",
    recordId: nameOf(lookup(defined.record)),
    again: isSentBack ? [] : addedBefore(turn.state, step),
    playedBy: turn.state.run.debug?.playedBy ?? null,
  });
}

/** By whose words a step was sent back to its submitter, as long as they have not sent it again; or null. */
export function sentBack({ definition, state }: Turn, { id }: StepRun): { readonly comments: string | null } | null {
  const step = stepById(state, id);
  const defined = step && definitionOf(definition, state, step);
  if (defined?.kind !== "approval") return null;
  const asked = askedItems(state, id).filter(({ parentId }) => parentId === null);
  if (asked.length > 0 && step?.decidedBy === "time_out") return { comments: "Nobody decided in time." };
  const isBack = ({ completionKind, outcome }: WorkItem) => {
    const said = completionKind === "done" ? outcomeStored(defined, outcome) : null;
    return said?.does === "send_back" && said.to === null;
  };
  const back = asked.find(isBack);
  // Of a group's vote the words are those of the member who sent it back.
  const vote =
    back && state.items.findLast(({ parentId, outcome }) => parentId === back.id && outcome === back.outcome);
  return vote ?? back ?? null;
}

/** The mail about an item that has just come to be. */
export function tellOf(
  turn: Turn,
  step: StepRun,
  to: { readonly workItemId: string; readonly assignee: Assignee },
): void {
  turn.effects.push({ type: "notify-assignment", assignmentNo: 1, ...to, ...mailOf(turn, step) });
}

/** Subject and body that the step's author wrote for its mails, with what the references see now (A18). */
export function mailOf(turn: Turn, step: StepRun): { subject: string | null; body: string | null } {
  const defined = definitionOf(turn.definition, turn.state, step);
  if (!isHuman(defined)) return { subject: null, body: null };
  const lookup = lookupOf(turn);
  const text = (from: HumanStep["emailSubject"]) =>
    from ? wordsFrom(from, lookup, { clock: clockOf(turn) }) || null : null;
  return { subject: text(defined.emailSubject), body: text(defined.emailBody) };
}
