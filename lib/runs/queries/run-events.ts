import { desc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { history } from "../../../db/schema";
import type { Event } from "../../engine/event";
import type { Proof } from "../../logic/schema";
import type { Person } from "../../people/current-person";
import { namesOf, type Place } from "../../people/queries";
import { eventOf } from "../chain";
import type { RunPageEvent } from "../schema/run-page";
import { beganAt, commentsOf, idsIn, type Run, sayingsOf, subjectsOf, titleOf } from "./event-words";
import { nameSubjects } from "./name-subjects";

/** Events that the timeline shows; older ones are left out. */
const MAX_EVENTS = 500;

type Row = typeof history.$inferSelect;

/** What happened to a run in words, oldest first, with who did it. */
export async function runEvents(
  db: Database,
  person: Person,
  run: Run,
): Promise<{ events: RunPageEvent[]; hasMoreEvents: boolean }> {
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
  const [names, subjects] = await Promise.all([
    namesOf(
      db,
      events.flatMap(({ row, event }) => [...placesIn(row), ...assigneesIn(event)]),
    ),
    nameSubjects(db, person, [...new Set(events.flatMap(({ event }) => idsIn(event)))]),
  ]);
  const nameOf = (id: string) => names[id] ?? "Unknown";
  const subjectOf = subjectsOf(run, { subjects });
  const saidIn = sayingsOf(run);
  return {
    hasMoreEvents: rows.length > MAX_EVENTS,
    events: events.map(({ row, event }) => ({
      ...{ seq: row.seq, type: row.type, milestone: row.milestone, fromStatus: row.fromStatus, toStatus: row.toStatus },
      at: row.at.toISOString(),
      title: titleOf(row, event, { nameOf, saidIn }),
      subject: subjectOf(row, event),
      actorName: row.actorId === null ? null : nameOf(row.actorId),
      onBehalfOfName: row.onBehalfOf === null ? null : nameOf(row.onBehalfOf),
      comments: commentsOf(event),
      seconds: secondsSince(row, beganAt(run, row)),
      proof: proofIn(event),
      notMet: notMetIn(run, event),
      dueAt: event.type === "waits-changed" ? event.dueAt : null,
    })),
  };
}

/** Of events whose condition was worth writing down: "no condition" is none. */
function proofIn(event: Event): Proof | null {
  const proof =
    "proof" in event
      ? event.proof
      : "entryProof" in event
        ? event.entryProof
        : "exitProof" in event
          ? event.exitProof
          : null;
  return proof && proof.requirements.length > 0 ? proof : null;
}

/** Of a decision the outcomes that were not taken, by what people call them. */
function notMetIn({ definition }: Run, event: Event): RunPageEvent["notMet"] {
  if (event.type !== "decision-taken") return [];
  const found = definition.elements.find(({ name }) => name === event.decision);
  const outcomes = found?.type === "decision" ? found.outcomes : [];
  return (event.notMet ?? []).map(({ outcome, proof }) => ({
    name: outcome,
    label: outcomes.find(({ name }) => name === outcome)?.label ?? outcome,
    proof,
  }));
}

const secondsSince = ({ at }: Row, began: string | null): number | null =>
  began === null ? null : Math.max(0, Math.round((at.getTime() - new Date(began).getTime()) / 1_000));

const placesIn = ({ actorId, onBehalfOf }: Row): Place[] =>
  [actorId, onBehalfOf].flatMap((id): Place[] => (id === null ? [] : [{ type: "user", id }]));

const assigneesIn = (event: Event): Place[] =>
  event.type === "work-item-created" ? [event.assignee] : event.type === "work-item-reassigned" ? [event.to] : [];
