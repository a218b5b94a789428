import { and, eq, sql } from "drizzle-orm";
import { db } from "../../db/client";
import { definition, definitionVersion } from "../../db/schema";
import { hash } from "../../lib/definitions/hash";
import type { Orchestration } from "../../lib/engine/definition";
import type { Flow } from "../../lib/flow/definition";
import { aBackgroundFlow, anEvaluationFlow, aScreenFlow } from "../builders/flows";
import { SOME_TEXT } from "./reference/ends";
import { screenElements, screensOf } from "./screens";
import { WAITING } from "./waiting-flows";
import { type Awaited, type FlowInWorld, versionsOf, type World } from "./world";

/** The flows of the random cases as rows. Definitions as they have them need not pass the checks of activation; they are put where it would put them. */
export async function activeAsItIs(
  body: Flow | Orchestration,
  { version = 1, isAsynchronous = false }: { readonly version?: number; readonly isAsynchronous?: boolean } = {},
): Promise<void> {
  const { name: definitionId, label, kind } = body;
  const type = body.kind === "flow" ? body.type : body.processType;
  const at = sql`clock_timestamp()`;
  const by = "usr_automated";
  await db()
    .insert(definition)
    .values({ definitionId, kind, type, label, activeVersion: version, createdBy: by })
    .onConflictDoUpdate({ target: definition.definitionId, set: { activeVersion: version } });
  await noneActive(definitionId);
  const isTriggered = body.kind === "orchestration" && body.start.type === "record_triggered";
  const triggers = isTriggered ? { triggerObject: body.start.object } : {};
  const row = { definitionId, version, status: "active", body, hash: hash(body), savedBy: by, ...triggers } as const;
  await db()
    .insert(definitionVersion)
    .values({ ...row, activatedAt: at, firstActivatedAt: at, isAsynchronous });
}

const noneActive = (definitionId: string) =>
  db()
    .update(definitionVersion)
    .set({ status: "inactive" })
    .where(and(eq(definitionVersion.definitionId, definitionId), eq(definitionVersion.status, "active")));

async function takenAway(definitionId: string): Promise<void> {
  await db().update(definition).set({ activeVersion: null }).where(eq(definition.definitionId, definitionId));
  await noneActive(definitionId);
}

const text = (name: string) => ({ name, type: "text", isOutput: true });
const assign = (variable: string, value: object) => ({ variable, value });
const setting = (assignments: object[], next: string | null = null) => ({
  elements: [{ type: "assignment", name: "Set", label: "Set", assignments, next }],
});
const variables = [text("approvalDecision"), text("Comments")];
const says = ({ gives }: FlowInWorld) =>
  Object.entries(typeof gives === "string" ? {} : gives).map(([name, literal]) => assign(name, { literal }));

const INPUTS = [
  { name: "recordId", type: "text", isInput: true },
  { name: "until", type: "datetime", isInput: true },
];
const onDeal = { object: "Deal", record: "recordId" };
const isValue = (path: string, value: string | number) => ({
  requirements: [{ left: `$Record.${path}`, operator: "equals", right: { literal: value } }],
});

function eventOf(event: Awaited): object {
  const common = { name: event.name, label: event.name, next: `Set${event.name}` };
  switch (event.type) {
    case "time":
      return { type: "amount_of_time", ...common, amount: { literal: event.minutes }, unit: "minutes" };
    case "until":
      return { type: "until_date", ...common, at: { ref: "until" } };
    case "holds":
      return { type: "condition", ...common, ...onDeal, condition: isValue(event.path, event.value) };
    case "saved":
      return {
        ...{ type: "record_change", ...common, ...onDeal, on: "update" },
        condition: isValue(event.path, event.value),
      };
  }
}

/** A flow that waits for the first of these, and says which it was. */
function waitingBody(name: string, waits: readonly Awaited[]): Flow {
  const sets = waits.map((event) => {
    const assignments = Object.entries(event.gives).map(([variable, literal]) => assign(variable, { literal }));
    return { type: "assignment", name: `Set${event.name}`, label: event.name, assignments, next: null };
  });
  const wait = { type: "wait", name: "Wait", label: "Wait", events: waits.map(eventOf) };
  return aBackgroundFlow(name, { variables: [...INPUTS, ...variables], start: "Wait", elements: [wait, ...sets] });
}

/** What it gives is what the flow gives that it calls. */
function callingBody(name: string, called: string): Flow {
  const inputs = { recordId: { ref: "recordId" }, until: { ref: "until" } };
  const outputs = { approvalDecision: "approvalDecision", Comments: "Comments" };
  const call = { type: "subflow", name: "Call", label: "Call", flow: called, inputs, outputs, next: null };
  return aBackgroundFlow(name, { variables: [...INPUTS, ...variables], start: "Call", elements: [call] });
}

/** What the world knows of a flow, as one that does it. */
function bodyOf(name: string, flow: FlowInWorld): Flow {
  if (flow.waits) return flow.isCalling ? callingBody(name, `${name}Inside`) : waitingBody(name, flow.waits);
  if (name === "Screens")
    return aScreenFlow(name, {
      variables,
      start: screensOf(flow.version)[0]?.name,
      elements: screenElements(flow.version),
    });
  if (typeof flow.gives === "string")
    return aBackgroundFlow(name, { variables, ...setting([assign("Comments", { literal: "round" })], "Set") });
  if (name !== "Nested") return aBackgroundFlow(name, { variables, ...setting(says(flow)) });
  const outputs = { approvalDecision: "approvalDecision" };
  const call = { type: "subflow", name: "Call", label: "Call", flow: "Inner", inputs: {}, outputs, next: "Set" };
  return aBackgroundFlow(name, { variables, start: "Call", elements: [call, ...setting(says(flow)).elements] });
}

/** The flows at the beginning of each case; one that goes round for ever is stopped, and fails. */
export const FLOWS = {
  Screens: { version: 1, isAsynchronous: false, gives: {} },
  Sync: { version: 1, isAsynchronous: false, gives: { approvalDecision: "Approve", Comments: "ran" } },
  Async: { version: 1, isAsynchronous: true, gives: { approvalDecision: "Approve", Comments: "ran" } },
  Nested: { version: 1, isAsynchronous: true, gives: { approvalDecision: "Approve", Comments: "ran" } },
  Fails: { version: 1, isAsynchronous: false, gives: SOME_TEXT },
  ...WAITING,
} as const satisfies World["flows"];

/** Flows as the database has them by now; the answer of `Sometimes` is its input's, or true whatever that is. */
export type RealFlows = Pick<World, "flows" | "versions"> & { sometimes: { version: number; isAlways: boolean } };

export async function theFlows(): Promise<RealFlows> {
  const answers = (value: object, next: string | null = null) =>
    setting([assign("isOrchestrationConditionMet", value)], next);
  await activeAsItIs(aBackgroundFlow("Inner", { variables, ...setting([assign("Comments", { literal: "inside" })]) }));
  for (const [name, { waits, isCalling }] of Object.entries<FlowInWorld>(WAITING))
    if (waits && isCalling) await activeAsItIs(waitingBody(`${name}Inside`, waits), { isAsynchronous: true });
  for (const [name, flow] of Object.entries(FLOWS)) await activeAsItIs(bodyOf(name, flow), flow);
  for (const body of [
    anEvaluationFlow("Yes", answers({ literal: true })),
    anEvaluationFlow("No", answers({ literal: false })),
    anEvaluationFlow("Broken", answers({ literal: true }, "Set")),
  ])
    await activeAsItIs(body);
  for (const version of SOMETIMES) await activeAsItIs(sometimesBody(version), { version });
  return { flows: { ...FLOWS }, versions: versionsOf(FLOWS), sometimes: { version: 3, isAlways: false } };
}

/** Versions of `Sometimes`: those of even numbers are true whatever their input is. There may not be a new one each time, so these take turns. */
const SOMETIMES = [2, 4, 1, 3];
const sometimesBody = (version: number): Flow =>
  anEvaluationFlow("Sometimes", {
    description: `Version ${version}.`,
    ...setting([assign("isOrchestrationConditionMet", version % 2 === 0 ? { literal: true } : { ref: "answer" })]),
  });

/** Another version that answers so. */
export const sometimesVersion = ({ sometimes }: RealFlows, isAlways: boolean): number =>
  SOMETIMES.find((version) => (version % 2 === 0) === isAlways && version !== sometimes.version) ?? 0;

/** Makes these the active flows, each in a version of its own; gives them as they are. */
export async function changeFlowsReally(real: RealFlows, wanted: World["flows"]): Promise<World["flows"]> {
  const next = (name: string) => 1 + Object.keys(real.versions).filter((one) => one.startsWith(`${name} `)).length;
  const made = Object.entries(wanted).map(([name, flow]) => [name, flow && { ...flow, version: next(name) }] as const);
  for (const [name, flow] of made) {
    if (flow) await activeAsItIs(bodyOf(name, flow), flow);
    else await takenAway(name);
  }
  const flows = Object.fromEntries(made);
  Object.assign(real.flows, flows);
  Object.assign(real.versions, versionsOf(flows));
  return flows;
}

/** Whatever a case took away is there again for the next one. */
export async function restoreFlows(real: RealFlows): Promise<void> {
  const isOther = (name: string, { gives }: FlowInWorld) => typeof real.flows[name]?.gives !== typeof gives;
  const gone = Object.entries(FLOWS).filter(([name, flow]) => isOther(name, flow));
  await changeFlowsReally(real, Object.fromEntries(gone));
}
