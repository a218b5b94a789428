import { evaluate } from "../../logic/evaluate";
import type { FlowElement } from "../definition";
import type { InterviewState, Passed } from "../interview";
import { lookupOf } from "../seek";
import { noting } from "../trace";
import { visiting } from "../visited";

/** The first outcome that holds is taken, else the default (semantics B 4.2). */
export function choose(
  flow: string,
  element: Extract<FlowElement, { type: "decision" }>,
  state: InterviewState,
): InterviewState {
  const lookup = lookupOf(state);
  const place = { flow, element: element.name };
  const asked: NonNullable<Passed["asked"]>[number][] = [];
  for (const { name, when, next } of element.outcomes) {
    const proof = evaluate(when, lookup, { clock: state.clock });
    asked.push({ outcome: name, proof });
    if (proof.met)
      return { ...visiting(noting(state, place, { took: name, asked }), `${element.name}.${name}`), at: next };
  }
  return { ...noting(state, place, { took: null, asked }), at: element.defaultNext };
}
