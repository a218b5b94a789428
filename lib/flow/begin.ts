import type { Value } from "../logic/value";
import { advance } from "./advance";
import type { Flow, FlowVariable } from "./definition";
import { fail, type InterviewState, type Step, type Values } from "./interview";
import { asHeld, whyNot } from "./variable";

/** The clock of the execution, what of its bounds a caller has used up, and what was passed; `trace` where that is to be told. */
type Spent = Pick<InterviewState, "clock"> &
  Partial<Pick<InterviewState, "passed" | "evaluated" | "reckoned" | "trace" | "lately">>;

/**
 * A new interview, run to its first request. Variables take their inputs, else their defaults; inputs that are no input variable of the
 * flow are left aside, as an orchestration may pass more than a newer flow version takes. An input of the wrong type is a failure.
 */
export function begin(flow: Flow, inputs: Values, spent: Spent): Step {
  const given = (variable: FlowVariable): Value => asHeld(variable, inputOf(variable, inputs) ?? variable.default);
  const values = Object.fromEntries(flow.variables.map((variable) => [variable.name, given(variable)]));
  const nothingYet = { behind: {}, trail: [], answers: {}, passed: 0, evaluated: 0 };
  const state: InterviewState = { at: flow.start, values, ...nothingYet, ...spent };
  for (const variable of flow.variables) {
    const complaint = whyNot(variable, given(variable));
    if (complaint) return fail({ ...state, values: {} }, null, `The flow cannot start: ${complaint}`);
  }
  return advance(flow, state, { type: "continue" });
}

const inputOf = ({ isInput, name }: FlowVariable, inputs: Values): Value =>
  isInput && Object.hasOwn(inputs, name) ? (inputs[name] ?? null) : null;
