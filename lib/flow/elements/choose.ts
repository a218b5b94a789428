import { evaluate } from "../../logic/evaluate";
import type { FlowElement } from "../definition";
import type { InterviewState } from "../interview";
import { lookupOf } from "../seek";

/** The first outcome that holds is taken, else the default (semantics B 4.2). */
export function choose(element: Extract<FlowElement, { type: "decision" }>, state: InterviewState): InterviewState {
  const lookup = lookupOf(state);
  const outcome = element.outcomes.find(({ when }) => evaluate(when, lookup, { clock: state.clock }).met);
  return { ...state, at: outcome ? outcome.next : element.defaultNext };
}
