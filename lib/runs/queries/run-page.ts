import { and, asc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { history, run } from "../../../db/schema";
import { now } from "../../clock";
import { orchestrationVersion } from "../../definitions/queries";
import type { RunState } from "../../engine/state";
import { may } from "../../gate";
import { isId } from "../../ids";
import { listFaults } from "../../interviews/list-faults";
import { listWaits } from "../../interviews/list-waits";
import type { Person } from "../../people/current-person";
import { namesOf, type Place } from "../../people/queries";
import { loadFacts } from "../load-facts";
import { loadRows, stateOf } from "../load-state";
import { involvedIn } from "../may-ask";
import type { RunPage } from "../schema/run-page";
import { shownRun } from "./list-runs";
import { runEvents } from "./run-events";
import { runDecisions, runStages } from "./run-stages";

/**
 * Everything of one run that its page shows, with why it waits, evaluated now with the values as they are (P7); null: not theirs to see, or
 * none. Reads several tables one after another: a run that moves meanwhile may show its newest row beside an older one until it refreshes.
 */
export async function runPage(db: Database, person: Person, runId: string): Promise<RunPage | null> {
  const [row] = isId("run", runId) ? await db.select().from(run).where(eq(run.runId, runId)) : [];
  if (!row || !may(person, "run.read", { startedBy: row.startedBy, involved: await involvedIn(db, runId) }))
    return null;
  const pinned = await orchestrationVersion(db, row.definitionId, row.definitionVersion);
  if (!pinned) return null;
  const state = stateOf(row, await loadRows(db, runId));
  const definition = pinned.body;
  const [facts, names, timeline, taken, faults, waits] = await Promise.all([
    loadFacts(db, definition, state.run),
    namesOf(db, placesIn(state)),
    runEvents(db, { definition, state }),
    decisionsTaken(db, runId),
    listFaults(db, runId),
    listWaits(db, runId),
  ]);
  const nameOf = (id: string) => names[id] ?? "Unknown";
  const { submission } = state;
  return {
    run: {
      ...shownRun({ ...row, submissionStatus: submission?.status ?? null }, names),
      processType: row.processType,
      description: definition.description,
    },
    submission: submission && {
      status: submission.status,
      submittedByName: nameOf(submission.submittedBy),
      comments: submission.comments,
      submittedAt: submission.submittedAt,
    },
    stages: runStages(
      { definition, state, facts, evaluations: {}, seq: row.headSeq, now: now().toISOString() },
      { nameOf, faults, waits },
    ),
    decisions: runDecisions(definition, taken),
    variables: definition.variables.map(({ name, type }) => ({ name, type, value: state.run.variables[name] ?? null })),
    known: known(state, names, row.recordName),
    ...timeline,
    mayCancel: may(person, "run.cancel") && ["in_progress", "suspended", "error"].includes(row.status),
    mayRetry: may(person, "run.retry") && (row.status === "error" || row.stalledSince !== null),
    mayReassign: may(person, "item.list"),
  };
}

/** Ids of people that stand among the values of the run and its steps. */
const peopleAmong = ({ run, steps }: RunState): string[] =>
  [run.variables, ...steps.flatMap(({ inputs, outputs }) => [inputs, outputs ?? {}])]
    .flatMap((values) => Object.values(values))
    .flatMap((value) => (typeof value === "string" && isId("user", value) ? [value] : []));

function known(
  state: RunState,
  names: Readonly<Record<string, string>>,
  recordName: string | null,
): Record<string, string> {
  const people = peopleAmong(state).flatMap((id): [string, string][] =>
    names[id] === undefined ? [] : [[id, names[id]]],
  );
  const { record } = state.run;
  return Object.fromEntries(record && recordName ? [...people, [record.id, recordName]] : people);
}

function placesIn(state: RunState): Place[] {
  const {
    run: { startedBy },
    items,
    submission,
  } = state;
  const users = [
    startedBy,
    submission?.submittedBy,
    ...peopleAmong(state),
    ...items.flatMap(({ claimedBy, completedBy }) => [claimedBy, completedBy]),
  ];
  return [
    ...items.map(({ assignee }) => assignee),
    ...users.flatMap((id): Place[] => (id ? [{ type: "user", id }] : [])),
  ];
}

/** The outcome that each decision of the run took last; null is the default. */
async function decisionsTaken(db: Database, runId: string): Promise<Map<string, string | null>> {
  const rows = await db
    .select({ payload: history.payload })
    .from(history)
    .where(and(eq(history.runId, runId), eq(history.type, "decision-taken")))
    .orderBy(asc(history.seq))
    .limit(1_000);
  return new Map(
    rows
      .map(({ payload }) => payload as { decision: string; outcome: string | null })
      .map(({ decision, outcome }) => [decision, outcome]),
  );
}
