import { eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { AUTOMATED_USER_ID, run } from "../../../db/schema";
import { now } from "../../clock";
import { orchestrationVersion } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import { elementsOf } from "../../engine/find";
import type { RunState, WorkItem } from "../../engine/state";
import { may } from "../../gate";
import { isId } from "../../ids";
import { listFaults } from "../../interviews/list-faults";
import { listWaits } from "../../interviews/list-waits";
import type { Person } from "../../people/current-person";
import { namesOf, type Place } from "../../people/queries";
import { mayOpenRecord } from "../../records/queries/name-targets";
import { askNow } from "../ask-now";
import { loadFacts, subjectOf } from "../load-facts";
import { loadRows, stateOf } from "../load-state";
import { subjectOf as itemSubject, playOf, submissionOf } from "../may-ask";
import type { RunControl } from "../schema/run-control";
import type { RunPage } from "../schema/run-page";
import { shownRun } from "./list-runs";
import { lockHeld } from "./lock-held";
import { machineSteps } from "./machine-steps";
import { nameSubjects } from "./name-subjects";
import { runControl } from "./run-control";
import { runEvents } from "./run-events";
import { runDecisions, runStages } from "./run-stages";
import { runWaits } from "./run-waits";
import { stagesEntered } from "./stages-entered";
import { tracedFlows } from "./traced-flows";

/**
 * Everything of one run that its page shows, with why it waits, evaluated now with the values as they are (P7); null: not theirs to see, or
 * none. Reads several tables one after another: a run that moves meanwhile may show its newest row beside an older one until it refreshes.
 */
export async function runPage(db: Database, person: Person, runId: string): Promise<RunPage | null> {
  const shown = await shownTo(db, person, runId);
  if (!shown) return null;
  const [page, timeline] = await Promise.all([pageOf(db, person, shown), runEvents(db, person, shown)]);
  return { ...page, ...timeline };
}

/** What the person can do to a run, for lists; null: not theirs to see, or none. */
export async function controlOf(db: Database, person: Person, runId: string): Promise<RunControl | null> {
  const shown = await shownTo(db, person, runId);
  if (!shown) return null;
  const names = await namesOf(db, placesIn(shown.state));
  const { row } = shown;
  return runControl(db, shown, {
    person,
    title: row.recordName ?? row.label,
    nameOf: (id) => names[id] ?? "Unknown",
  });
}

type Shown = {
  readonly row: typeof run.$inferSelect;
  /** With only those elements that belong to the run. */
  readonly definition: Orchestration;
  readonly state: RunState;
};

/** The run as it is, for whoever may read it. */
async function shownTo(db: Database, person: Person, runId: string): Promise<Shown | null> {
  const [row] = isId("run", runId) ? await db.select().from(run).where(eq(run.runId, runId)) : [];
  if (!row || !may(person, "run.read", row)) return null;
  const pinned = await orchestrationVersion(db, row.definitionId, row.definitionVersion);
  if (!pinned) return null;
  const state = stateOf(row, await loadRows(db, runId));
  return { row, state, definition: { ...pinned.body, elements: elementsOf(pinned.body, state.run) } };
}

/** All of the page but its timeline. */
async function pageOf(
  db: Database,
  person: Person,
  { row, definition, state }: Shown,
): Promise<Omit<RunPage, "events" | "hasMoreEvents">> {
  const { runId } = row;
  const [facts, names, faults, waits, machines, ways, named] = await Promise.all([
    loadFacts(db, definition, subjectOf(state)),
    namesOf(db, placesIn(state)),
    listFaults(db, runId),
    listWaits(db, runId),
    machineSteps(db, runId, may(person, "run.control", playOf(state))),
    stagesEntered(db, definition, runId),
    nameSubjects(db, person, state.run.waits.records),
  ]);
  const nameOf = (id: string) => names[id] ?? (isId("user", id) ? "Unknown" : id);
  const { submission } = state;
  const outside = await runWaits(db, state, { person, named });
  const unasked = { definition, state, facts, evaluations: {}, seq: row.headSeq, now: now().toISOString() };
  const view = { ...unasked, evaluations: await askNow(unasked) };
  const { debug, faultMessage } = state.run;
  const isMine = (item: WorkItem) => !item.voting && may(person, "item.work", itemSubject(state, item));
  const beside = { nameOf, isMine, faults, waits, machines, ways };
  const stages = runStages(view, beside);
  const maySeeFlows = debug !== null && may(person, "run.control", playOf(state));
  return {
    run: {
      ...shownRun({ ...row, submissionStatus: submission?.status ?? null }, names),
      ...{ processType: row.processType, description: definition.description, faultMessage },
      lock: await lockHeld(db, { definition, state }, nameOf),
      playedByName: debug && nameOf(debug.playedBy),
    },
    submission: submission && {
      status: submission.status,
      submittedByName: nameOf(submission.submittedBy),
      comments: submission.comments,
      submittedAt: submission.submittedAt,
    },
    stages,
    flows: maySeeFlows ? await tracedFlows(db, { definition, state }) : [],
    decisions: runDecisions(definition, ways.decided),
    variables: definition.variables.map(({ name, type }) => ({ name, type, value: state.run.variables[name] ?? null })),
    known: known(state, names, row.recordName),
    waits: outside,
    control: await runControl(db, { definition, state }, { person, title: row.recordName ?? row.label, nameOf }),
    maySeeAll: may(person, "run.list"),
    mayReassign: may(person, "item.list") && may(person, "approval.steer", submissionOf({ definition, state })),
    mayOpenRecord: state.run.record !== null && (await mayOpenRecord(db, person, state.run.record)),
  };
}

/** Ids of people that stand among the values of the run and its steps. */
const peopleAmong = ({ run, steps }: RunState): string[] =>
  [run.variables, ...steps.flatMap(({ inputs, outputs }) => [inputs, outputs ?? {}])]
    .flatMap((values) => Object.values(values))
    .flatMap((value) =>
      typeof value === "string" && (isId("user", value) || value === AUTOMATED_USER_ID) ? [value] : [],
    );

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
    run: { startedBy, debug },
    items,
    submission,
  } = state;
  const users = [
    startedBy,
    debug?.playedBy,
    submission?.submittedBy,
    ...state.steps.flatMap(({ runAs }) => (runAs !== null && isId("user", runAs) ? [runAs] : [])),
    ...peopleAmong(state),
    ...items.flatMap(({ claimedBy, completedBy }) => [claimedBy, completedBy]),
  ];
  return [
    ...items.map(({ assignee }) => assignee),
    ...users.flatMap((id): Place[] => (id ? [{ type: "user", id }] : [])),
  ];
}
