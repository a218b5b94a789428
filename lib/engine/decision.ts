import type { Value } from "../logic/value";
import { ok, type Result, refuse } from "../result";
import type { ApprovalStep } from "./definition";
import { withdrawItems } from "./end-run";
import { definitionOf, itemById, latest, openItemsOf, stepById } from "./find";
import type { Open, Worker } from "./open-item";
import { type Outcome, outcomeNamed, outcomeStored } from "./outcomes";
import { askedItems } from "./part-in-step";
import { askAgain } from "./send-back";
import type { Channel, StepRun, Values, WorkItem } from "./state";
import { takeOutputs } from "./steps";
import { submittersOf } from "./submitters";
import { decidedBy } from "./tally";
import { emit, type Turn } from "./turn";

/** What somebody said of an approval item. */
export type Saying = {
  readonly by: Worker;
  readonly outcome: Outcome;
  /** Of the step's flow, `approvalDecision` and `approvalComments` among them. */
  readonly outputs: Values;
  readonly comments: string | null;
  /** What they saw (evidence). */
  readonly seen?: Value;
  readonly via?: Channel;
};

/** What the definition says of the step of an approval item. */
export function approvalStepOf(turn: Turn, step: StepRun): ApprovalStep | null {
  const defined = definitionOf(turn.definition, turn.state, step);
  return defined.kind === "approval" ? defined : null;
}

/** Writes a decision down and does what follows from it: the group's vote is counted, or the step is decided. */
export function sayOf(turn: Turn, { item, step }: Open, saying: Saying): Result<Turn> {
  const defined = approvalStepOf(turn, step);
  if (!defined) return refuse("not-found");
  const { by, outcome, comments, seen, via } = saying;
  const { id: workItemId } = item;
  if (submittersOf(turn.state).some((id) => [by.id, by.onBehalfOf].includes(id)))
    emit(turn, { type: "self-approval-allowed", workItemId });
  // One person plays everybody in a debug run: what they say is evidence of nothing.
  if (seen !== undefined && turn.state.run.debug === null) {
    emit(turn, { type: "decision-sealed", workItemId, seen });
    turn.effects.push({ type: "seal-decision", workItemId, outcome: outcome.stored, seen });
  }
  close(turn, item, { kind: "done", by, outcome: outcome.stored, comments, ...(via && { via }) });
  const parent = item.parentId === null ? undefined : itemById(turn.state, item.parentId);
  if (parent) countVotes(turn, { parent, step, defined }, saying);
  else decideBeside(turn, { step, defined }, saying);
  return ok(turn);
}

type Closing = {
  readonly kind: "done" | "withdrawn" | "superseded";
  readonly by: Worker | null;
  readonly outcome: string | null;
  readonly comments: string | null;
  readonly via?: Channel;
};

/** Closes an item with everything that hangs on it. */
export function close(turn: Turn, item: WorkItem, { kind, by, outcome, comments, via }: Closing): void {
  for (const hanging of turn.state.items) {
    if (hanging.parentId !== item.id || hanging.status !== "assigned") continue;
    const isVote = hanging.kind === "approval";
    close(turn, hanging, { kind: isVote && kind === "done" ? "superseded" : "withdrawn", ...NOBODY });
  }
  emit(turn, {
    type: "work-item-completed",
    workItemId: item.id,
    completionKind: kind,
    completedBy: by?.id ?? null,
    onBehalfOf: by?.onBehalfOf ?? null,
    outcome,
    comments,
    ...(by && { decidedAs: by.as }),
    ...(via && { via }),
  });
  turn.effects.push({ type: "withdraw-assignment", workItemId: item.id });
}

const NOBODY = { by: null, outcome: null, comments: null } as const;

type Vote = { readonly parent: WorkItem; readonly step: StepRun; readonly defined: ApprovalStep };

/** Whether the group has decided by now (A15); sending back ends the vote at once. */
function countVotes(turn: Turn, { parent, step, defined }: Vote, saying: Saying): void {
  const result = resultOf(turn, { parent, step, defined }, saying.outcome);
  if (!result) return;
  const outputs = { ...saying.outputs, ...whatAllSaid(votesOf(turn, parent), result) };
  close(turn, parent, { kind: "done", by: saying.by, outcome: result.stored, comments: null });
  decideStep(turn, step, { ...saying, outcome: result, outputs });
}

export const votesOf = ({ state }: Turn, parent: WorkItem): readonly WorkItem[] =>
  state.items.filter((item) => item.parentId === parent.id && item.kind === "approval");

function resultOf(turn: Turn, { parent, defined }: Vote, last: Outcome | null): Outcome | null {
  if (last?.does === "send_back") return last;
  const votes = votesOf(turn, parent);
  const said = (does: Outcome["does"]) =>
    votes.filter(
      ({ completionKind, outcome }) => completionKind === "done" && outcomeStored(defined, outcome)?.does === does,
    ).length;
  const open = votes.filter(({ status }) => status === "assigned").length;
  const result = decidedBy(defined.rule, { approve: said("approve"), reject: said("reject"), open });
  const plain = result && outcomeStored(defined, result);
  return plain && togetherSaid(defined, votes, plain);
}

/** What those come to who decide together: the last of the author's own outcomes that any of them said and that does the same, else the plain one. */
function togetherSaid(defined: ApprovalStep, said: readonly WorkItem[], plain: Outcome): Outcome {
  const own = said.filter(
    ({ completionKind, outcome }) =>
      completionKind === "done" && outcome !== plain.does && outcomeStored(defined, outcome)?.does === plain.does,
  );
  return outcomeStored(defined, latest(own)?.outcome ?? null) ?? plain;
}

const whatAllSaid = (said: readonly WorkItem[], { name: approvalDecision }: Outcome): Values => {
  const comments = said.flatMap((item) => (item.completionKind === "done" ? (item.comments ?? []) : []));
  return { approvalDecision, approvalComments: comments.join("\n") || null };
};

/**
 * A member's vote is taken out, because they are no longer there or may not give it, which `why` says: the others' votes may decide now. Whether
 * anybody has voted or still may.
 */
export function takeOutVote(turn: Turn, { item, step }: Open, why: string | null): Result<boolean> {
  const defined = approvalStepOf(turn, step);
  const parent = item.parentId === null ? undefined : itemById(turn.state, item.parentId);
  if (!defined || !parent || item.kind !== "approval") return refuse("not-a-vote");
  close(turn, item, { kind: "withdrawn", ...NOBODY, comments: why });
  const votes = votesOf(turn, parent);
  const last = latest(votes.filter(({ completionKind }) => completionKind === "done"));
  if (!last) return ok(votes.some(({ status }) => status === "assigned"));
  const outcome = outcomeStored(defined, last.outcome);
  if (!last.completedBy || !outcome) return ok(true);
  const by = { id: last.completedBy, onBehalfOf: last.onBehalfOf, as: last.decidedAs ?? "assignee" };
  countVotes(turn, { parent, step, defined }, { by, outcome, outputs: {}, comments: null });
  return ok(true);
}

/** As somebody decided beside others who were added: their approvals are one decision, and any other is one person's. */
function decideBeside(turn: Turn, { step, defined }: Omit<Vote, "parent">, saying: Saying): void {
  const said = askedItems(turn.state, step.id).filter(
    ({ kind, parentId, completionKind }) => kind === "approval" && parentId === null && completionKind === "done",
  );
  if (saying.outcome.does !== "approve" || said.length < 2) return decideStep(turn, step, saying);
  const outcome = togetherSaid(defined, said, saying.outcome);
  decideStep(turn, step, { outcome, outputs: { ...saying.outputs, ...whatAllSaid(said, outcome) } });
}

/** The step's decision: it waits while approvers who were added have not decided, unless this one settles it. */
function decideStep(turn: Turn, step: StepRun, { outcome, outputs }: Pick<Saying, "outcome" | "outputs">): void {
  const others = openItemsOf(turn.state, step.id).filter(
    ({ kind, parentId }) => kind === "approval" && parentId === null,
  );
  if (outcome.does === "approve" && others.length > 0) return;
  for (const other of others) close(turn, other, { kind: "superseded", ...NOBODY });
  if (outcome.does === "send_back" && outcome.to === null) return askAgain(turn, step);
  emit(turn, { type: "step-outputs-stored", stepRunId: step.id, outputs });
  if (turn.state.run.status === "in_progress") takeOutputs(turn, step);
}

/** Ends a step by its time-out (A19): nobody's items are decided, the step is. */
export function timeOutStep(turn: Turn, step: StepRun, name: string): void {
  const defined = approvalStepOf(turn, step);
  const outcome = defined && outcomeNamed(defined, name);
  if (!defined || !outcome || stepById(turn.state, step.id)?.status !== "in_progress") return;
  withdrawItems(turn, step);
  emit(turn, { type: "step-timed-out", stepRunId: step.id, outcome: outcome.stored });
  const approvalComments = `Nobody decided in time, so it ended as ${outcome.label}.`;
  decideStep(turn, step, { outcome, outputs: { approvalDecision: outcome.name, approvalComments } });
}
