import { ownProperty } from "../../logic/value";
import type { Flow, FlowElement, ScreenElement } from "../definition";
import { type Answer, elementNamed, fail, type InterviewState, type Step, type Values } from "../interview";
import { acceptedValues, fieldNames, filledScreen, validateScreen } from "../screen";
import { lookupOf } from "../seek";
import { asHeld, whyNot } from "../variable";
import type { WaitElement } from "../wait";

type AnswerOf<T extends Answer["type"]> = Extract<Answer, { type: T }>;

/** Screens that Back remembers; older ones are forgotten. */
const MAX_TRAIL = 100;

/** Next: the answers of visible fields are taken when all of them hold; otherwise the screen is shown again with the problems. */
export function takeNext(flow: Flow, state: InterviewState, typed: Values): InterviewState | Step {
  const screen = screenAt(flow, state);
  if (!screen) return fail(state, state.at, "The flow is at no screen.");
  const lookup = lookupOf(state);
  const problems = validateScreen(filledScreen(screen, lookup), typed, lookup);
  if (problems.length > 0) return { state, request: { type: "screen", screen: screen.name, problems } };
  const answers = Object.entries(acceptedValues(screen, typed, lookup));
  const held = answers.map(([name, value]) => ({
    name,
    value,
    variable: flow.variables.find((variable) => variable.name === name),
  }));
  const misfit = held.map(({ value, variable }) => variable && whyNot(variable, value)).find(Boolean);
  if (misfit) return fail(state, screen.name, `${screen.label}: ${misfit}`);
  return {
    ...state,
    at: screen.next,
    values: {
      ...state.values,
      ...Object.fromEntries(
        held.map(({ name, value, variable }) => [name, variable ? asHeld(variable, value) : value]),
      ),
    },
    trail: [...state.trail, passedScreen(screen.name, state)].slice(-MAX_TRAIL),
    answers: { ...state.answers, [screen.name]: known(screen, typed) },
    behind: {},
    passed: 0,
    evaluated: 0,
    reckoned: 0,
  };
}

const passedScreen = (screen: string, { values, visited }: InterviewState): InterviewState["trail"][number] => ({
  ...{ screen, values },
  ...(visited && { visited }),
});

/** Back: to the screen before, with the values as they were there. What was typed on this one is kept, unchecked, for its return; also where there is no way back. */
export function takeBack(flow: Flow, state: InterviewState, typed: Values): InterviewState | Step {
  const screen = screenAt(flow, state);
  if (!screen) return fail(state, state.at, "The flow is at no screen.");
  const answers = { ...state.answers, [screen.name]: known(screen, typed) };
  const before = state.trail.at(-1);
  if (!before || !screen.allowBack)
    return { state: { ...state, answers }, request: { type: "screen", screen: screen.name, problems: [] } };
  return {
    ...state,
    at: before.screen,
    values: before.values,
    ...(before.visited && { visited: before.visited }),
    trail: state.trail.slice(0, -1),
    answers,
    behind: {},
    passed: 0,
    evaluated: 0,
    reckoned: 0,
  };
}

function screenAt(flow: Flow, state: InterviewState): ScreenElement | null {
  const element = elementNamed(flow, state.at);
  return element?.type === "screen" ? element : null;
}

function known(screen: ScreenElement, typed: Values): Values {
  const names = fieldNames(screen);
  return Object.fromEntries(Object.entries(typed).filter(([name]) => names.has(name)));
}

/**
 * The world's answer to a data operation or action. After a change Back goes no further than here, because what was done is done and
 * would be done again.
 */
export function takeAnswer(
  flow: Flow,
  state: InterviewState,
  answer: Exclude<Answer, { type: "next" | "back" | "continue" | "found_behind" | "failed" }>,
): InterviewState | Step {
  const element = elementNamed(flow, state.at);
  if (element?.type === "get_records" && answer.type === "records") {
    const variable = flow.variables.find(({ name }) => name === element.into);
    const value = variable?.type === "record_list" ? answer.records : (answer.records[0] ?? null);
    const complaint = variable ? whyNot(variable, value) : `${element.into} is no variable of this flow.`;
    if (complaint) return fail(state, element.name, `${element.label}: ${complaint}`);
    return { ...state, at: element.next, values: { ...state.values, [element.into]: value } };
  }
  if (element?.type === "create_records" && answer.type === "created") {
    const taken = element.into ? { ...state.values, [element.into]: answer.id } : state.values;
    return { ...state, at: element.next, values: taken, behind: {}, trail: [] };
  }
  const isDeed = element?.type === "update_records" || element?.type === "delete_records" || element?.type === "action";
  if (isDeed && answer.type === "done") return { ...state, at: element.next, behind: {}, trail: [] };
  if (element?.type === "subflow" && answer.type === "subflow_ended")
    return takeOutputs(flow, state, { element, answer });
  if (element?.type === "wait" && answer.type === "event") return takeEvent(flow, state, { element, answer });
  return fail(state, state.at, "The flow was given an answer that it does not wait for.");
}

/** What a called flow gave back, in the variables that are to take it. */
function takeOutputs(
  flow: Flow,
  state: InterviewState,
  { element, answer }: { element: Extract<FlowElement, { type: "subflow" }>; answer: AnswerOf<"subflow_ended"> },
): InterviewState | Step {
  const values = { ...state.values };
  for (const [output, name] of Object.entries(element.outputs)) {
    const variable = flow.variables.find((candidate) => candidate.name === name);
    const value = ownProperty(answer.outputs, output);
    const complaint = variable ? whyNot(variable, value) : `${name} is no variable of this flow.`;
    if (complaint || !variable) return fail(state, element.name, `${element.label}: ${complaint}`);
    values[name] = asHeld(variable, value);
  }
  return { ...state, at: element.next, values, behind: {}, trail: [] };
}

/** After a wait the world may be another, and a new execution begins; not so where nothing was waited for, or a circle of such would have no end (F7). */
function takeEvent(
  flow: Flow,
  state: InterviewState,
  { element, answer }: { element: WaitElement; answer: AnswerOf<"event"> },
): InterviewState | Step {
  const event = element.events.find(({ name }) => name === answer.event);
  if (!event) return fail(state, element.name, `${element.label} does not wait for ${answer.event}.`);
  const into = event.type === "record_change" ? event.into : undefined;
  const variable = flow.variables.find(({ name }) => name === into);
  const value = variable?.type === "text" ? ownProperty(answer.record, "Id") : answer.record;
  const complaint = variable && whyNot(variable, value);
  if (complaint) return fail(state, element.name, `${element.label}: ${complaint}`);
  const values = variable ? { ...state.values, [variable.name]: value } : state.values;
  const begun = answer.isAtOnce ? {} : { passed: 0, evaluated: 0, reckoned: 0 };
  return { ...state, at: event.next, values, behind: {}, trail: [], ...begun };
}
