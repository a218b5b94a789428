import { MAX_STEPS_PER_EXECUTION } from "../logic/formula/world";
import { type Flow, type FlowElement, MAX_ELEMENTS_PER_EXECUTION, MAX_EXPRESSIONS_PER_EXECUTION } from "./definition";
import { ask } from "./elements/ask";
import { assign } from "./elements/assign";
import { awaitEvents } from "./elements/await-events";
import { choose } from "./elements/choose";
import { takeAnswer, takeBack, takeNext } from "./elements/take";
import {
  type Answer,
  elementNamed,
  fail,
  failFinally,
  faultExitOf,
  type InterviewState,
  outputsOf,
  type Step,
} from "./interview";
import { expressionsIn, readsOf } from "./reads";
import { askBehind, withBehind } from "./seek";
import { isOverdrawn } from "./spending";
import { noting, passing } from "./trace";
import { failing, visiting } from "./visited";

/**
 * Takes the answer to the last request and goes on to the next one. No clock, randomness, I/O, await or throw: the same three arguments
 * have the same result. A failure leaves the state where it was, so that what was typed is not lost.
 */
export function advance(flow: Flow, state: InterviewState, answer: Answer): Step {
  const taken = take(flow, state, answer);
  let step = "request" in taken ? taken : runOn(flow, taken);
  for (let caught = caughtBy(flow, step); caught; caught = caughtBy(flow, step)) step = runOn(flow, caught);
  return { ...step, state: withFault(flow, step) };
}

/** Where the execution is traced, the element that failed says why. */
function withFault({ name: flow }: Flow, { state, request }: Step): InterviewState {
  if (request.type !== "failure" || request.element === null) return state;
  return noting(state, { flow, element: request.element }, { fault: request.message });
}

/** Where a failure leads whose element has a fault connector; null: the interview fails. Each way round passes elements, which are bounded. */
function caughtBy(flow: Flow, { state, request }: Step): InterviewState | null {
  if (request.type !== "failure" || request.isFinal) return null;
  const exit = faultExitOf(elementNamed(flow, request.element));
  if (exit === undefined) return null;
  const failed = failing(withFault(flow, { state, request }), request.element ?? "");
  return { ...failed, at: exit, fault: request.message, behind: {}, trail: [] };
}

function take(flow: Flow, state: InterviewState, answer: Answer): InterviewState | Step {
  switch (answer.type) {
    case "continue":
      return state;
    case "found_behind":
      return withBehind(state, answer.found);
    case "next":
      return takeNext(flow, state, answer.values);
    case "back":
      return takeBack(flow, state, answer.values);
    case "failed":
      return (answer.isFinal ? failFinally : fail)(state, state.at, answer.message);
    default:
      return takeAnswer(flow, state, answer);
  }
}

/** Enters element after element until one needs somebody or something, or the end is reached. */
function runOn(flow: Flow, from: InterviewState): Step {
  let state = from;
  while (state.at !== null) {
    const element = elementNamed(flow, state.at);
    if (!element) return fail(state, state.at, `The flow leads to ${state.at}, which it does not have.`);
    const tired = overBound(state, element);
    if (tired) return failFinally(state, element.name, tired);
    const unknown = askBehind(state, readsOf(element));
    if (unknown) return unknown;
    const entered = enter(flow, element, {
      ...visiting(passing(state, { flow: flow.name, element: element.name }), element.name),
      passed: state.passed + 1,
      evaluated: state.evaluated + expressionsIn(element),
    });
    const after = "request" in entered ? entered.state : entered;
    if (isOverdrawn(after))
      return failFinally({ ...after, at: element.name, values: state.values }, element.name, OVERDRAWN);
    if ("request" in entered) return entered;
    state = entered;
  }
  return { state, request: { type: "end", outputs: outputsOf(flow, state) } };
}

const OVERDRAWN = `The flow was stopped: its formulas and texts took more than ${MAX_STEPS_PER_EXECUTION} steps, and one execution may take no more.`;

/** Why an execution may not enter another element, as a sentence; null: it may (F7). */
function overBound({ passed, evaluated }: InterviewState, element: FlowElement): string | null {
  if (passed >= MAX_ELEMENTS_PER_EXECUTION) {
    return `The flow was stopped after ${MAX_ELEMENTS_PER_EXECUTION} elements: it may be running in a circle.`;
  }
  return evaluated + expressionsIn(element) > MAX_EXPRESSIONS_PER_EXECUTION
    ? `The flow was stopped after ${evaluated} assignments and conditions; one execution may have ${MAX_EXPRESSIONS_PER_EXECUTION}.`
    : null;
}

function enter(flow: Flow, element: FlowElement, state: InterviewState): InterviewState | Step {
  switch (element.type) {
    case "screen":
      if (flow.type !== "screen")
        return fail(state, element.name, `${element.label} is a screen, and this flow works without a person.`);
      return { state, request: { type: "screen", screen: element.name, problems: [] } };
    case "assignment":
      return assign(flow, element, state);
    case "decision":
      return choose(flow.name, element, state);
    case "create_records":
    case "update_records":
    case "delete_records":
    case "action":
    case "subflow":
      if (flow.type === "evaluation")
        return fail(state, element.name, `${element.label} would change something, which an evaluation flow may not.`);
      return ask(element, state);
    case "wait":
      if (flow.type !== "autolaunched")
        return fail(state, element.name, `${element.label} waits, which only an autolaunched flow may.`);
      return awaitEvents(element, state);
    case "get_records":
      return ask(element, state);
  }
}
