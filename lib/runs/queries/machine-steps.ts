import { and, asc, eq, isNull } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { interview, job } from "../../../db/schema";
import { activeBodies, flowVersion } from "../../definitions/queries";
import { elementNamed, type InterviewState } from "../../flow/interview";
import type { FlowStop, StepCall } from "../schema/run-page";

/** What is known of steps that are done without a person, by step run: calls of operations, and where flows stopped. */
export type MachineSteps = {
  readonly calls: ReadonlyMap<string, StepCall>;
  readonly stops: ReadonlyMap<string, FlowStop>;
};

/** Steps of one run that are looked at. */
const MAX_STEPS = 1_000;

export async function machineSteps(db: Database, runId: string, maySeeValues: boolean): Promise<MachineSteps> {
  const [jobs, failed] = await Promise.all([
    db
      .select()
      .from(job)
      .where(and(eq(job.runId, runId), eq(job.kind, "call_operation")))
      .orderBy(asc(job.createdAt))
      .limit(MAX_STEPS),
    db
      .select()
      .from(interview)
      .where(and(eq(interview.runId, runId), eq(interview.status, "failed"), isNull(interview.workItemId)))
      .orderBy(asc(interview.updatedAt))
      .limit(MAX_STEPS),
  ]);
  const calls = jobs.flatMap(({ stepRunId, payload, attempts, status, lastError, runAt }): [string, StepCall][] => {
    if (stepRunId === null) return [];
    const { operation = "" } = payload as { operation?: string };
    const nextAt = status === "queued" && attempts > 0 ? runAt.toISOString() : null;
    return [[stepRunId, { operation, attempts, lastError, nextAt }]];
  });
  const stops: [string, FlowStop][] = [];
  for (const row of failed) stops.push([row.stepRunId, await stopOf(db, row, maySeeValues)]);
  return { calls: new Map(calls), stops: new Map(stops) };
}

export type FailedFlow = Pick<
  typeof interview.$inferSelect,
  "flowName" | "flowVersion" | "state" | "error" | "errorElement"
>;

/** The elements at which a flow stopped, the outermost flow first: each later one is in a flow that the one before it called. */
export async function stopOf(db: Database, row: FailedFlow, maySeeValues: boolean): Promise<FlowStop> {
  const at: FlowStop["at"][number][] = [];
  let values: FlowStop["values"] = [];
  let flow = (await flowVersion(db, row.flowName, row.flowVersion))?.body ?? null;
  let [name, version] = [row.flowName, row.flowVersion];
  for (let state: InterviewState | null = row.state as InterviewState; state; ) {
    const { sub }: InterviewState = state;
    const element = sub ? state.at : (state.at ?? row.errorElement);
    const label = flow && elementNamed(flow, element)?.label;
    at.push({ flow: flow?.label ?? name, version, element: label ?? element ?? "its end" });
    if (maySeeValues) values = Object.entries(state.values).map(([key, value]) => ({ name: key, value }));
    if (!sub) break;
    [name, version] = [sub.flow, sub.version];
    flow = (await flowVersion(db, name, version))?.body ?? (await activeFlow(db, name));
    state = sub.state;
  }
  return { at, message: row.error ?? "", values };
}

async function activeFlow(db: Database, name: string) {
  const [found] = await activeBodies(db, [name]);
  return found?.body.kind === "flow" ? found.body : null;
}
