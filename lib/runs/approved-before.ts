import { and, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../db/client";
import { run, sealedDecision, stepRun, workItem } from "../../db/schema";
import { orchestrationVersion } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { outcomeNamed, outcomeStored } from "../engine/outcomes";
import type { Values } from "../engine/state";
import { canonicalJson } from "../logic/canonical";
import { isList, ownProperty, type Value } from "../logic/value";
import { filesOf, sealedFile } from "../records/queries/files-of";
import { areSameFiles } from "../records/schema/sealed-file";

/** Decisions that are looked back over, the newest: what was approved before them is asked for again. */
const MAX_SAID = 500;

type Asked = {
  readonly recordId: string;
  readonly process: Orchestration;
  /** Steps by name that may be skipped while nothing changes. */
  readonly steps: readonly string[];
  readonly submitters: readonly string[];
};

/**
 * By step the values that its last approval of the record rested on. An approval is what the step itself came to, in a run of the process that
 * ended and was no debug run. It is none any more once something about the record was refused since, with other files attached, or for a
 * submitter who gave it themselves. It rests on what all who gave it saw alike, and on the policy and the facts that they were shown: where the
 * record was changed between two votes, or the definition says other things now, somebody has to look at it.
 */
export async function approvedBefore(db: Database, asked: Asked): Promise<{ [step: string]: Values }> {
  const { process, recordId, steps } = asked;
  const decided = await decidedSteps(db, asked);
  const newest = steps.flatMap((name) => {
    // One that was skipped because nothing had changed rests on the approval before it.
    const [last] = decided.filter(({ step, by, isOver }) => step === name && by !== "unchanged" && isOver);
    return last?.said === "Approve" ? [last] : [];
  });
  if (newest.length === 0) return {};
  const [refused, seals, attached, versions] = [
    [...decided, ...(await saidAbout(db, asked))].filter((one) => !approves(process, one)),
    (await sealsOf(db, newest)).filter((one) => approves(process, one)),
    await filesOf(db, recordId),
    await versionsOf(db, process, newest),
  ];
  const files = attached.map(sealedFile);
  const holds = newest.flatMap((basis): [string, Values][] => {
    const own = seals.filter(({ stepRunId }) => stepRunId === basis.stepRunId);
    const [last] = own;
    const isGivenBySubmitter = own.some(({ people }) => asked.submitters.some((id) => people.includes(id)));
    const isOwn = isGivenBySubmitter && !process.approval?.allowsSelfApproval;
    if (!last || isOwn || refused.some((one) => voids(one, basis))) return [];
    if (!isUnderSameTerms(versions.get(basis.version), process, basis.step)) return [];
    const paths = skippedBy(process, basis.step);
    const isAlike = own.every(({ seen }) => textOfValues(seen, paths) === textOfValues(last.seen, paths));
    // With other files it is another request, whatever its fields say: somebody has to look at it.
    return isAlike && own.every(({ seen }) => areSameFiles(filesSeen(seen), files))
      ? [[basis.step, valuesSeen(last.seen)]]
      : [];
  });
  return Object.fromEntries(holds);
}

/** What a step came to, or what somebody said at it. `at` is null while it goes on. */
type Said = { readonly runId: string; readonly step: string; readonly said: Value; readonly at: Date | null };
type Decided = Said & {
  readonly stepRunId: string;
  readonly by: "rule" | "unchanged" | "time_out" | null;
  /** Whether its run has ended for good. */
  readonly isOver: boolean;
  /** Of the definition that it was decided by. */
  readonly version: number;
};

const skippedBy = ({ elements }: Orchestration, name: string): string[] =>
  elements
    .flatMap((element) => (element.type === "stage" ? element.steps : []))
    .flatMap((step) => (step.name === name && step.kind === "approval" ? step.skipIfUnchanged : []));

/** Whether approvers of that step are shown the same policy and facts in both versions, and it is skipped by the same. */
function isUnderSameTerms(before: Orchestration | undefined, now: Orchestration, step: string): boolean {
  const terms = (one: Orchestration) =>
    canonicalJson([one.approval?.policy ?? "", one.approval?.facts ?? [], skippedBy(one, step).toSorted()]);
  return before !== undefined && terms(before) === terms(now);
}

/** The versions of the definition by which those were decided. */
async function versionsOf(db: Database, { name }: Orchestration, decided: readonly Decided[]) {
  const versions = [...new Set(decided.map(({ version }) => version))];
  const found = await Promise.all(versions.map((version) => orchestrationVersion(db, name, version)));
  return new Map(found.flatMap((pinned) => (pinned ? [[pinned.version, pinned.body] as const] : [])));
}

const textOfValues = (seen: Value, paths: readonly string[]): string =>
  canonicalJson(paths.map((path) => ownProperty(valuesSeen(seen), path)));

function approves({ elements }: Orchestration, { step, said }: Pick<Said, "step" | "said">): boolean {
  const defined = elements
    .flatMap((element) => (element.type === "stage" ? element.steps : []))
    .find(({ name }) => name === step);
  const known = defined?.kind === "approval" ? defined : PLAIN;
  return (outcomeNamed(known, said) ?? outcomeStored(known, String(said)))?.does === "approve";
}

const PLAIN = { outcomes: [], approveNeedsReason: false, rejectNeedsReason: false };

/** Whether what was refused came later, and not at another step of the very run that the approval is of: that leaves it as it is. */
const voids = (refused: Said, basis: Said): boolean =>
  (refused.runId !== basis.runId || refused.step === basis.step) &&
  (refused.at === null || basis.at === null || refused.at > basis.at);

const inRunsOf = ({ recordId, process }: Asked) =>
  and(eq(run.recordId, recordId), eq(run.definitionId, process.name), eq(run.isDebug, false));

/** What the process's approval steps about the record came to, the newest first. */
async function decidedSteps(db: Database, asked: Asked): Promise<Decided[]> {
  const rows = await db
    .select({ step: stepRun, status: run.status, version: run.definitionVersion })
    .from(run)
    .innerJoin(stepRun, eq(stepRun.runId, run.runId))
    .where(and(inRunsOf(asked), eq(stepRun.kind, "approval"), isNotNull(stepRun.outputs)))
    .orderBy(desc(run.startedAt), desc(run.runId), desc(stepRun.ordinal))
    .limit(MAX_SAID);
  return rows.map(({ step: { runId, stepRunId, name, outputs, endedAt, decidedBy }, status, version }) => ({
    ...{ runId, stepRunId, step: name, at: endedAt, by: decidedBy },
    said: ownProperty(outputs, "approvalDecision"),
    isOver: status === "completed" || status === "canceled",
    version,
  }));
}

/** What people said about the record, at steps too that came to nothing; the newest first. */
async function saidAbout(db: Database, asked: Asked): Promise<Said[]> {
  const rows = await db
    .select({ runId: run.runId, step: stepRun.name, said: workItem.outcome, at: workItem.closedAt })
    .from(run)
    .innerJoin(workItem, eq(workItem.runId, run.runId))
    .innerJoin(stepRun, and(eq(stepRun.runId, run.runId), eq(stepRun.stepRunId, workItem.stepRunId)))
    .where(and(inRunsOf(asked), eq(workItem.kind, "approval"), eq(workItem.completionKind, "done")))
    .orderBy(desc(workItem.closedAt))
    .limit(MAX_SAID);
  return rows;
}

/** What was said at those steps since they were last asked for, with what was seen, the newest first. */
async function sealsOf(db: Database, decided: readonly Decided[]) {
  const { seen } = sealedDecision;
  const { stepRunId, completedBy, onBehalfOf } = workItem;
  const ids = decided.map((one) => one.stepRunId);
  const rows = await db
    .select({ stepRunId, completedBy, onBehalfOf, seen, said: sealedDecision.outcome })
    .from(sealedDecision)
    .innerJoin(
      workItem,
      and(eq(workItem.runId, sealedDecision.runId), eq(workItem.workItemId, sealedDecision.workItemId)),
    )
    .where(
      and(
        inArray(
          workItem.runId,
          decided.map(({ runId }) => runId),
        ),
        inArray(stepRunId, ids),
        sql`not exists (select 1 from work_item sent where sent.run_id = ${workItem.runId} and sent.step_run_id = ${stepRunId}
          and sent.kind = 'revision' and (sent.created_at, sent.work_item_id) > (${workItem.createdAt}, ${workItem.workItemId}))`,
      ),
    )
    .orderBy(desc(sealedDecision.decidedAt));
  const stepOf = (id: string) => decided.find((one) => one.stepRunId === id)?.step ?? "";
  return rows.map((row) => ({ ...row, step: stepOf(row.stepRunId), people: [row.completedBy, row.onBehalfOf] }));
}

const namedFiles = z.array(z.object({ name: z.string(), sha256: z.string() }));
const withFiles = z.object({ files: namedFiles, rests: z.object({ files: namedFiles }).optional() });

/** What was attached, shown to the decider or not. */
function filesSeen(seen: Value) {
  const { data } = withFiles.safeParse(seen);
  return data ? [...data.files, ...(data.rests?.files ?? [])] : [];
}

/** The values by path that a decision was sealed with; of older ones among all that was seen. */
const valuesSeen = (seen: Value): Values => within(within(seen, "rests") ?? seen, "values") ?? {};

function within(value: Value, name: string): Values | null {
  const found = typeof value === "object" && !isList(value) ? ownProperty(value, name) : null;
  return typeof found === "object" && found !== null && !isList(found) ? found : null;
}
