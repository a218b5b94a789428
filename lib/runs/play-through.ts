import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { job } from "../../db/schema";
import type { RecordChange, Tx } from "../../db/transaction";
import type { Command, WakeCause } from "../engine/command";
import { type BackgroundStep, stepBackgroundFlow } from "../interviews/step-background-flow";
import { readBackground } from "../interviews/store-interview";
import { dispatch } from "./dispatch";
import { holdRun } from "./hold-run";
import { inItsName } from "./in-its-name";
import { react } from "./react";

/** Jobs that one play does, and the seconds it may take unless said: its transaction holds what it touches. */
const MAX_JOBS = 500;
const MAX_SECONDS = 10;
/** Commits that one flow is given. */
const MAX_COMMITS = 500;

export type Played = {
  /** What was saved on the way, in order. */
  readonly changes: readonly RecordChange[];
  /** The sentence of a bound that was met. */
  readonly bound: string | null;
};

type Job = typeof job.$inferSelect;

/**
 * Does in this transaction what the worker would do for a run after each commit: its flows, what they wait for as far as it is due, and what
 * records that are saved lead to. Nothing that must leave the database: operations are not called. For a run that is rolled back.
 */
export async function playThrough(tx: Tx, runId: string, seconds = MAX_SECONDS): Promise<Played> {
  const endsAt = performance.now() + seconds * 1_000;
  const changes: RecordChange[] = [];
  for (let done = 0; done < MAX_JOBS; done++) {
    changes.push(...(await reactions(tx)));
    const next = await dueJob(tx, runId);
    if (!next) return { changes, bound: null };
    if (performance.now() > endsAt) return { changes, bound: `It was stopped after ${seconds} seconds.` };
    await perform(tx, runId, next);
    await tx.db.update(job).set({ status: "done", endedAt: sql`clock_timestamp()` }).where(eq(job.jobId, next.jobId));
  }
  return { changes, bound: `It was stopped after ${MAX_JOBS} jobs.` };
}

/** What a commit would do about the records that were saved before it. */
async function reactions(tx: Tx): Promise<RecordChange[]> {
  const { depth } = tx;
  const all: RecordChange[] = [];
  for (let changes = tx.recordChanges.splice(0); changes.length > 0; changes = tx.recordChanges.splice(0)) {
    all.push(...changes);
    tx.depth++;
    await react(tx, changes);
  }
  tx.depth = depth;
  return all;
}

async function dueJob(tx: Tx, runId: string): Promise<Job | undefined> {
  const [found] = await tx.db
    .select()
    .from(job)
    .where(
      and(
        eq(job.runId, runId),
        eq(job.status, "queued"),
        inArray(job.kind, ["run_flow", "resume_flow", "wake"]),
        sql`${job.runAt} <= clock_timestamp()`,
      ),
    )
    .orderBy(job.createdAt, job.jobId)
    .limit(1);
  return found;
}

async function perform(tx: Tx, runId: string, next: Job): Promise<void> {
  const { kind, stepRunId, payload } = next;
  // A refusal is an answer: the run has moved on meanwhile.
  if (kind === "wake") await dispatch(tx, "system", { runId, command: { type: "wake", cause: causeOf(payload) } });
  else if (stepRunId !== null) await runFlow(tx, { ...next, runId, stepRunId });
}

const causeSchema = z.object({
  type: z.enum(["record", "clock", "lock", "flow"]),
  flow: z.string().default(""),
  runId: z.string().nullable().default(null),
});

function causeOf(payload: unknown): WakeCause {
  const { type, ...by } = causeSchema.safeParse(payload).data ?? { type: "record" as const, flow: "", runId: null };
  return type === "flow" ? { type, ...by } : { type };
}

const flowSchema = z.object({ flow: z.string(), version: z.number(), runAs: z.string().nullable().default(null) });
const eventSchema = z.object({ waitId: z.string(), recordId: z.string().nullable().default(null) });

/** The flow of one step, commit by commit, and what its end means to the run. */
async function runFlow(
  tx: Tx,
  { runId, stepRunId, jobId, payload }: Job & { runId: string; stepRunId: string },
): Promise<void> {
  const begun = flowSchema.safeParse(payload).data;
  const begins = begun ? { name: begun.flow, version: begun.version, runAs: begun.runAs } : null;
  const happening = eventSchema.safeParse(payload).data ?? null;
  for (let commit = 0; commit < MAX_COMMITS; commit++) {
    const held = await holdRun(tx, { runId });
    const before = await readBackground(tx, stepRunId);
    const step = held?.state.steps.find(({ id }) => id === stepRunId);
    const call = { runId, stepRunId, jobId, begins, happening };
    const isTraced = held?.state.run.debug != null;
    const go = () => stepBackgroundFlow(tx, call, { step, before, isTraced });
    const done = await inItsName(tx, held?.row.askedBy ?? null, go);
    if (done.type === "more") continue;
    const command = endOf(stepRunId, done);
    if (command) await dispatch(tx, "system", { runId, command });
    return;
  }
}

function endOf(stepRunId: string, done: Exclude<BackgroundStep, { type: "more" }>): Command | null {
  if (done.type === "finished") return { type: "flow-finished", stepRunId, outputs: done.outputs };
  return done.type === "failed" ? { type: "flow-failed", stepRunId, error: done.error, element: done.element } : null;
}
