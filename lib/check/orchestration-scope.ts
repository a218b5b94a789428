import type { Orchestration, StageDefinition, StepDefinition } from "../engine/definition";
import { outcomesOf } from "../engine/outcomes";
import { DISPLAY, STAGE_STATUSES, STEP_STATUSES } from "../engine/status";
import { graphOf, reachableFrom } from "../logic/graph";
import { ANY, type Kind, TEXT } from "./kind";
import { follow, globalOf, type Scope } from "./scope";
import type { World } from "./world";

export const stagesOf = (definition: Orchestration): StageDefinition[] =>
  definition.elements.filter((element) => element.type === "stage");

/** The object whose record a run is about, or null. */
export const objectOf = ({ start }: Orchestration): string | null => start.object;

/** What a decision without a flow gives (semantics 6); also what a flow of an approval step may give besides. */
const plainOutputs = (values: readonly string[]): ReadonlyMap<string, Kind> =>
  new Map<string, Kind>([
    ["approvalDecision", { type: "text", values }],
    ["approvalComments", TEXT],
  ]);

/** The outputs of an operation; null when nothing is known of them. */
function operationOutputs(name: string, { operations }: World): ReadonlyMap<string, Kind> | null {
  const outputs = operations.get(name)?.outputs;
  return outputs ? new Map([...outputs].map(([output, type]): [string, Kind] => [output, { type }])) : null;
}

/** The outputs of a step's flow; null when the flow cannot be looked into (that is told at the step). */
export function outputsOf(step: StepDefinition, world: World): ReadonlyMap<string, Kind> | null {
  if (step.kind === "external") return operationOutputs(step.operation, world);
  const decisions = step.kind === "approval" ? outcomesOf(step).map((outcome) => outcome.name) : [];
  if (step.flow === undefined) return plainOutputs(decisions);
  const flow = world.flows.get(step.flow);
  if (!flow || flow === "inactive") return null;
  const declared = flow.variables.filter(({ isOutput }) => isOutput);
  return new Map(
    declared.map(({ name, type, object }): [string, Kind] => [
      name,
      step.kind === "approval" && name === "approvalDecision"
        ? { type, values: decisions }
        : object
          ? { type, object }
          : { type },
    ]),
  );
}

/** The element that reads: `null` is the start, which runs before everything. */
export type Place = { readonly element: string | null };

/** What a path means at one place of an orchestration: what may have happened before it is known, the rest is told. */
export function scopeAt(definition: Orchestration, world: World, { element }: Place): Scope {
  const graph = graphOf(definition.elements);
  const before = new Set(
    definition.elements
      .map(({ name }) => name)
      .filter((name) => element !== null && (name === element || reachableFrom(graph, name).has(element))),
  );
  const variables = new Map(definition.variables.map((variable) => [variable.name, variable.type]));
  const stages = new Map(stagesOf(definition).map((stage) => [stage.name, stage]));
  const steps = new Map(
    stagesOf(definition).flatMap((stage) =>
      stage.steps.map((step) => [step.name, { stage: stage.name, step }] as const),
    ),
  );

  const decisions = new Set(definition.elements.flatMap(({ type, name }) => (type === "decision" ? [name] : [])));

  return (path) => {
    const [head = "", ...rest] = path.split(".");
    if (head === "$Record") return recordPath(definition, world, rest);
    if (head === "$Record__Prior") return priorPath(definition, world, rest);
    if (path === "$Orchestration.Instance" || path === "$Flow.FaultMessage") return TEXT;
    if (head.startsWith("$")) return globalOf(path);
    const variable = variables.get(head);
    if (variable) return rest.length ? NOT_FOLLOWED : { type: variable };
    const stage = stages.get(head);
    if (stage)
      return before.has(head)
        ? statusPath(
            rest,
            STAGE_STATUSES.map((status) => DISPLAY[status]),
          )
        : { problem: `the stage ${head} never comes before this` };
    if (decisions.has(head)) return decisionPath(rest);
    const found = steps.get(head);
    if (!found) return { problem: `there is no variable, step or stage called ${head}` };
    if (!before.has(found.stage))
      return { problem: `the step ${head} belongs to the stage ${found.stage}, which never comes before this` };
    return rest[0] === "Outputs"
      ? outputPath(found.step, world, rest)
      : statusPath(
          rest,
          STEP_STATUSES.map((status) => DISPLAY[status]),
        );
  };
}

type Found = ReturnType<Scope>;

/** `Decision.WasVisited`, `Decision.Outcome.WasVisited`. */
const decisionPath = (rest: readonly string[]): Found =>
  rest.length <= 2 && rest.at(-1) === "WasVisited"
    ? { type: "boolean" }
    : { problem: "of a decision only was_visited can be asked, with its name or Decision.Outcome" };

const NOT_FOLLOWED: Found = {
  problem: "an orchestration follows lookups from $Record only; let the step's flow give what lies behind as an output",
};

function recordPath(definition: Orchestration, world: World, rest: readonly string[]): Found {
  const object = objectOf(definition);
  if (!object) return { problem: "no run of this is about a record: its start names no object" };
  if (rest.length === 0) return { problem: "name a field of it, such as $Record.Id" };
  return world.objects.has(object) ? follow(world, { type: "record", object }, rest) : ANY;
}

function priorPath(definition: Orchestration, world: World, rest: readonly string[]): Found {
  if (definition.start.type !== "record_triggered")
    return { problem: "there is a record before its change only in record-triggered orchestrations" };
  if (rest.length > 1) return { problem: "the record before its change keeps its own fields only" };
  return recordPath(definition, world, rest);
}

/** What the operators `has_error` and `was_visited` ask of an element by its name. */
const ASKED: ReadonlySet<string> = new Set(["HasError", "WasVisited"]);

function statusPath(rest: readonly string[], values: readonly string[]): Found {
  if (rest.length === 1 && ASKED.has(rest[0] ?? "")) return { type: "boolean" };
  return rest.length === 1 && rest[0] === "Status"
    ? { type: "text", values }
    : {
        problem:
          "write .Status, or .Outputs and the name of an output of the step's flow; has_error and was_visited take the name alone",
      };
}

function outputPath(step: StepDefinition, world: World, [, output, ...more]: readonly string[]): Found {
  if (!output) return { problem: "name the output, as in Step.Outputs.comment" };
  const outputs = outputsOf(step, world);
  if (!outputs) return ANY;
  const kind = outputs.get(output);
  if (!kind) return { problem: `the step ${step.name} has no output ${output}` };
  return more.length ? NOT_FOLLOWED : kind;
}
