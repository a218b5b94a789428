import type { Orchestration, StageDefinition, StepDefinition } from "../engine/definition";
import { isHuman } from "../engine/find";
import { graphOf, reachableFrom } from "../logic/graph";
import { pathsOf } from "../logic/reads";
import type { Problem } from "../result";
import { unusedRows } from "./check-condition";
import { stagesOf } from "./orchestration-scope";

/** What an author should know of a definition that may be activated: semantics A12, A13 and A26, and what nothing leads to. */
export function warningsOf(definition: Orchestration): Problem[] {
  return [
    ...unreached(definition),
    ...unusedRows(definition),
    ...standOnGivenText(definition),
    ...definition.elements.flatMap((element, index) =>
      element.type === "stage"
        ? [...mayNeverEnd(element, `elements[${index}]`), ...writeOneVariable(element, `elements[${index}]`)]
        : [],
    ),
    ...(definition.processType === "approval"
      ? [
          ...mayPassNoApproval(definition),
          ...faultMayApprove(definition),
          ...mayPassNoScreen(definition),
          ...choosesForNothing(definition),
        ]
      : []),
  ];
}

function unreached({ elements, start }: Orchestration): Problem[] {
  const reached = new Set([start.next, ...reachableFrom(graphOf(elements), start.next)]);
  return elements.flatMap(({ name, label }, index) =>
    reached.has(name) ? [] : [{ path: `elements[${index}]`, message: `nothing leads to ${label}` }],
  );
}

/** A17: an item opens its record; a text that whoever starts gives may name any, a record variable only theirs. Approvals are given theirs by name. */
function standOnGivenText({ processType, variables, elements }: Orchestration): Problem[] {
  if (processType === "approval") return [];
  const texts = new Set(variables.flatMap(({ name, type, isInput }) => (isInput && type === "text" ? [name] : [])));
  return elements.flatMap((element, at) =>
    (element.type === "stage" ? element.steps : []).flatMap((step, index) =>
      isHuman(step) && texts.has(step.record)
        ? [
            {
              path: `elements[${at}].steps[${index}].record`,
              message: `${step.record} is a text that whoever starts gives: ${step.label} stands on that record only if they may read it. Make it a record, and nothing else can be given`,
            },
          ]
        : [],
    ),
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

/** Decisions by reply, from a list and by the API show no screens (semantics 6.5). */
const mayPassNoScreen = ({ elements }: Orchestration): Problem[] =>
  elements.flatMap((element, index) => {
    if (element.type !== "stage") return [];
    return element.steps.flatMap((step, at): Problem[] => {
      if (step.kind !== "approval" || step.flow === undefined) return [];
      const message = `${step.label} can be decided without its screens: from a list, by replying to the mail, by the API. What must happen with every decision belongs in a background step after it`;
      return [{ path: `elements[${index}].steps[${at}].flow`, message }];
    });
  });

/** Submitters are asked who decides first, and nothing comes of what they say. */
function choosesForNothing(definition: Orchestration): Problem[] {
  const { chooseApprover = "no" } = definition.approval ?? {};
  const reads = ({ inputs, ...step }: StepDefinition): readonly string[] =>
    [...Object.values(inputs), ...("assignee" in step ? [step.assignee.value] : [])].flatMap(pathsOf);
  const isUsed = stagesOf(definition).some(({ steps }) => steps.some((step) => reads(step).includes("firstApprover")));
  const isByChange = definition.start.type === "record_triggered";
  if (chooseApprover === "no" || (isUsed && !isByChange)) return [];
  const message = isByChange
    ? "a change of the record submits this, and then nobody is asked who decides first: what has firstApprover as its assignee goes to the fallback"
    : `whoever submits ${chooseApprover} choose who decides first, and no step has firstApprover as its assignee or input: the choice would change nothing`;
  return [{ path: "approval.chooseApprover", message }];
}

/** A process that ends by a fault path ends as if nobody had objected (2.9). */
function faultMayApprove({ elements }: Orchestration): Problem[] {
  const graph = graphOf(elements);
  return elements.flatMap((element, index): Problem[] => {
    if (element.type !== "stage" || element.faultNext === undefined) return [];
    const endsThere = element.faultNext === null || reachableFrom(graph, element.faultNext).has(null);
    const message = `if ${element.label} fails, the process goes on by its fault path, and ends Approved unless somebody rejects`;
    return endsThere ? [{ path: `elements[${index}].faultNext`, message }] : [];
  });
}

/** How a submission ends that no approval step was reached for (A12); imported processes keep Salesforce's rule. */
const endWithout = ({ approval }: Orchestration): string =>
  `${approval?.whenNoStepRan === "rejected" ? "Rejected" : "Approved"} without a decision (approval.whenNoStepRan)`;

/** A12: a way from the start to the end on which nobody is asked. */
function mayPassNoApproval(definition: Orchestration): Problem[] {
  const asks = new Set(
    stagesOf(definition)
      .filter(({ steps }) => steps.some(({ kind }) => kind === "approval"))
      .map(({ name }) => name),
  );
  if (asks.size === 0)
    return [
      { path: "elements", message: `has no approval step, so every submission would end ${endWithout(definition)}` },
    ];
  const others = definition.elements.filter(({ name }) => !asks.has(name));
  const { next } = definition.start;
  const around = next !== null && !asks.has(next) && reachableFrom(graphOf(others), next).has(null);
  return around
    ? [
        {
          path: "start.next",
          message: `there is a way to the end on which no approval step is reached; a submission that takes it ends ${endWithout(definition)}`,
        },
      ]
    : [];
}
