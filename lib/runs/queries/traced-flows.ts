import { and, asc, eq, isNull } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { interview } from "../../../db/schema";
import { activeBodies, flowVersion } from "../../definitions/queries";
import type { Flow } from "../../flow/definition";
import { elementNamed, type InterviewState, type Passed } from "../../flow/interview";
import { MAX_TRACED } from "../../flow/trace";
import type { RunPage, TracedFlow } from "../schema/run-page";

/** Flows that one trace tells of. */
const MAX_TOLD = 200;

/** What the flows of a debug run's background steps passed, element by element, and what they held at last; oldest first. */
export async function tracedFlows(
  db: Database,
  runId: string,
  { stages }: Pick<RunPage, "stages">,
): Promise<TracedFlow[]> {
  const rows = await db
    .select()
    .from(interview)
    .where(and(eq(interview.runId, runId), isNull(interview.workItemId)))
    .orderBy(asc(interview.createdAt), asc(interview.interviewId))
    .limit(MAX_TOLD);
  const labels = new Map(
    stages.flatMap(({ steps }) => steps.map((step) => [step.run?.stepRunId ?? "", step.label] as const)),
  );
  const told: TracedFlow[] = [];
  for (const { interviewId, flowName, flowVersion: version, status, state, stepRunId } of rows) {
    const outermost = state as InterviewState;
    const trace = traceOf(outermost);
    const flows = await flowsIn(db, trace, { name: flowName, version });
    told.push({
      interviewId,
      step: labels.get(stepRunId) ?? "an earlier round",
      flow: flows.get(flowName)?.label ?? flowName,
      version,
      status,
      passed: trace.map((one, at) => ({ seq: at + 1, ...passedIn(flows, one, flowName) })),
      isCut: trace.length >= MAX_TRACED,
      values: Object.entries(outermost.values).map(([name, value]) => ({ name, value })),
    });
  }
  return told;
}

/** The innermost flow's, which holds those of its callers. */
function traceOf(state: InterviewState): readonly Passed[] {
  return state.sub ? traceOf(state.sub.state) : (state.trace ?? []);
}

async function flowsIn(
  db: Database,
  trace: readonly Passed[],
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
