import type { GroupRule } from "../../engine/approval-definition";
import type { ApprovalStep, Orchestration } from "../../engine/definition";
import { type Outcome, outcomeStored, outcomesOf } from "../../engine/outcomes";
import { hasDecided } from "../../engine/part-in-step";
import type { RunState, WorkItem } from "../../engine/state";
import { needed } from "../../engine/tally";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import type { InPlace } from "../../people/delegation/in-place";
import { submissionOf } from "../../runs/may-ask";
import type { ApprovalDetail } from "../schema";
import { type Before, changedSince, formerOf, hasApproved, type Now, outcomeIn } from "./sealed-before";
import { hasLeft } from "./traced-stages";

type Look = {
  readonly person: Person;
  readonly item: WorkItem;
  readonly step: ApprovalStep;
  readonly definition: Orchestration;
  readonly state: RunState;
  readonly before: Before;
  readonly now: Now;
  readonly shownAs: string;
  readonly mayWork: boolean;
  /** In whose place the reader would decide. */
  readonly place: InPlace | null;
  readonly nameOf: (id: string) => string;
  /** Who asked that question: "Ana", or "Ana for Ben". */
  readonly askerOf: (questionId: string) => string;
};

/** What an approver is shown beside what every work item shows; all of it from what was read already. */
export function approvalDetail(look: Look): ApprovalDetail {
  const { person, item, step, definition, mayWork, place, nameOf } = look;
  const isOpen = item.status === "assigned";
  const outcomes = outcomesOf(step);
  const steers = may(person, "approval.steer", submissionOf(look));
  return {
    outcomes: outcomes.map(({ name, label, does, to, needsReason }) => ({
      ...{ name, label, does, needsReason },
      to: to === null ? null : (definition.elements.find((element) => element.name === to)?.label ?? to),
    })),
    said: labelOf(outcomes, item.outcome),
    policy: definition.approval?.policy ?? "",
    asksPassword: definition.approval?.asksPassword ?? false,
    shownAs: look.shownAs,
    since: sinceLast(look),
    stale: staleApprovals(look),
    vote: voteOf(look),
    questions: questionsOf(look),
    onBehalfOfName: mayWork && place?.ok ? nameOf(place.delegatorId) : null,
    mayAsk: mayWork && step.mayAskQuestions,
    mayOverride: isOpen && steers && may(person, "approval.override") && !hasDecided(look.state, person.userId),
    mayAddApprover: isOpen && steers && may(person, "approval.add-approver"),
  };
}

const labelOf = (outcomes: readonly Outcome[], stored: string | null): string | null =>
  stored === null ? null : (outcomes.find((one) => one.stored === stored)?.label ?? stored);

/** Everybody whose name that part says. */
export const idsInApproval = (
  { items, submission }: RunState,
  { decisions, submissions }: Before,
): (string | null)[] => [
  submission?.submittedBy ?? null,
  ...items.flatMap(({ assignee, completedBy, onBehalfOf }) => [assignee.id, completedBy, onBehalfOf]),
  ...decisions.map(({ decidedBy }) => decidedBy),
  ...submissions.map(({ submittedBy }) => submittedBy),
];

function sinceLast({ state, definition, before, now, nameOf }: Look): ApprovalDetail["since"] {
  const former = formerOf(before, { runId: state.run.id, definition });
  if (!former) return null;
  const { last, submittedBy } = former;
  return {
    what: submittedBy === null ? "decision" : "submission",
    byName: nameOf(last?.decidedBy ?? submittedBy ?? ""),
    said: last && (outcomeIn(definition, last)?.label ?? last.outcome),
    at: former.at.toISOString(),
    changes: changedSince(former, now),
  };
}

function staleApprovals({ state, definition, before, now, nameOf }: Look): ApprovalDetail["stale"] {
  const approved = before.decisions.filter((one) => one.runId === state.run.id && hasApproved(definition, one));
  return approved.flatMap((one) => {
    const changes = changedSince(one, now);
    return changes.length > 0 ? [{ byName: nameOf(one.decidedBy), at: one.decidedAt.toISOString(), changes }] : [];
  });
}

/** How a group decides, as a sentence without its end. */
export function ruleInWords(rule: GroupRule): string {
  switch (rule.type) {
    case "first":
      return "Whoever decides first decides for all";
    case "unanimous":
      return "Everybody must approve";
    case "majority":
      return "More than half must approve";
    case "at_least":
      return `At least ${rule.count} must approve`;
    case "percent":
      return `At least ${rule.percent} % must approve`;
  }
}

function voteOf({ item, step, state, nameOf }: Look): ApprovalDetail["vote"] {
  const parent = item.voting ? item : state.items.find(({ id, voting }) => voting && id === item.parentId);
  if (!parent) return null;
  const all = state.items.filter(({ parentId, kind }) => parentId === parent.id && kind === "approval");
  const votes = all.filter(({ completionKind }) => completionKind !== "withdrawn");
  const shown = all.filter((vote) => votes.includes(vote) || hasLeft(vote, state.items));
  const outcomes = outcomesOf(step);
  const count = (does: Outcome["does"]) =>
    votes.filter(({ outcome }) => outcome !== null && outcomeStored(step, outcome)?.does === does).length;
  return {
    rule: ruleInWords(step.rule),
    needed: needed(step.rule, votes.length),
    approve: count("approve"),
    reject: count("reject"),
    open: votes.filter(({ status }) => status === "assigned").length,
    voters: shown.map((vote) => ({
      workItemId: vote.id,
      name: nameOf(vote.assignee.id),
      said: labelOf(outcomes, vote.outcome),
      hasLeft: hasLeft(vote, state.items),
      at: vote.closedAt,
    })),
  };
}

const questionsOf = ({ item, state, nameOf, askerOf }: Look): ApprovalDetail["questions"] =>
  state.items
    .filter(({ kind, parentId }) => kind === "question" && parentId === item.id)
    .map(({ id, assignee, prompt, createdAt, closedAt, comments, completionKind }) => ({
      workItemId: id,
      byName: askerOf(id),
      toName: nameOf(assignee.id),
      text: prompt ?? "",
      askedAt: createdAt,
      answer: completionKind === "done" ? comments : null,
      answeredAt: completionKind === "done" ? closedAt : null,
    }));
