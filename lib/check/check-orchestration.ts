import {
  type DecisionDefinition,
  MAX_RECORD_PATHS,
  type Orchestration,
  type StageDefinition,
} from "../engine/definition";
import { readsOf } from "../engine/reads";
import { globalType } from "../logic/globals";
import { circleIn } from "../logic/graph";
import { pathsOf } from "../logic/reads";
import type { Problem } from "../result";
import { checkApprovalParts } from "./check-approval";
import { checkCondition, type Rules } from "./check-condition";
import { checkConnectors } from "./check-connectors";
import { checkGate, checkStep } from "./check-step";
import { fits, literalProblem, TEXT } from "./kind";
import { objectOf, scopeAt } from "./orchestration-scope";
import { repeated } from "./repeated";
import { warningsOf } from "./warnings-of";
import { type Here, whoIsMissing } from "./who-is-missing";
import type { Findings, World } from "./world";

/**
 * Whether an orchestration or approval process that has the right form can be activated, with every problem at its path, and what its
 * author should know though it can. Pure: the world is what `lib/definitions` found a moment ago.
 */
export function checkOrchestration(definition: Orchestration, world: World): Findings {
  const problems = [
    ...checkNames(definition),
    ...checkStart(definition, world),
    ...checkVariables(definition),
    ...checkReads(definition),
    ...checkConnectors(definition),
    ...definition.elements.flatMap((element, index) => {
      const here: Here = {
        path: `elements[${index}]`,
        definition,
        world,
        scope: scopeAt(definition, world, { element: element.name }),
      };
      return element.type === "stage" ? checkStage(element, here) : checkDecision(element, here);
    }),
    ...checkFallback(definition, world),
    ...checkApprovalParts(definition, world),
    ...checkRecallStage(definition, world),
    ...(definition.processType === "approval" ? checkApprovalProcess(definition) : []),
  ];
  return { problems, warnings: warningsOf(definition) };
}

/** What is read of the record is looked up together at each evaluation, and a run may have to wait for all of it. */
function checkReads(definition: Orchestration): Problem[] {
  const { length } = readsOf(definition).record;
  if (length <= MAX_RECORD_PATHS) return [];
  const message = `reads ${length} different values of its record; an orchestration may read ${MAX_RECORD_PATHS}`;
  return [{ path: "elements", message }];
}

/** Elements, steps, outcomes and variables share one space of names, because references begin with them. */
function checkNames(definition: Orchestration): Problem[] {
  const named = [
    ...definition.variables.map(({ name }, index) => ({ name, path: `variables[${index}].name` })),
    ...definition.elements.flatMap((element, index) => [
      { name: element.name, path: `elements[${index}].name` },
      ...(element.type === "stage"
        ? element.steps.map((step, at) => ({ name: step.name, path: `elements[${index}].steps[${at}].name` }))
        : []),
    ]),
    ...recallNames(definition),
  ];
  return repeated(named);
}

function recallNames({ approval }: Orchestration) {
  const stage = approval?.recallStage;
  if (!stage) return [];
  const steps = stage.steps.map(({ name }, at) => ({ name, path: `approval.recallStage.steps[${at}].name` }));
  return [{ name: stage.name, path: "approval.recallStage.name" }, ...steps];
}

/** Start conditions look at one saved record and nothing else: they decide whether there is a run. */
const STARTING: Rules = {
  mayAskForChange: true,
  refuses: (ref) =>
    /^\$Record(__Prior)?\.\w+\./.test(ref)
      ? `${ref} lies behind a lookup; a start condition reads the saved record's own fields`
      : /^\$Record(__Prior)?(\.|$)/.test(ref)
        ? null
        : globalType(ref) !== null
          ? null
          : `${ref} does not exist before the run; a start condition reads $Record and $Record__Prior`,
};

/** Whoever starts it by hand has changed nothing just then. */
const BY_HAND: Rules = {
  refuses: (ref) =>
    ref.startsWith("$Record__Prior")
      ? `${ref} is what a change left behind; nothing changes when somebody starts it`
      : (STARTING.refuses?.(ref) ?? null),
};

function checkStart(definition: Orchestration, world: World): Problem[] {
  const { start } = definition;
  const problems: Problem[] = [];
  if (start.object && !world.objects.has(start.object))
    problems.push({ path: "start.object", message: `there is no object called ${start.object}` });
  if (start.when) {
    const rules = start.type === "record_triggered" ? STARTING : BY_HAND;
    const scope = scopeAt(definition, world, { element: null });
    problems.push(...checkCondition(start.when, { path: "start.when", rules }, scope));
  }
  if (start.type !== "record_triggered") {
    if (start.when && !start.object)
      problems.push({ path: "start.when", message: "needs start.object, whose records it looks at" });
    return problems;
  }
  if (start.onlyWhenChangedToMeet && !start.when)
    problems.push({
      path: "start.onlyWhenChangedToMeet",
      message: "needs a condition in start.when that a change can make true",
    });
  return problems;
}

/** The recall path's steps may do what background steps of any stage may. */
function checkRecallStage(definition: Orchestration, world: World): Problem[] {
  const stage = definition.approval?.recallStage;
  if (!stage) return [];
  const scope = scopeAt(definition, world, { element: null });
  return checkStage(stage, { path: "approval.recallStage", definition, world, scope });
}

function checkVariables({ variables }: Orchestration): Problem[] {
  return variables.flatMap(({ type, default: value }, index) => {
    const message = literalProblem(value, { type });
    return message ? [{ path: `variables[${index}].default`, message }] : [];
  });
}

function checkStage(stage: StageDefinition, here: Here): Problem[] {
  const names = new Map(stage.steps.map((step) => [step.name, step]));
  const order = stage.steps.flatMap(({ name, entry }, index): Problem[] => {
    if (entry.type !== "step_completed") return [];
    const path = `${here.path}.steps[${index}].entry.step`;
    return names.has(entry.step)
      ? []
      : [{ path, message: `there is no step ${entry.step} in this stage, so ${name} could never start` }];
  });
  const circle = circleIn(
    new Map(
      stage.steps.map(({ name, entry }) => [
        name,
        entry.type === "step_completed" && names.has(entry.step) ? [entry.step] : [],
      ]),
    ),
  );
  if (circle) {
    const index = stage.steps.findIndex(({ name }) => name === circle[0]);
    order.push({
      path: `${here.path}.steps[${index}].entry.step`,
      message: `the steps ${circle.join(" → ")} wait for one another, so none of them could start`,
    });
  }
  return [
    ...order,
    ...stage.steps.flatMap((step, index) => checkStep(step, { ...here, path: `${here.path}.steps[${index}]` })),
    ...checkGate(stage.exit, { ...here, path: `${here.path}.exit` }),
  ];
}

/** A decision is taken at one moment, so it may read whatever there is, and in record-triggered runs what the change was. */
function checkDecision({ outcomes }: DecisionDefinition, { path, scope, definition }: Here): Problem[] {
  const rules: Rules = { mayAskForChange: definition.start.type === "record_triggered" };
  return [
    ...repeated(outcomes.map(({ name }, index) => ({ name, path: `${path}.outcomes[${index}].name` }))),
    ...outcomes.flatMap((outcome, index) => {
      const at = `${path}.outcomes[${index}]`;
      return [
        ...checkCondition(outcome.when, { path: `${at}.when`, rules }, scope),
        ...checkChange(outcome, { path: at, definition }),
      ];
    }),
  ];
}

/** Only a change of the record can have made something hold that did not hold before. */
function checkChange(
  { when, onlyWhenChangedToMeet }: DecisionDefinition["outcomes"][number],
  { path, definition }: Pick<Here, "path" | "definition">,
): Problem[] {
  if (!onlyWhenChangedToMeet) return [];
  const at = `${path}.onlyWhenChangedToMeet`;
  if (definition.start.type !== "record_triggered")
    return [{ path: at, message: "needs a start by a record's change; nothing changes when somebody starts it" }];
  return pathsOf(when).some((read) => read.startsWith("$Record."))
    ? []
    : [{ path: at, message: "needs a condition that reads $Record; nothing else was otherwise before the change" }];
}

function checkFallback({ fallbackAssignee }: Orchestration, world: World): Problem[] {
  if (!fallbackAssignee) return [];
  const message = whoIsMissing([fallbackAssignee.type], fallbackAssignee.value, world);
  return message ? [{ path: "fallbackAssignee.value", message }] : [];
}

/** What every approval process is given when somebody asks for approval (semantics 6). */
export const APPROVAL_INPUTS = ["recordId", "submitter", "submissionComments", "firstApprover"] as const;

function checkApprovalProcess(definition: Orchestration): Problem[] {
  const inputs = APPROVAL_INPUTS.flatMap((wanted): Problem[] => {
    const index = definition.variables.findIndex(({ name }) => name === wanted);
    const variable = definition.variables[index];
    if (!variable) return [{ path: "variables", message: `an approval process needs the text input ${wanted}` }];
    return variable.isInput && fits(variable, TEXT)
      ? []
      : [{ path: `variables[${index}]`, message: `${wanted} must be a text and an input` }];
  });
  return objectOf(definition)
    ? inputs
    : [...inputs, { path: "start.object", message: "an approval process names the object whose records it is about" }];
}
