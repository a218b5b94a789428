import { and, desc, eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { assignment, run, submission } from "../../../db/schema";
import { orchestrationVersion } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import { may } from "../../gate";
import { ownProperty } from "../../logic/value";
import type { Person } from "../../people/current-person";
import { sealedFile } from "../../records/queries/files-of";
import { nameIds } from "../../records/queries/name-ids";
import { shapedRecord } from "../../records/queries/shaped-record";
import { type HeldRun, readRuns } from "../../runs/hold-run";
import { isInvolving, playOf } from "../../runs/may-ask";
import { isInPlace } from "../../runs/place-in";
import { idsAmong, showValue, valuesAt } from "../../work/queries/facts";
import {
  type Before,
  changedSince,
  hasApproved,
  type Now,
  pathsSeen,
  type Sealed,
  sealedBefore,
} from "../../work/queries/sealed-before";
import { tracedStages } from "../../work/queries/traced-stages";
import type { RecordTrace, Trace } from "../schema";

/** Submissions that a record's page shows; older ones are in the list of runs. */
const MAX_SHOWN = 8;

/** A submission with all that is beneath it. */
type Found = HeldRun & {
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
  const now = await nowOf(db, person, { recordId, before });
  const names = await nameIds(db, person, [...found.flatMap(idsIn), ...sealed.map(({ decidedBy }) => decidedBy)]);
  const nameOf = (id: string) => names[id] ?? "Automated Process";
  const look = { person, before, now, recalls, nameOf };
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
        ? [{ ...one, definition: pinned.body, involved, isInPlace: await isInPlace(db, person, one) }]
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
): Promise<Now> {
  const paths = [...new Set(pathsSeen(before))].filter((path) => path.startsWith("$Record."));
  const row = paths.length > 0 || before.decisions.length > 0 ? await shapedRecord(db, recordId) : null;
  const values = await valuesAt(db, { state: null, definition: null, row }, paths);
  const names = await nameIds(db, person, idsAmong(Object.values(values)));
  return {
    values,
    show: (value, path) => showValue(value, path, { row, names }),
    files: (row?.files ?? []).map(sealedFile),
  };
}

const idsIn = ({ state: { items, submission: submitted } }: Found): (string | null)[] => [
  submitted?.submittedBy ?? null,
  ...items.flatMap(({ assignee, completedBy, onBehalfOf }) => [assignee.id, completedBy, onBehalfOf]),
];

type Look = {
  readonly person: Person;
  readonly before: Before;
  readonly now: Now;
  readonly recalls: Awaited<ReturnType<typeof recallsOf>>;
  readonly nameOf: (id: string) => string;
};

function shown(one: Found, all: readonly Found[], look: Look): Trace[] {
  const { row, state, definition } = one;
  const { person, nameOf } = look;
  const { decisions: sealed } = look.before;
  const filesSeen = (id: string) => sealed.find(({ workItemId }) => workItemId === id)?.saw.files ?? [];
  const { submission: submitted } = state;
  if (!submitted) return [];
  const { startedBy } = state.run;
  const maySeeRun = may(person, "run.read", { startedBy });
  const mayKnow = knows(person, one);
  const isOpen = submitted.status === "in_progress";
  const recall = definition.approval?.recallStage ?? null;
  const recalled = look.recalls.get(row.runId) ?? null;
  return [
    {
      ...{ runId: row.runId, processLabel: row.label, status: submitted.status },
      ...{ submittedAt: submitted.submittedAt, endedAt: submitted.endedAt },
      submittedByName: nameOf(submitted.submittedBy),
      comments: mayKnow ? submitted.comments : "",
      stages: mayKnow ? tracedStages(state, definition, { person, nameOf, seesProofs: maySeeRun, filesSeen }) : null,
      changes: mayKnow ? changesOf(one, all, look) : null,
      recallPath: recall && { label: recall.label, status: recalled },
      mayRecall:
        isOpen &&
        (definition.approval?.allowsRecall ?? true) &&
        may(person, "approval.recall", { submittedBy: submitted.submittedBy }),
      mayCancel: state.run.endedAt === null && may(person, "run.cancel", playOf(state)),
      maySeeRun,
    },
  ];
}

/** Whether who decided what is theirs to know: they started it, have or had work of it, or stand in for somebody who does. */
const knows = (person: Person, { state, involved, isInPlace }: Found): boolean =>
  isInPlace || may(person, "run.know", { startedBy: state.run.startedBy, involved });

/** What was different when this was submitted from the submission before. */
function changesOf(one: Found, all: readonly Found[], { before: { submissions } }: Look): Trace["changes"] {
  const former = all.slice(all.indexOf(one) + 1).find(({ row }) => row.definitionId === one.row.definitionId);
  const [last, own] = [former, one].map((of) => submissions.find(({ runId }) => runId === of?.row.runId));
  if (!last || !own) return null;
  const { values, facts, files } = own.saw;
  const known = last.saw.facts.filter(({ path }) => Object.hasOwn(values, path));
  const shownThen = (path: string) => facts.find((fact) => fact.path === path)?.shown ?? "";
  return changedSince(
    { saw: { ...last.saw, facts: known } },
    { values, files, show: (_value, path) => shownThen(path) },
  );
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
      facts: facts.filter(({ path }) => ownProperty(now.values, path) !== null || path.startsWith("$Record.")),
    };
    const changes = known ? changedSince({ saw }, now) : [];
    const said = { byName: nameOf(one.decidedBy), at: one.decidedAt.toISOString() };
    return of && changes.length > 0 ? [{ processLabel: of.row.label, ...said, changes }] : [];
  });
}
