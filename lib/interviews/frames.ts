import { advance } from "../flow/advance";
import type { Flow } from "../flow/definition";
import { elementNamed, faultExitOf, type InterviewState, type Step } from "../flow/interview";
import { passedOn } from "../flow/trace";
import type { RunAccess } from "./run-access";

/** A flow that is at work: with whose rights, and for a called one which version it is. */
type AtWork = { readonly flow: Flow; readonly access: RunAccess; readonly version: number };
/** One that stands at its Subflow element, until the flow that it called ends. */
export type Frame = AtWork & { readonly state: InterviewState };

/** Flows in one another: those that wait for the ones that they called, outermost first, and the innermost with where it stands. */
export type Going = { readonly outer: readonly Frame[]; readonly at: AtWork; readonly step: Step };

/** All of it as one state, as it is stored: each flow within the one that called it. */
export function nested({ outer, at, step }: Going): InterviewState {
  let inner: InterviewState = step.state;
  let called: AtWork = at;
  for (const frame of outer.toReversed()) {
    inner = { ...frame.state, sub: { flow: called.flow.name, version: called.version, state: inner } };
    called = frame;
  }
  return inner;
}

/** Gives a called flow's end or failure to its caller; null: nothing of a called flow is over. What was passed counts for both. */
export function climbed({ outer, at, step }: Going): Going | null {
  const caller = outer.at(-1);
  const { request } = step;
  if (!caller || (request.type !== "end" && request.type !== "failure")) return null;
  const state = { ...caller.state, ...passedOn(step.state) };
  const answer =
    request.type === "end"
      ? ({ type: "subflow_ended", outputs: request.outputs } as const)
      : ({
          type: "failed",
          message: `${at.flow.label}: ${request.message}`,
          ...(request.isFinal ? { isFinal: true as const } : {}),
        } as const);
  return { outer: outer.slice(0, -1), at: caller, step: advance(caller.flow, state, answer) };
}

/** Whether a failure of the innermost flow's element would be caught, by it or by one of those that called it. */
export const isGuarded = ({ outer, at, step }: Going): boolean =>
  [...outer, { flow: at.flow, state: step.state }].some(
    ({ flow, state }) => faultExitOf(elementNamed(flow, state.at)) !== undefined,
  );
