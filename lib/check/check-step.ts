import type { ApprovalStep, Entry, HumanStep, StepDefinition } from "../engine/definition";
import { isHuman } from "../engine/find";
import type { Flow } from "../flow/definition";
import { graphOf, reachableFrom } from "../logic/graph";
import type { Expression } from "../logic/schema";
import type { Problem } from "../result";
import { checkApprovalStep, checkDue } from "./check-approval";
import { checkCondition, type Rules } from "./check-condition";
import { checkExpression } from "./check-expression";
import { checkOperation } from "./check-operation";
import { ANY, fits, type Kind, kindWords, TEXT } from "./kind";
import { objectOf, outputsOf } from "./orchestration-scope";
import { isProblem } from "./scope";
import { type Here, whoIsMissing } from "./who-is-missing";

/** A waiting condition may read whatever wakes its run (A8): records and their parents, steps, variables, the clock. Only change has a moment. */
export const WAITING: Rules = {};

const FLOW_WORDS: Readonly<Record<Flow["type"], string>> = {
  screen: "a screen flow",
  autolaunched: "an autolaunched flow",
  evaluation: "an evaluation flow",
};

/** Whether a flow may be called: it exists, is active, is of the wanted type, and takes the inputs it is given. */
export function checkCall(
  call: { flow: string; inputs: Readonly<Record<string, Expression>> },
  wanted: Flow["type"],
  here: Here,
): Problem[] {
  const at = `${here.path}.flow`;
  const flow = here.world.flows.get(call.flow);
  if (!flow) return [{ path: at, message: `there is no flow called ${call.flow}` }];
  if (flow === "inactive")
    return [{ path: at, message: `no version of the flow ${call.flow} is active; activate it first` }];
  if (flow.type !== wanted)
    return [{ path: at, message: `${call.flow} is ${FLOW_WORDS[flow.type]}, but ${FLOW_WORDS[wanted]} is wanted` }];
  return Object.entries(call.inputs).flatMap(([name, value]) => {
    const path = `${here.path}.inputs.${name}`;
    const input = flow.variables.find((variable) => variable.name === name && variable.isInput);
    if (!input) return [{ path, message: `the flow ${call.flow} has no input of that name` }];
    return checkExpression(
      value,
      { path, wanted: input.object ? { type: input.type, object: input.object } : { type: input.type } },
      here.scope,
    );
  });
}

/** An entry or exit condition that is one of requirements or evaluation flow; the other kinds need no look from here. */
export function checkGate(
  gate: Entry | { type: "flow_completed" } | { type: "all_steps_completed" },
  here: Here,
): Problem[] {
  if (gate.type === "requirements")
    return checkCondition(gate.condition, { path: `${here.path}.condition`, rules: WAITING }, here.scope);
  if (gate.type === "evaluation_flow") return checkCall(gate, "evaluation", here);
  return [];
}

export function checkStep(step: StepDefinition, here: Here): Problem[] {
  const { path } = here;
  return [
    ...checkGate(step.entry, { ...here, path: `${path}.entry` }),
    ...checkLock(step, here),
    ...(isHuman(step) ? checkHuman(step, here) : checkMachine(step, here)),
    ...checkOutputs(step, here),
  ];
}

function checkMachine(step: Exclude<StepDefinition, HumanStep>, here: Here): Problem[] {
  if (step.kind === "external") return checkOperation(step, here);
  const problems = checkCall(step, "autolaunched", here);
  if (typeof step.runAs === "string") return problems;
  const { user } = step.runAs;
  const message = here.definition.runAsAllowed.includes(user)
    ? whoIsMissing(["user"], user, here.world)
    : `${user} is not among runAsAllowed, those whose rights this process may take on`;
  return message ? [...problems, { path: `${here.path}.runAs.user`, message }] : problems;
}

function checkHuman(step: HumanStep, here: Here): Problem[] {
  const { path, scope } = here;
  const texts = (["emailSubject", "emailBody"] as const).flatMap((name) => {
    const text = step[name];
    return text ? checkExpression(text, { path: `${path}.${name}`, wanted: TEXT }, scope) : [];
  });
  const named = scope(step.record);
  const isRecord = !isProblem(named) && named.type === "record";
  const record = isRecord
    ? []
    : checkExpression({ ref: step.record }, { path: `${path}.record`, wanted: TEXT }, scope).map((problem) => ({
        ...problem,
        path: `${path}.record`,
      }));
  return [
    ...checkKindOfProcess(step, here),
    ...checkHumanFlow(step, here),
    ...checkGate(step.exit, { ...here, path: `${path}.exit` }),
    ...checkAssignee(step, here),
    ...checkDue(step, here),
    ...(step.kind === "approval" ? [...checkApprovalStep(step, here), ...checkAnswers(step, here)] : []),
    ...record,
    ...texts,
  ];
}

/** A lock is one of the run's own record (A22). */
function checkLock({ locksRecord }: StepDefinition, { path, definition }: Here): Problem[] {
  if (!locksRecord || objectOf(definition)) return [];
  return [{ path: `${path}.locksRecord`, message: "there is no record to lock: the start names no object" }];
}

function checkKindOfProcess({ kind }: HumanStep, { path, definition }: Here): Problem[] {
  const wanted = definition.processType === "approval" ? "approval" : "interactive";
  if (kind === wanted) return [];
  const process =
    definition.processType === "approval"
      ? "an approval process has approval steps"
      : "an orchestration has interactive steps";
  return [{ path: `${path}.kind`, message: `${process}; make this one ${wanted}` }];
}

function checkHumanFlow(step: HumanStep, here: Here): Problem[] {
  const { path, world } = here;
  if (step.flow === undefined) {
    return Object.keys(step.inputs).map((name) => ({
      path: `${path}.inputs.${name}`,
      message: "an approval step without a flow takes no inputs",
    }));
  }
  const problems = checkCall({ flow: step.flow, inputs: step.inputs }, "screen", here);
  const flow = world.flows.get(step.flow);
  if (step.kind !== "approval" || !flow || flow === "inactive") return problems;
  return [...problems, ...checkDeciding(step, flow, `${path}.flow`)];
}

/** Screens in which an approval is decided: they say what is decided, and by nothing that nobody sent. */
function checkDeciding({ label }: HumanStep, flow: Flow, path: string): Problem[] {
  const decides = flow.variables.some(
    ({ name, type, isOutput }) => name === "approvalDecision" && type === "text" && isOutput,
  );
  const mute = `${flow.name} must have a text output approvalDecision, which is Approve or Reject`;
  const unseen = `${flow.name} can end without a screen, so whoever only opened ${label} would have decided it: put a screen on every way to its end`;
  return [...(decides ? [] : [{ path, message: mute }]), ...(mayPassNoScreen(flow) ? [{ path, message: unseen }] : [])];
}

function mayPassNoScreen({ elements, start }: Flow): boolean {
  const others = graphOf(elements.filter(({ type }) => type !== "screen"));
  return others.has(start) && reachableFrom(others, start).has(null);
}

/** Screens for answers are given the record and the question, where they take them. */
function checkAnswers({ answers }: ApprovalStep, here: Here): Problem[] {
  if (!answers) return [];
  const path = `${here.path}.answers`;
  const problems = checkCall({ flow: answers.flow, inputs: {} }, "screen", { ...here, path });
  const flow = here.world.flows.get(answers.flow);
  if (problems.length > 0 || !flow || flow === "inactive") return problems;
  const mute = `${answers.flow} has no output, so nothing would come of an answer`;
  const unseen = `${answers.flow} can end without a screen, so whoever only opened the question would have answered it: put a screen on every way to its end`;
  const hasOutput = flow.variables.some(({ isOutput }) => isOutput);
  const messages = [...(hasOutput ? [] : [mute]), ...(mayPassNoScreen(flow) ? [unseen] : [])];
  return messages.map((message) => ({ path: `${path}.flow`, message }));
}

/** A named person, group or queue must be there; a reference must be able to lead to one. */
function checkAssignee({ assignee }: HumanStep, { path, world, scope }: Here): Problem[] {
  const at = `${path}.assignee.value`;
  if (!("literal" in assignee.value))
    return checkExpression(assignee.value, { path: at, wanted: { type: "user" } }, scope);
  const name = assignee.value.literal;
  if (typeof name !== "string" || name.trim() === "") return [{ path: `${at}.literal`, message: "must be a name" }];
  const types = assignee.type === "resource" ? (["user", "group", "queue"] as const) : [assignee.type];
  const message = whoIsMissing(types, name, world);
  return message ? [{ path: `${at}.literal`, message }] : [];
}

function checkOutputs(step: StepDefinition, { path, definition, world }: Here): Problem[] {
  const outputs = outputsOf(step, world);
  return step.outputs.flatMap(({ from, to }, index) => {
    const at = `${path}.outputs[${index}]`;
    const given: Kind | undefined = outputs ? outputs.get(from) : ANY;
    const variable = definition.variables.find(({ name }) => name === to);
    const problems: Problem[] = [];
    if (!given) problems.push({ path: `${at}.from`, message: `the step's flow has no output ${from}` });
    if (!variable) problems.push({ path: `${at}.to`, message: `there is no variable ${to}` });
    if (given && variable && !fits(given, variable)) {
      problems.push({ path: at, message: `${from} is ${kindWords(given)}, but ${to} is ${kindWords(variable)}` });
    }
    return problems;
  });
}
