import type { Operator } from "../logic/schema";
import type { Value } from "../logic/value";
import type { Problem } from "../result";
import type { Flow, FlowElement } from "./definition";

export type Values = { readonly [name: string]: Value };

/**
 * Where one execution of a flow stands: plain JSON, stored whole as `interview.state`. Variables and screen fields share one set of names,
 * so a field named like a variable fills it.
 */
export type InterviewState = {
  /** The element to enter, or the one that waits for an answer; null when the end was reached. */
  readonly at: string | null;
  readonly values: Values;
  /**
   * What was read behind ids, by id and the path from there, so that `theCase.Owner.Email` works where a variable holds an id. Forgotten
   * whenever a person answers or something is changed.
   */
  readonly behind: { readonly [id: string]: Values };
  /** The screens that Back returns to, oldest first, each with the values as they were when it was shown. */
  readonly trail: readonly { readonly screen: string; readonly values: Values }[];
  /** What was typed on each screen, kept for when it is shown again. */
  readonly answers: { readonly [screen: string]: Values };
  /** Elements passed since the last answer of a person. */
  readonly passed: number;
  /** Expressions evaluated by them. */
  readonly evaluated: number;
};

/** What the flow wants next. Only the shell talks to people and the database; its answer goes back into `advance`. */
export type Request =
  /** `problems`: why the last Next was not taken. */
  | { readonly type: "screen"; readonly screen: string; readonly problems: readonly Problem[] }
  | DataRequest
  | { readonly type: "look_behind"; readonly wants: readonly Want[] }
  | { readonly type: "action"; readonly element: string; readonly action: string; readonly inputs: Values }
  | { readonly type: "end"; readonly outputs: Values }
  /** `message` is a sentence for the person, and for the admin's run page. */
  | { readonly type: "failure"; readonly element: string | null; readonly message: string };

/** The value at the end of a path that begins at a record or person. */
export type Want = { readonly id: string; readonly path: string };

type Filter = {
  readonly field: string;
  readonly operator: Exclude<Operator, "is_changed">;
  readonly value: Value;
};

type DataRequest =
  | {
      readonly type: "get_records";
      readonly element: string;
      readonly object: string;
      readonly where: readonly Filter[];
      readonly sort: { readonly field: string; readonly direction: "ascending" | "descending" } | null;
      readonly limit: number;
    }
  | { readonly type: "create_records"; readonly element: string; readonly object: string; readonly values: Values }
  | {
      readonly type: "update_records";
      readonly element: string;
      readonly object: string;
      readonly id: string;
      readonly values: Values;
    };

export type Answer =
  /** Go on from where the state stands: at the start, and after a crash. */
  | { readonly type: "continue" }
  | { readonly type: "next"; readonly values: Values }
  | { readonly type: "back"; readonly values: Values }
  | { readonly type: "records"; readonly records: readonly Values[] }
  | { readonly type: "created"; readonly id: string }
  | { readonly type: "found_behind"; readonly found: readonly (Want & { readonly value: Value })[] }
  | { readonly type: "done" };

export type Step = { readonly state: InterviewState; readonly request: Request };

export const elementNamed = (flow: Flow, name: string | null): FlowElement | null =>
  flow.elements.find((element) => element.name === name) ?? null;

export const fail = (state: InterviewState, element: string | null, message: string): Step => ({
  state,
  request: { type: "failure", element, message },
});

/**
 * The flow's output variables. An evaluation flow has one, `isOrchestrationConditionMet`, which is false unless it was set to true
 * (semantics B 4.3).
 */
export function outputsOf(flow: Flow, state: InterviewState): Values {
  if (flow.type === "evaluation")
    return { isOrchestrationConditionMet: state.values.isOrchestrationConditionMet === true };
  const outputs = flow.variables.filter((variable) => variable.isOutput);
  return Object.fromEntries(outputs.map(({ name }) => [name, state.values[name] ?? null]));
}
