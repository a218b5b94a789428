import { desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { history } from "../../../db/schema";
import type { Orchestration } from "../../engine/definition";
import type { Event } from "../../engine/event";
import type { RunState } from "../../engine/state";
import { namesOf, type Place } from "../../people/queries";
import { eventOf } from "../chain";
import type { RunPageEvent } from "../schema/run-page";

/** Events that the timeline shows; older ones are left out. */
const MAX_EVENTS = 500;

type Run = { readonly definition: Orchestration; readonly state: RunState };
type Row = typeof history.$inferSelect;

/** What happened to a run in words, oldest first, with who did it. */
export async function runEvents(db: Database, run: Run): Promise<{ events: RunPageEvent[]; hasMoreEvents: boolean }> {
  const rows = await db
    .select()
    .from(history)
    .where(eq(history.runId, run.state.run.id))
    .orderBy(desc(history.seq))
    .limit(MAX_EVENTS + 1);
  const shown = rows.slice(0, MAX_EVENTS).reverse();
  const events = shown.map((row) => ({
    row,
    event: eventOf(row) ?? ({ type: row.type, ...(row.payload as object) } as Event),
  }));
  const names = await namesOf(
    db,
    events.flatMap(({ row, event }) => [...placesIn(row), ...assigneesIn(event)]),
  );
  const subjectOf = subjects(run);
  return {
    hasMoreEvents: rows.length > MAX_EVENTS,
    events: events.map(({ row, event }) => ({
      ...{ seq: row.seq, type: row.type, milestone: row.milestone, fromStatus: row.fromStatus, toStatus: row.toStatus },
      at: row.at.toISOString(),
      title: titleOf(row, event, (id) => names[id] ?? "Unknown"),
      subject: subjectOf(row, event),
      actorName: row.actorId === null ? null : (names[row.actorId] ?? "Unknown"),
      onBehalfOfName: row.onBehalfOf === null ? null : (names[row.onBehalfOf] ?? "Unknown"),
      comments: commentsOf(event),
    })),
  };
}

const placesIn = ({ actorId, onBehalfOf }: Row): Place[] =>
  [actorId, onBehalfOf].flatMap((id): Place[] => (id === null ? [] : [{ type: "user", id }]));

const assigneesIn = (event: Event): Place[] =>
  event.type === "work-item-created" ? [event.assignee] : event.type === "work-item-reassigned" ? [event.to] : [];

/** Milestones are named as Salesforce names them, "Start Step"; what is none in plain words. */
const WORDS: Readonly<Partial<Record<Event["type"], string>>> = {
  "step-created": "Step created",
  "step-outputs-stored": "Outputs stored",
  "step-canceled": "Cancel Step",
  "stage-resumed": "Resume Stage",
  "variables-set": "Variables set",
  "decision-taken": "Decision taken",
  "work-item-flagged": "Nobody could be told by mail",
  "run-woken": "Woken",
  "waits-changed": "Waits",
  "record-locked": "Record locked",
  "record-unlocked": "Record unlocked",
  "fault-caught": "Fault path taken",
  "step-failure-stored": "Failure stored until the run is resumed",
  "run-stalled": "Stalled",
  "run-unstalled": "Moves again",
  "submission-started": "Submitted",
};

function titleOf({ milestone, type }: Row, event: Event, nameOf: (id: string) => string): string {
  if (event.type === "submission-changed") return `Submission ${event.to.replaceAll("_", " ")}`;
  const title = milestone
    ? milestone.replaceAll("_", " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
    : (WORDS[event.type] ?? type);
  if (event.type === "work-item-created") return `${title} for ${nameOf(event.assignee.id)}`;
  if (event.type === "work-item-reassigned") return `${title} to ${nameOf(event.to.id)}`;
  if (event.type !== "work-item-completed") return title;
  if (event.completionKind !== "done") return `${title} (withdrawn)`;
  return event.outcome ? `${title} (${event.outcome === "approve" ? "approved" : "rejected"})` : title;
}

/** Labels of what an event is about; null where it is the run itself. */
function subjects({ definition, state }: Run): (row: Row, event: Event) => string | null {
  const stages = definition.elements.flatMap((element) => (element.type === "stage" ? [element] : []));
  const labels = new Map(
    [...definition.elements, ...stages.flatMap(({ steps }) => steps)].map(({ name, label }) => [name, label]),
  );
  const labelOf = (name: string | undefined) => (name === undefined ? null : (labels.get(name) ?? name));
  return ({ subjectType, subjectId }, event) => {
    if (event.type === "decision-taken") return decisionText(definition, event);
    if (subjectType === "stage") return labelOf(state.stages.find(({ id }) => id === subjectId)?.name);
    if (subjectType === "step") return labelOf(state.steps.find(({ id }) => id === subjectId)?.name);
    return subjectType === "work_item" ? (state.items.find(({ id }) => id === subjectId)?.label ?? null) : null;
  };
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

function commentsOf(event: Event): string | null {
  switch (event.type) {
    case "step-failed":
    case "run-failed":
      return event.error;
    case "work-item-reassigned":
    case "run-canceled":
    case "run-resumed":
    case "run-stalled":
    case "run-unstalled":
      return event.reason ?? null;
    case "submission-started":
    case "work-item-completed":
      return event.comments || null;
    default:
      return null;
  }
}
