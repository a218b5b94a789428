import { type Allowance, MAX_STEPS_PER_EXECUTION } from "../logic/formula/world";
import type { FlowClock, InterviewState } from "./interview";

/** With what the expressions of one element are reckoned: the time, and what is left of the execution's allowance. */
export type Spending = { readonly clock: FlowClock; readonly allowance: Allowance };

export const spendingOf = ({ clock, reckoned = 0 }: InterviewState): Spending => ({
  clock,
  allowance: { steps: MAX_STEPS_PER_EXECUTION - reckoned },
});

/** The state with what was spent counted. */
export function withSpent(state: InterviewState, { allowance: { steps } }: Spending): InterviewState {
  const reckoned = MAX_STEPS_PER_EXECUTION - steps;
  return reckoned === (state.reckoned ?? 0) ? state : { ...state, reckoned };
}

/** Whether an execution has taken more than it may. */
export const isOverdrawn = ({ reckoned = 0 }: InterviewState): boolean => reckoned > MAX_STEPS_PER_EXECUTION;
