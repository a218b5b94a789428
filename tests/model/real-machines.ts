import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { interview, job, record, wait } from "../../db/schema";
import type { Command } from "../../lib/engine/command";
import { stateNow } from "../builders/runs";
import type { Target } from "../support/http-target";
import { addressed } from "./engine";
import { type Answering, callReally } from "./real-calls";
import type { RealCase } from "./real-case";
import { doJob, tryJob } from "./real-jobs";
import type { ModelRun, ModelStep } from "./reference/run";
import { beginToWait, type FlowEnd, hearOf, lookAt, newsOf, type Waiting } from "./reference/waiting";
import { eventsOf, type World } from "./world";

/** Steps that machines do and that take their time: flows that wait, and calls to other systems. */
export type Machines = {
  readonly target: Target;
  /** Flows that have come to their Wait element, by the step's own id; each stays here when its step has ended, whether it ended or was given up. */
  readonly waiting: Map<string, { readonly key: string; readonly waits: Waiting; hasEnded: boolean }>;
  /** How often each external step has called. */
  readonly tries: Map<string, number>;
};
export const noMachines = (target: Target): Machines => ({ target, waiting: new Map(), tries: new Map() });

type Playing = {
  readonly one: RealCase;
  readonly model: ModelRun;
  readonly world: World;
  readonly machines: Machines;
};

/** What a look at such a step came to. */
type Done = "begun" | "early" | "taken" | "called" | "answered" | "failed";
/** How often; `late`: steps that ended otherwise while their flow waited. */
export type MachineTally = { [what in Done | "late"]: number };
export const newMachineTally = (): MachineTally => ({
  ...{ begun: 0, early: 0, taken: 0, failed: 0, late: 0, called: 0, answered: 0 },
});
type Told = Extract<Command, { type: "flow-finished" | "flow-failed" }>;
export type Turn = { readonly done: Done; readonly command: Told | null; readonly isTriedAgain?: boolean };

/** One job of such a step; the command is what the run is told then, null: nothing. Throws where it is done sooner or later than it should. */
export async function doMachine(playing: Playing, step: ModelStep, answering: Answering): Promise<Turn> {
  const { one, world, machines } = playing;
  const named = addressed(await stateNow(one.runId), {
    type: "flow-failed",
    stepRunId: step.key,
    error: "",
    element: null,
  });
  const stepRunId = "stepRunId" in named ? named.stepRunId : "";
  if (step.definition.kind === "external") {
    const tries = (machines.tries.get(stepRunId) ?? 0) + 1;
    machines.tries.set(stepRunId, tries);
    const end = await callReally(machines.target, { step, stepRunId, tries }, answering);
    return end
      ? { done: "answered", command: told(step, end), isTriedAgain: tries > 1 }
      : { done: "called", command: null };
  }
  const known = machines.waiting.get(stepRunId);
  if (known) {
    const turn = await look(playing, { step, stepRunId, waits: known.waits });
    known.hasEnded = turn.command !== null;
    return turn;
  }
  const begun = beginToWait(world, step, eventsOf(world, step) ?? []);
  if (!(await doJob({ stepRunId }))) throw new Error(`there is no job for ${step.key}`);
  if (!("events" in begun)) return { done: "fails" in begun ? "failed" : "taken", command: told(step, begun) };
  machines.waiting.set(stepRunId, { key: step.key, waits: begun, hasEnded: false });
  await expectTimes(stepRunId, begun, world);
  return { done: "begun", command: null };
}

function told({ key: stepRunId }: ModelStep, end: FlowEnd): Told {
  if ("gives" in end) return { type: "flow-finished", stepRunId, outputs: end.gives };
  return { type: "flow-failed", stepRunId, error: end.fails, element: null };
}

/** The rows say when its time has come: as long from now as the world's clock has to go. */
async function expectTimes(stepRunId: string, { due }: Waiting, { clock }: World): Promise<void> {
  const rows = await db()
    .select()
    .from(wait)
    .where(and(eq(wait.stepRunId, stepRunId), eq(wait.kind, "timer")));
  for (const [name, at] of due) {
    const row = rows.find(({ event }) => event === name);
    const far = row?.dueAt && row.dueAt.getTime() - row.createdAt.getTime();
    const isAmount = far === at - clock;
    if (!isAmount && row?.dueAt?.getTime() !== at) throw new Error(`${name} is due at ${row?.dueAt}, ${far} ms on`);
  }
}

type Looking = { readonly step: ModelStep; readonly stepRunId: string; readonly waits: Waiting };

/** Does the jobs that are left for what has happened, one after another as it came, until the flow goes on. */
async function look({ world }: Playing, { step, stepRunId, waits }: Looking): Promise<Turn> {
  await placeTimers(stepRunId, waits, world);
  const news = newsOf(waits, world);
  for (const event of news) {
    const end = lookAt(world, step, waits, event);
    const jobs = await jobsOf(stepRunId, event.name);
    if (jobs.length === 0) throw new Error(`nobody looks at ${event.name} of ${step.key}`);
    for (const jobId of jobs) {
      const { status, lastError } = await tryJob(jobId);
      if (status !== "done") throw new Error(`the job for ${event.name} is ${status}: ${lastError}`);
      if (end) break;
    }
    if (end) return { done: "fails" in end ? "failed" : "taken", command: told(step, end) };
  }
  return { done: "early", command: null };
}

/** The worker has the database's clock, not the world's: so what is to come lies as far from now as it lies from there. */
async function placeTimers(stepRunId: string, { due }: Waiting, { clock }: World): Promise<void> {
  for (const [name, at] of due)
    await db()
      .update(wait)
      .set({ dueAt: sql`clock_timestamp() + ${at - clock} * interval '1 millisecond'` })
      .where(and(eq(wait.stepRunId, stepRunId), eq(wait.event, name), isNull(wait.resolvedAt)));
}

async function jobsOf(stepRunId: string, event: string): Promise<string[]> {
  const rows = await db()
    .select({ jobId: job.jobId })
    .from(job)
    .innerJoin(wait, sql`${wait.waitId} = ${job.payload} ->> 'waitId'`)
    .where(and(eq(job.stepRunId, stepRunId), eq(job.status, "queued"), eq(wait.event, event)))
    .orderBy(job.createdAt, job.jobId);
  return rows.map(({ jobId }) => jobId);
}

/** Versions of the run's record and of the one behind it; what changes between two of them was saved. */
export async function versionsNow({
  one: { recordId, parentId },
  machines,
}: Playing): Promise<ReadonlyMap<string, number>> {
  if (machines.waiting.size === 0) return new Map();
  const { recordId: id, version } = record;
  const rows = await db()
    .select({ id, version })
    .from(record)
    .where(inArray(id, [recordId, parentId]));
  return new Map(rows.map((row) => [row.id, row.version]));
}

/** The flows that wait hear of what was saved since. */
export async function hearOfSaves(playing: Playing, before: ReadonlyMap<string, number>): Promise<void> {
  const { one, machines, world } = playing;
  for (const [id, version] of await versionsNow(playing))
    if (before.get(id) !== version)
      for (const { key, waits } of machines.waiting.values())
        if (isOpen(playing, key)) hearOf(waits, world, id === one.recordId ? "record" : "parent");
}

const isOpen = ({ model }: Pick<Playing, "model">, key: string): boolean =>
  model.steps.some(
    (step) => step.key === key && step.status === "in_progress" && step.outputs === null && !step.stored,
  );

/** A flow waits as long as its step is open, and then no row is left of it that anybody would look at. Gives how many were given up. */
export async function expectWaits(playing: Playing): Promise<void> {
  const ids = [...playing.machines.waiting.keys()];
  if (ids.length === 0) return;
  const rows = await db()
    .select({ stepRunId: wait.stepRunId, event: wait.event })
    .from(wait)
    .where(and(inArray(wait.stepRunId, ids), isNull(wait.resolvedAt)));
  const queued = await db()
    .select({ stepRunId: job.stepRunId })
    .from(job)
    .where(and(inArray(job.stepRunId, ids), eq(job.status, "queued")));
  const states = await db()
    .select({ stepRunId: interview.stepRunId, status: interview.status })
    .from(interview)
    .where(inArray(interview.stepRunId, ids));
  for (const [id, { key, waits }] of playing.machines.waiting) {
    const its = <T extends { stepRunId: string | null }>(of: readonly T[]) =>
      of.filter(({ stepRunId }) => stepRunId === id);
    const open = [...new Set(its(rows).map(({ event }) => event))].sort().join();
    const wanted = waits.events.map(({ name }) => name).sort();
    const [{ status } = { status: "none" }] = its(states);
    if (!isOpen(playing, key)) {
      if (open !== "" || its(queued).length > 0 || status === "waiting" || status === "open")
        throw new Error(`${key} has ended, its flow is ${status} and still waits for ${open}`);
    } else if (open !== wanted.join() || status !== "waiting")
      throw new Error(`${key} is ${status} and waits for ${open}, not for ${wanted.join()}`);
  }
}

/** Even if what was queued for a step that has ended were not void: nothing happens. Gives how many flows were given up so. */
export async function lookTooLate(playing: Playing): Promise<number> {
  let late = 0;
  for (const [id, { key, hasEnded }] of playing.machines.waiting) {
    if (isOpen(playing, key)) continue;
    late += Number(!hasEnded);
    const its = and(eq(job.stepRunId, id), eq(job.kind, "resume_flow"));
    const [left] = await db().select({ jobId: job.jobId }).from(job).where(its).orderBy(job.createdAt).limit(1);
    if (!left) continue;
    await db().update(job).set({ status: "queued", endedAt: null }).where(eq(job.jobId, left.jobId));
    const { status, lastError } = await tryJob(left.jobId);
    if (status !== "done") throw new Error(`the job of a step that has ended is ${status}: ${lastError}`);
  }
  return late;
}
