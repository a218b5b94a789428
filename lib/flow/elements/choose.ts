import { evaluate } from "../../logic/evaluate";
import type { FlowElement } from "../definition";
import type { InterviewState, Passed } from "../interview";
import { lookupOf } from "../seek";
import { spendingOf, withSpent } from "../spending";
import { noting } from "../trace";
import { visiting } from "../visited";

/** The first outcome that holds is taken, else the default (semantics B 4.2). */
export function choose(
  flow: string,
  element: Extract<FlowElement, { type: "decision" }>,
  from: InterviewState,
): InterviewState {
  const spending = spendingOf(from);
  const lookup = lookupOf(from);
  const place = { flow, element: element.name };
  const asked: NonNullable<Passed["asked"]>[number][] = [];
  for (const { name, when, next } of element.outcomes) {
    const proof = evaluate(when, lookup, spending);
    asked.push({ outcome: name, proof });
    if (!proof.met) continue;
    const state = noting(withSpent(from, spending), place, { took: name, asked });
    return { ...visiting(state, `${element.name}.${name}`), at: next };
  }
  return { ...noting(withSpent(from, spending), place, { took: null, asked }), at: element.defaultNext };
}
