import { wordsFrom } from "../logic/display";
import { valueFrom } from "../logic/express";
import { textOf } from "../logic/text-of";
import type { Value } from "../logic/value";
import type { HumanStep } from "./definition";
import { definitionOf, isHuman } from "./find";
import { clockOf, lookupOf } from "./lookup";
import { outcomeStored } from "./outcomes";
import type { StepRun, WorkItem } from "./state";
import type { Turn } from "./turn";

/** Asks the world who gets the step's next item: its assignee; or the submitter, of what was sent back to them. */
export function askForAssignee(turn: Turn, step: StepRun, defined: HumanStep): void {
  const lookup = lookupOf(turn);
  const nameOf = (value: Value) => (value === null ? null : textOf(value).trim() || null);
  const submitter = turn.state.submission?.submittedBy ?? null;
  const isSentBack = sentBack(turn, step) !== null;
  const allowsOwn = turn.definition.approval?.allowsSelfApproval ?? false;
  turn.effects.push({
    type: "resolve-assignee",
    stepRunId: step.id,
    assigneeType: isSentBack ? "user" : defined.assignee.type,
    value: isSentBack ? submitter : nameOf(valueFrom(defined.assignee.value, lookup, clockOf(turn))),
    notUser: step.kind === "approval" && !isSentBack && !allowsOwn ? submitter : null,
    wantsMembers: !isSentBack && defined.kind === "approval" && defined.rule.type !== "first",
    recordId: nameOf(lookup(defined.record)),
    playedBy: turn.state.run.debug?.playedBy ?? null,
  });
}

/** The approval by which a step was sent back to its submitter last, as long as they have not resubmitted it; or null. */
export function sentBack({ definition, state }: Turn, step: StepRun): WorkItem | null {
  const defined = definitionOf(definition, state, step);
  if (defined.kind !== "approval") return null;
  const done = state.items.filter(({ stepRunId, parentId, completionKind }) => {
    return stepRunId === step.id && parentId === null && completionKind === "done";
  });
  const last = done.at(-1);
  const outcome = last?.kind === "approval" ? outcomeStored(defined, last.outcome) : null;
  return last && outcome?.does === "send_back" && outcome.to === null ? last : null;
}

/** Subject and body that the step's author wrote for its mails, with what the references see now (A18). */
export function mailOf(turn: Turn, step: StepRun): { subject: string | null; body: string | null } {
  const defined = definitionOf(turn.definition, turn.state, step);
  if (!isHuman(defined)) return { subject: null, body: null };
  const lookup = lookupOf(turn);
  const text = (from: HumanStep["emailSubject"]) => (from ? wordsFrom(from, lookup, clockOf(turn)) || null : null);
  return { subject: text(defined.emailSubject), body: text(defined.emailBody) };
}
