import type { Database } from "../../../db/client";
import { operationNamed } from "../../connect/queries/list-connections";
import { activeBodies, flowVersion } from "../../definitions/queries";
import type { Orchestration, StepDefinition } from "../../engine/definition";
import type { Flow, FlowVariable } from "../../flow/definition";
import type { EditableValue, ValueKind } from "../schema/run-control";

const KINDS: Readonly<Partial<Record<FlowVariable["type"], ValueKind>>> = {
  number: "number",
  currency: "number",
  boolean: "boolean",
  text_list: "json",
  record_list: "json",
};
export const kindOf = (type: FlowVariable["type"]): ValueKind => KINDS[type] ?? "text";

const OF_SHAPE: Readonly<Record<string, ValueKind>> = {
  string: "text",
  number: "number",
  integer: "number",
  boolean: "boolean",
};

/** What an approval always says beside its flow's outputs (semantics 6.5). */
const OF_APPROVAL: readonly EditableValue[] = [
  { name: "approvalDecision", kind: "text", value: null },
  { name: "approvalComments", kind: "text", value: null },
];

/** What a step may give, as far as that can be known: outputs of its flow or operation, and what its own definition takes from it. */
export async function stepOutputs(
  db: Database,
  step: StepDefinition,
  version: number | null,
): Promise<readonly EditableValue[]> {
  const declared = await declaredBy(db, step, version);
  const names = new Set(declared.map(({ name }) => name));
  const taken = step.outputs.flatMap(({ from }): EditableValue[] =>
    names.has(from) ? [] : [{ name: from, kind: "text", value: null }],
  );
  return [...declared, ...taken];
}

async function declaredBy(db: Database, step: StepDefinition, version: number | null): Promise<EditableValue[]> {
  if (step.kind === "external") return ofOperation(db, step.operation);
  const flow = step.flow === undefined ? null : await flowOf(db, step.flow, version);
  const given = (flow?.variables ?? []).filter(({ isOutput }) => isOutput);
  const outputs = given.map(({ name, type }): EditableValue => ({ name, kind: kindOf(type), value: null }));
  if (step.kind !== "approval") return outputs;
  return [...OF_APPROVAL, ...outputs.filter(({ name }) => !OF_APPROVAL.some((one) => one.name === name))];
}

async function flowOf(db: Database, name: string, version: number | null): Promise<Flow | null> {
  if (version !== null) return (await flowVersion(db, name, version))?.body ?? null;
  const [active] = await activeBodies(db, [name]);
  return active?.body.kind === "flow" ? active.body : null;
}

async function ofOperation(db: Database, name: string): Promise<EditableValue[]> {
  const found = await operationNamed(db, name);
  return Object.entries(found?.output?.properties ?? {}).map(([output, shape]) => ({
    name: output,
    kind: OF_SHAPE[String(shape.type)] ?? "json",
    value: null,
  }));
}

/** By step name, for a whole definition; flows in their active versions. */
export async function outputsByStep(
  db: Database,
  { elements }: Orchestration,
): Promise<Record<string, readonly EditableValue[]>> {
  const steps = elements.flatMap((element) => (element.type === "stage" ? element.steps : []));
  const found: [string, readonly EditableValue[]][] = [];
  for (const step of steps) found.push([step.name, await stepOutputs(db, step, null)]);
  return Object.fromEntries(found);
}
