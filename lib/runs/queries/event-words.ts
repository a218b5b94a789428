import { PEOPLE } from "../../check/reads-outside";
import type { Orchestration } from "../../engine/definition";
import type { Event } from "../../engine/event";
import { definitionOf, itemById, stepById } from "../../engine/find";
import { outcomeStored } from "../../engine/outcomes";
import type { RunState } from "../../engine/state";
import type { NamedSubject } from "../schema/run-page";

export type Run = { readonly definition: Orchestration; readonly state: RunState };
type Ended = Extract<Event, { type: "work-item-completed" }>;
type Row = { readonly type: string; readonly milestone: string | null };
type Names = {
  /** What the author calls an outcome that ended a work item; null: Approve, Reject, or none. */
  readonly saidIn: (event: Ended) => string | null;
  /** Of people, groups and queues. */
  readonly nameOf: (id: string) => string;
  /** Of records and people that the run waits for. */
  readonly subjects: ReadonlyMap<string, NamedSubject>;
};

/** Milestones are named as Salesforce names them, "Start Step"; what is none in plain words. */
const WORDS: Readonly<Partial<Record<Event["type"], string>>> = {
  "step-created": "Step created",
  "step-canceled": "Cancel Step",
  "step-handed-on": "Left to a job of its own",
  "step-failure-stored": "Failure kept until the run is resumed",
  "stage-resumed": "Resume Stage",
  "variables-set": "Variables set",
  "decision-taken": "Decision taken",
  "fault-caught": "Fault path taken after",
  "work-item-flagged": "Nobody could be told by mail",
  "decision-sealed": "What the decider saw was sealed",
  "submission-sealed": "What was submitted was sealed",
  "time-out-sealed": "How the request stood then was sealed",
  "record-locked": "Record locked",
  "record-unlocked": "Record unlocked",
  "lock-kept": "A flow locked the record",
  "run-stalled": "Stalled",
  "run-unstalled": "Moves again",
  "submission-started": "Submitted",
};

export function titleOf({ milestone, type }: Row, event: Event, { nameOf, saidIn }: Omit<Names, "subjects">): string {
  const title = milestone
    ? milestone.replaceAll("_", " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
    : (WORDS[event.type] ?? type);
  switch (event.type) {
    case "submission-changed":
      return `Submission ${event.to.replaceAll("_", " ")}`;
    case "step-outputs-stored":
      return event.publishes ? "Outputs stored, and the Flow Orchestration Event published" : "Outputs stored";
    case "run-woken":
      return WOKEN[event.cause.type];
    case "waits-changed":
      return isNothing(event) ? "Waits for nothing outside any more" : "Waits for";
    case "step-auto-approved":
      return event.by === "rule"
        ? "Approved by its own rule"
        : "Approved, because nothing changed since its last approval";
    case "step-timed-out":
      return `Timed out as ${event.outcome}`;
    case "work-item-flagged":
      if (event.flag === null) return "Somebody is in its group or queue again who can do it";
      if (event.flag === "not_escalated") return "Overdue, and nobody to escalate it to";
      return event.flag === "nobody_left" ? "Nobody was left who could do it" : title;
    case "stage-resumed":
      return event.from === "suspended"
        ? title
        : `${title} after ${event.from === "error" ? "its error" : "it was left"}`;
    case "lock-kept":
      return event.keeps ? title : "A flow unlocked the record";
    case "work-item-created":
      return `${title} for ${nameOf(event.assignee.id)}`;
    case "work-item-reassigned":
      return `${title} to ${nameOf(event.to.id)}`;
    case "work-item-completed":
      return `${title}${endOf(event, saidIn(event))}`;
    default:
      return title;
  }
}

const WOKEN = {
  record: "Looked again: something it reads was changed",
  clock: "Looked again: the time had come",
  lock: "Looked again: the record's lock was given up",
  flow: "Looked again: a Flow Orchestration Event was published by",
} as const;

const isNothing = ({ records, objects, dueAt, lock }: Extract<Event, { type: "waits-changed" }>): boolean =>
  records.length === 0 && objects.length === 0 && dueAt === null && lock === null;

function endOf({ completionKind, outcome, via }: Ended, said: string | null): string {
  if (completionKind !== "done") return completionKind === "superseded" ? " (decided by others)" : " (withdrawn)";
  return outcome ? ` (${OUTCOMES[outcome] ?? said ?? outcome}${via ? ` by ${via}` : ""})` : "";
}

const OUTCOMES: Readonly<Record<string, string>> = { approve: "approved", reject: "rejected" };

/** What authors call the outcomes of their own, by the work item that was ended with one. */
export const sayingsOf =
  ({ definition, state }: Run): Names["saidIn"] =>
  ({ workItemId, outcome }) => {
    const item = itemById(state, workItemId);
    const step = item && stepById(state, item.stepRunId);
    const defined = step && definitionOf(definition, state, step);
    return defined?.kind === "approval" ? (outcomeStored(defined, outcome)?.label ?? null) : null;
  };

/** Labels of what an event is about; null where it is the run itself. */
export function subjectsOf(
  { definition, state }: Run,
  { subjects }: Pick<Names, "subjects">,
): (row: { subjectType: string; subjectId: string }, event: Event) => string | null {
  const stages = definition.elements.flatMap((element) => (element.type === "stage" ? [element] : []));
  const labels = new Map(
    [...definition.elements, ...stages.flatMap(({ steps }) => steps)].map(({ name, label }) => [name, label]),
  );
  const labelOf = (name: string | undefined) => (name === undefined ? null : (labels.get(name) ?? name));
  const shown = (id: string) => subjects.get(id)?.name ?? id;
  return ({ subjectType, subjectId }, event) => {
    switch (event.type) {
      case "decision-taken":
        return decisionText(definition, event);
      case "fault-caught":
      case "went-to-stage":
        return labelOf(event.stageName);
      case "run-woken":
        return event.cause.type === "flow" ? event.cause.flow : null;
      case "waits-changed":
        return waitsText(event, shown);
      case "record-locked":
      case "record-unlocked":
        return shown(event.recordId);
    }
    if (subjectType === "stage") return labelOf(state.stages.find(({ id }) => id === subjectId)?.name);
    if (subjectType === "step") return labelOf(state.steps.find(({ id }) => id === subjectId)?.name);
    return subjectType === "work_item" ? (state.items.find(({ id }) => id === subjectId)?.label ?? null) : null;
  };
}

/** Records named in one line of the history. */
const MAX_NAMED = 5;

function waitsText(
  { records, objects, lock, dueAt }: Extract<Event, { type: "waits-changed" }>,
  shown: (id: string) => string,
): string | null {
  const named = records.slice(0, MAX_NAMED).map(shown).join(", ");
  const more = records.length > MAX_NAMED ? ` and ${records.length - MAX_NAMED} more` : "";
  const parts = [
    ...(records.length > 0 ? [`changes of ${named}${more}`] : []),
    ...(objects.length > 0
      ? [`any change among ${objects.map((name) => (name === PEOPLE ? "people" : name)).join(", ")}`]
      : []),
    ...(lock === null ? [] : [`the lock of ${shown(lock)}`]),
    ...(dueAt === null ? [] : ["the time"]),
  ];
  return parts.length > 0 ? parts.join("; ") : null;
}

/** Ids of records and people in events that name them. */
export function idsIn(event: Event): readonly string[] {
  if (event.type === "record-locked" || event.type === "record-unlocked") return [event.recordId];
  if (event.type !== "waits-changed") return [];
  return [...event.records.slice(0, MAX_NAMED), ...(event.lock === null ? [] : [event.lock])];
}

function decisionText(
  { elements }: Orchestration,
  { decision, outcome }: Extract<Event, { type: "decision-taken" }>,
): string {
  const found = elements.find(({ name }) => name === decision);
  if (found?.type !== "decision") return decision;
  const taken =
    outcome === null ? found.defaultLabel : (found.outcomes.find(({ name }) => name === outcome)?.label ?? outcome);
  return `${found.label}: ${taken}`;
}

export function commentsOf(event: Event): string | null {
  switch (event.type) {
    case "step-failed":
    case "step-failure-stored":
      return event.element === null ? event.error : `At ${event.element}: ${event.error}`;
    case "run-failed":
      return event.error;
    case "fault-caught":
      return event.message;
    case "work-item-reassigned":
    case "work-item-overridden":
    case "run-canceled":
    case "run-suspended":
    case "run-resumed":
    case "run-stalled":
    case "run-unstalled":
    case "went-to-stage":
    case "step-skipped":
      return event.reason ?? null;
    case "submission-started":
    case "step-completed":
    case "work-item-completed":
      return event.comments || null;
    default:
      return null;
  }
}

/** When what an event ends had begun; null for events that end nothing. */
export function beganAt(
  { state }: Run,
  row: { subjectType: string; subjectId: string; toStatus: string | null },
): string | null {
  const isEnd = ["completed", "error", "canceled", "discontinued"].includes(row.toStatus ?? "");
  if (!isEnd) return null;
  switch (row.subjectType) {
    case "run":
      return state.run.startedAt;
    case "stage":
      return state.stages.find(({ id }) => id === row.subjectId)?.startedAt ?? null;
    case "step":
      return state.steps.find(({ id }) => id === row.subjectId)?.startedAt ?? null;
    case "work_item":
      return state.items.find(({ id }) => id === row.subjectId)?.createdAt ?? null;
    default:
      return null;
  }
}
