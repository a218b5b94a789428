import type { Orchestration, StageDefinition, StepDefinition } from "../engine/definition";
import { isHuman } from "../engine/find";
import type { Problem } from "../result";
import { unusedRows } from "./check-condition";
import { graphOf, reachableFrom } from "./graph";
import { stagesOf } from "./orchestration-scope";
import type { World } from "./world";

/** What an author should know of a definition that may be activated: semantics A12, A13 and A26, and what nothing leads to. */
export function warningsOf(definition: Orchestration, world: World): Problem[] {
  return [
    ...unreached(definition),
    ...unusedRows(definition),
    ...definition.elements.flatMap((element, index) =>
      element.type === "stage"
        ? [
            ...mayNeverEnd(element, `elements[${index}]`),
            ...writeOneVariable(element, `elements[${index}]`),
            ...looksFurther(element, `elements[${index}]`, world),
          ]
        : [],
    ),
    ...(definition.processType === "approval" ? mayPassNoApproval(definition) : []),
  ];
}

function unreached({ elements, start }: Orchestration): Problem[] {
  const reached = new Set([start.next, ...reachableFrom(graphOf(elements), start.next)]);
  return elements.flatMap(({ name, label }, index) =>
    reached.has(name) ? [] : [{ path: `elements[${index}]`, message: `nothing leads to ${label}` }],
  );
}

/** A13, with the counter-example: which condition, if it never holds, keeps which step and thereby its stage open. */
function mayNeverEnd(stage: StageDefinition, path: string): Problem[] {
  if (stage.exit.type !== "all_steps_completed") return [];
  const doubt = doubtsOf(stage);
  return stage.steps.flatMap((step, index) => {
    const why = step.optional ? undefined : doubt.get(step.name);
    if (!why) return [];
    return [
      {
        path: `${path}.steps[${index}].entry`,
        message: `if ${why}, ${step.label} never starts and ${stage.label} never ends. Make the step optional, or give the stage another exit condition`,
      },
    ];
  });
}

/** Steps that may never start, each with the reason. Those that wait for such a step share it. */
function doubtsOf({ steps }: StageDefinition): ReadonlyMap<string, string> {
  const doubts = new Map<string, string>();
  for (const step of steps) {
    const why = ownDoubt(step, steps);
    if (why) doubts.set(step.name, why);
  }
  for (let round = 0; round < steps.length; round++) {
    for (const { name, entry } of steps) {
      if (entry.type !== "step_completed" || doubts.has(name)) continue;
      const why = doubts.get(entry.step);
      if (why) doubts.set(name, why);
    }
  }
  return doubts;
}

function ownDoubt({ entry }: StepDefinition, steps: readonly StepDefinition[]): string | null {
  if (entry.type === "evaluation_flow") return `the flow ${entry.flow} never answers true`;
  if (entry.type !== "requirements") return null;
  if (entry.condition.logic === "formula") return "its formula is never true";
  const uncertain = entry.condition.requirements.find(
    ({ left, operator, right }) =>
      !(
        operator === "equals" &&
        "literal" in right &&
        right.literal === "Completed" &&
        steps.some(({ name }) => left === `${name}.Status`)
      ),
  );
  return uncertain ? `${uncertain.left} is never as its entry condition wants it` : null;
}

/** A26: of two steps that may run at the same time the one that completes later wins. */
function writeOneVariable({ steps }: StageDefinition, path: string): Problem[] {
  const waitsFor = (step: StepDefinition, other: string, depth = 0): boolean => {
    if (step.entry.type !== "step_completed" || depth > steps.length) return false;
    const before = step.entry.step;
    const previous = steps.find(({ name }) => name === before);
    return before === other || (previous !== undefined && waitsFor(previous, other, depth + 1));
  };
  return steps.flatMap((step, index) =>
    step.outputs.flatMap(({ to }, at) => {
      const rival = steps
        .slice(0, index)
        .find(
          (other) =>
            other.outputs.some((output) => output.to === to) &&
            !waitsFor(step, other.name) &&
            !waitsFor(other, step.name),
        );
      return rival
        ? [
            {
              path: `${path}.steps[${index}].outputs[${at}].to`,
              message: `${rival.label} writes ${to} too and may run at the same time; the later one wins`,
            },
          ]
        : [];
    }),
  );
}

/** An evaluation flow that reads records is asked again only when something happens to its run. */
function looksFurther(stage: StageDefinition, path: string, world: World): Problem[] {
  const gates = [
    { gate: stage.exit, at: `${path}.exit` },
    ...stage.steps.flatMap((step, index) => [
      { gate: step.entry, at: `${path}.steps[${index}].entry` },
      ...(!isHuman(step) ? [] : [{ gate: step.exit, at: `${path}.steps[${index}].exit` }]),
    ]),
  ];
  return gates.flatMap(({ gate, at }) => {
    if (gate.type !== "evaluation_flow") return [];
    const flow = world.flows.get(gate.flow);
    if (!flow || flow === "inactive" || !flow.elements.some(({ type }) => type === "get_records")) return [];
    return [
      {
        path: `${at}.flow`,
        message: `${gate.flow} reads other records. It is asked again when the run's own record or one of its steps changes, not when those records do`,
      },
    ];
  });
}

/** A12: a way from the start to the end on which nobody is asked. */
function mayPassNoApproval(definition: Orchestration): Problem[] {
  const asks = new Set(
    stagesOf(definition)
      .filter(({ steps }) => steps.some(({ kind }) => kind === "approval"))
      .map(({ name }) => name),
  );
  if (asks.size === 0)
    return [{ path: "elements", message: "has no approval step, so every submission would end without a decision" }];
  const others = definition.elements.filter(({ name }) => !asks.has(name));
  const { next } = definition.start;
  const around = next !== null && !asks.has(next) && reachableFrom(graphOf(others), next).has(null);
  return around
    ? [
        {
          path: "start.next",
          message:
            "there is a way to the end on which no approval step is reached; a submission that takes it ends without a decision",
        },
      ]
    : [];
}
