import { and, desc, eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { assignment, run, submission } from "../../../db/schema";
import { orchestrationVersion, type Pinned } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import type { WorkItem } from "../../engine/state";
import { may } from "../../gate";
import type { Person } from "../../people/current-person";
import { sealedFile } from "../../records/queries/files-of";
import { nameIds } from "../../records/queries/name-ids";
import { shapedRecord } from "../../records/queries/shaped-record";
import { type HeldRun, readRuns } from "../../runs/hold-run";
import { isInvolving, playOf, recallOf } from "../../runs/may-ask";
import { isInPlace } from "../../runs/place-in";
import { fingerprintOf } from "../../work/fingerprint";
import {
  type Fact,
  fieldsFilled,
  idsAmong,
  isOfRecord,
  isReadable,
  showValue,
  valuesAt,
} from "../../work/queries/facts";
import {
  type Before,
  behindSeen,
  changedSince,
  hasApproved,
  type Now,
  pathsSeen,
  type Sealed,
  sealedBefore,
  valuesSeen,
} from "../../work/queries/sealed-before";
import { tracedStages } from "../../work/queries/traced-stages";
import { type Looked, seenAt } from "../../work/seen-at";
import type { RecordTrace, Trace } from "../schema";
import { type TakenBack, takenBackAmong } from "./taken-back";

/** Submissions that a record's page shows; older ones are in the list of runs. */
const MAX_SHOWN = 8;

/** A submission with all that is beneath it. */
type Found = HeldRun & {
  readonly pinned: Pinned<Orchestration>;
  readonly definition: Orchestration;
  readonly involved: readonly string[];
  /** Whether the reader stands in for somebody whose approval is in it. */
  readonly isInPlace: boolean;
};

/** The submissions of a record, the newest first. Whoever may read the record knows that there are some; what is in them is for those involved. */
export async function traceOf(db: Database, person: Person, recordId: string): Promise<RecordTrace> {
  const rows = await db
    .select({ runId: submission.runId })
    .from(submission)
    .where(eq(submission.recordId, recordId))
    .orderBy(desc(submission.submittedAt), desc(submission.runId))
    .limit(MAX_SHOWN + 1);
  if (rows.length === 0) return { submissions: [], hasMore: false, stale: [] };
  const ids = rows.slice(0, MAX_SHOWN).map(({ runId }) => runId);
  const [found, before, recalls] = await Promise.all([
    foundOf(db, person, ids),
    sealedBefore(db, recordId, null),
    recallsOf(db, recordId),
  ]);
  const { decisions: sealed } = before;
  const { looked, ...now } = await nowOf(db, person, { recordId, before });
  const canceled = found.filter(({ state }) => state.run.status === "canceled").map(({ row }) => row.runId);
  const takenBack = await takenBackAmong(db, canceled);
  const takers = [...takenBack.values()].map(({ byId }) => byId);
  const deciders = sealed.map(({ decidedBy }) => decidedBy);
  const names = await nameIds(db, person, [...found.flatMap(idsIn), ...deciders, ...takers]);
  const nameOf = (id: string) => names[id] ?? "Automated Process";
  const look = { person, before, now, recalls, takenBack, nameOf, shownAs: shownHere(recordId, looked) };
  return {
    submissions: found.flatMap((one) => shown(one, found, look)),
    hasMore: rows.length > MAX_SHOWN,
    stale: staleApprovals(found, look),
  };
}

async function foundOf(db: Database, person: Person, ids: readonly string[]): Promise<Found[]> {
  const [held, given] = await Promise.all([
    readRuns(db, ids),
    db
      .selectDistinct({ runId: assignment.runId, id: assignment.toId })
      .from(assignment)
      .where(and(inArray(assignment.runId, [...ids]), isInvolving))
      .limit(5_000),
  ]);
  const found = await Promise.all(
    ids.map(async (runId) => {
      const one = held.find(({ row }) => row.runId === runId);
      const pinned = one && (await orchestrationVersion(db, one.row.definitionId, one.row.definitionVersion));
      const involved = given.filter((to) => to.runId === runId).map(({ id }) => id);
      return one && pinned
        ? [{ ...one, pinned, definition: pinned.body, involved, isInPlace: await isInPlace(db, person, one) }]
        : [];
    }),
  );
  return found.flat();
}

/** How the recall paths of a record's submissions stand, by the run that was recalled. */
async function recallsOf(db: Database, recordId: string) {
  const rows = await db
    .select({ parent: run.parentRunId, status: run.status })
    .from(run)
    .where(and(eq(run.recordId, recordId), eq(run.kind, "recall")))
    .orderBy(desc(run.startedAt))
    .limit(MAX_SHOWN);
  return new Map(rows.map(({ parent, status }) => [parent, status]));
}

/** The values that were shown to approvers, as they are now. */
async function nowOf(
  db: Database,
  person: Person,
  { recordId, before }: { recordId: string; before: Before },
): Promise<Now & { readonly looked: Omit<Looked, "pinned"> }> {
  const steers = may(person, "approval.override");
  const seen = pathsSeen(before).filter(isOfRecord);
  const row = seen.length + before.decisions.length > 0 || steers ? await shapedRecord(db, recordId) : null;
  const paths = [...new Set([...seen, ...(steers ? fieldsFilled(row).map(({ path }) => path) : [])])];
  const found = await valuesAt(db, { state: null, definition: null, row }, paths);
  const { values } = found;
  const behind = [...behindSeen(before), ...Object.values(found.behind).flat()];
  const names = await nameIds(db, person, [...idsAmong([...Object.values(values), ...valuesSeen(before)]), ...behind]);
  return {
    values,
    show: (value, path) => showValue(value, path, { row, names }),
    files: (row?.files ?? []).map(sealedFile),
    isTheirs: (fact) => isReadable(fact, { found, names }),
    looked: { row, found, names },
  };
}

/** The fingerprint of what the record's own page shows beside an item about it. */
const shownHere =
  (recordId: string, looked: Omit<Looked, "pinned">) =>
  ({ pinned }: Found) =>
  ({ record }: WorkItem): string | undefined =>
    record?.id === recordId ? fingerprintOf(seenAt("record", { pinned, ...looked }), "record") : undefined;

const idsIn = ({ state: { items, submission: submitted } }: Found): (string | null)[] => [
  submitted?.submittedBy ?? null,
  ...items.flatMap(({ assignee, completedBy, onBehalfOf }) => [assignee.id, completedBy, onBehalfOf]),
];

type Look = {
  readonly person: Person;
  readonly before: Before;
  readonly now: Now;
  readonly recalls: Awaited<ReturnType<typeof recallsOf>>;
  readonly takenBack: ReadonlyMap<string, TakenBack>;
  readonly nameOf: (id: string) => string;
  readonly shownAs: ReturnType<typeof shownHere>;
};

function shown(one: Found, all: readonly Found[], look: Look): Trace[] {
  const { row, state, definition } = one;
  const { person, nameOf } = look;
  const { decisions: sealed } = look.before;
  const filesSeen = (id: string) => sealed.find(({ workItemId }) => workItemId === id)?.saw.filesShown ?? [];
  const { submission: submitted } = state;
  if (!submitted) return [];
  const maySeeRun = may(person, "run.read", row);
  const mayKnow = knows(person, one);
  const isOpen = submitted.status === "in_progress";
  const traced = { person, nameOf, seesProofs: maySeeRun, filesSeen, shownAs: look.shownAs(one) };
  const recall = definition.approval?.recallStage ?? null;
  const recalled = look.recalls.get(row.runId) ?? null;
  const taken = look.takenBack.get(row.runId);
  return [
    {
      ...{ runId: row.runId, processLabel: row.label, status: submitted.status },
      ...{ submittedAt: submitted.submittedAt, endedAt: submitted.endedAt, isDebug: row.isDebug },
      submittedByName: nameOf(submitted.submittedBy),
      comments: mayKnow ? submitted.comments : "",
      stages: mayKnow ? tracedStages(state, definition, traced) : null,
      changes: mayKnow ? changesOf(one, all, look) : null,
      takenBack: mayKnow && taken ? { byName: nameOf(taken.byId ?? ""), reason: taken.reason } : null,
      recallPath: recall && { label: recall.label, status: recalled },
      mayRecall:
        isOpen && (definition.approval?.allowsRecall ?? true) && may(person, "approval.recall", recallOf(state)),
      mayCancel: state.run.endedAt === null && may(person, "run.cancel", playOf(state)),
      maySeeRun,
    },
  ];
}

/** Whether who decided what is theirs to know: they asked for it, have or had work of it, or stand in for somebody who does. */
const knows = (person: Person, { row: { askedBy }, involved, isInPlace }: Found): boolean =>
  isInPlace || may(person, "run.know", { askedBy, involved });

/** What was different when this was submitted from the submission before. */
function changesOf(one: Found, all: readonly Found[], { before: { submissions }, now }: Look): Trace["changes"] {
  const former = all.slice(all.indexOf(one) + 1).find(({ row }) => row.definitionId === one.row.definitionId);
  const [last, own] = [former, one].map((of) => submissions.find(({ runId }) => runId === of?.row.runId));
  if (!last || !own) return null;
  const { facts, files } = own.saw;
  const then = new Map(facts.map((fact) => [fact.path, fact]));
  const known = last.saw.facts.filter(({ path }) => then.has(path));
  const values = Object.fromEntries(facts.map(({ path, value }) => [path, value]));
  const isTheirs = (fact: Fact) => [fact, then.get(fact.path) ?? fact].every(now.isTheirs);
  return changedSince({ saw: { ...last.saw, facts: known } }, { ...now, values, files, isTheirs });
}

/** The newest approval of each process whose facts are not what they were. */
function staleApprovals(found: readonly Found[], { person, before, now, nameOf }: Look): RecordTrace["stale"] {
  const newest = new Map<string, Sealed>();
  const approved = before.decisions.filter((one) => {
    const of = found.find(({ row }) => row.runId === one.runId);
    return of !== undefined && hasApproved(of.definition, one);
  });
  for (const one of approved.toReversed()) newest.set(one.definitionId, one);
  return [...newest.values()].flatMap((one) => {
    const of = found.find(({ row }) => row.runId === one.runId);
    const known = of && knows(person, of);
    const { facts } = one.saw;
    const saw = {
      ...one.saw,
      facts: facts.filter(({ path }) => isOfRecord(path)),
    };
    const changes = known ? changedSince({ saw }, now) : [];
    const said = { byName: nameOf(one.decidedBy), at: one.decidedAt.toISOString() };
    return of && changes.length > 0 ? [{ processLabel: of.row.label, ...said, changes }] : [];
  });
}
