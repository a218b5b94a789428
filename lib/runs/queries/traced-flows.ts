import { asc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { evaluation, interview } from "../../../db/schema";
import { activeBodies, flowVersion } from "../../definitions/queries";
import type { Orchestration } from "../../engine/definition";
import { definitionOf, stageNamed } from "../../engine/find";
import type { RunState } from "../../engine/state";
import type { Flow } from "../../flow/definition";
import { elementNamed, type InterviewState, type Passed, type Place } from "../../flow/interview";
import { latelyOf, MAX_TRACED, traceOf } from "../../flow/trace";
import type { TracedFlow } from "../schema/run-page";

/** Flows of one run that its page tells of, and conditions that evaluation flows answered. */
const MAX_TOLD = 200;

type Source = Pick<TracedFlow, "key" | "asked" | "status"> & {
  /** The step or stage run that it ran for. */
  readonly ownerId: string;
  readonly at: Date;
  readonly name: string;
  readonly version: number;
  readonly state: InterviewState;
};

/** What the flows of a debug run passed, element by element, and what they held at last: oldest first. */
export async function tracedFlows(
  db: Database,
  { definition, state }: { readonly definition: Orchestration; readonly state: RunState },
): Promise<TracedFlow[]> {
  const labels = new Map([
    ...state.stages.map(({ id, name }) => [id, stageNamed(definition, name).label] as const),
    ...state.steps.map((step) => [step.id, definitionOf(definition, state, step).label] as const),
  ]);
  const told: TracedFlow[] = [];
  for (const { ownerId, at: _, name, version, state: last, ...source } of await sourcesOf(db, state.run.id)) {
    const trace = traceOf(last) ?? [];
    const flows = await flowsIn(db, trace, { name, version });
    told.push({
      ...source,
      of: labels.get(ownerId) ?? "",
      flow: flows.get(name)?.label ?? name,
      version,
      passed: trace.map((one, at) => ({ seq: at + 1, ...passedIn(flows, one, name) })),
      isCut: trace.length >= MAX_TRACED,
      values: Object.entries(last.values).map(([variable, value]) => ({ name: variable, value })),
    });
  }
  return told;
}

/** Flows of steps, those of people's forms too, and evaluation flows as they answered last. */
async function sourcesOf(db: Database, runId: string): Promise<Source[]> {
  const [ran, answered] = await Promise.all([
    db
      .select()
      .from(interview)
      .where(eq(interview.runId, runId))
      .orderBy(asc(interview.createdAt), asc(interview.interviewId))
      .limit(MAX_TOLD),
    db.select().from(evaluation).where(eq(evaluation.runId, runId)).orderBy(asc(evaluation.askedAt)).limit(MAX_TOLD),
  ]);
  const sources = [
    ...ran.map(({ interviewId, stepRunId, flowName, flowVersion: version, status, state, createdAt }): Source => {
      const last = { name: flowName, version, state: state as InterviewState, status };
      return { key: interviewId, ownerId: stepRunId, asked: null, at: createdAt, ...last };
    }),
    ...answered.map(({ ownerId, part, flowName, flowVersion: version, met, state, askedAt }): Source => {
      const status = met === null ? "failed" : "finished";
      const last = { name: flowName, version, state: state as InterviewState, status } as const;
      return { key: `${part} ${ownerId}`, ownerId, asked: { part, met }, at: askedAt, ...last };
    }),
  ];
  return sources.sort((one, other) => one.at.getTime() - other.at.getTime());
}

/** The last elements that a flow passed, as people call them; of a flow that it called with that flow's name. */
export async function passedLately(
  db: Database,
  {
    flowName: name,
    flowVersion: version,
    state,
  }: Pick<typeof interview.$inferSelect, "flowName" | "flowVersion" | "state">,
): Promise<string[]> {
  const lately = latelyOf(state as InterviewState);
  const flows = await flowsIn(db, lately, { name, version });
  return lately.map((one) => {
    const { flow, element } = passedIn(flows, one, name);
    return flow === null ? element : `${element} (${flow})`;
  });
}

async function flowsIn(
  db: Database,
  trace: readonly Place[],
  outermost: { readonly name: string; readonly version: number },
): Promise<ReadonlyMap<string, Flow>> {
  const own = await flowVersion(db, outermost.name, outermost.version);
  const called = [...new Set(trace.map(({ flow }) => flow))].filter((flow) => flow !== outermost.name);
  const bodies = [own?.body, ...(await activeBodies(db, called)).map(({ body }) => body)];
  return new Map(bodies.flatMap((body) => (body?.kind === "flow" ? [[body.name, body] as const] : [])));
}

function passedIn(flows: ReadonlyMap<string, Flow>, passed: Passed, outermost: string) {
  const { flow: name, element: elementName, took, asked = [], fault = null } = passed;
  const flow = flows.get(name);
  const element = flow ? elementNamed(flow, elementName) : null;
  const outcomes = element?.type === "decision" ? element.outcomes : [];
  const labelOf = (outcome: string) => outcomes.find((one) => one.name === outcome)?.label ?? outcome;
  const otherwise = element?.type === "decision" ? element.defaultLabel : "Otherwise";
  return {
    flow: name === outermost ? null : (flow?.label ?? name),
    element: element?.label ?? elementName,
    type: element?.type ?? null,
    took: took === undefined ? null : took === null ? otherwise : labelOf(took),
    asked: asked.map(({ outcome, proof }) => ({ name: outcome, label: labelOf(outcome), proof })),
    fault,
  };
}
