import type { Condition, Operator, Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { Problem } from "../result";
import type { Flow, FlowElement } from "./definition";
import type { WaitUnit } from "./wait";

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
  /** The screens that Back returns to, oldest first, each with the values as they were when it was shown, and what had been visited. */
  readonly trail: readonly { readonly screen: string; readonly values: Values; readonly visited?: Visited }[];
  /** What was typed on each screen, kept for when it is shown again. */
  readonly answers: { readonly [screen: string]: Values };
  /** Elements passed since the last answer of a person. */
  readonly passed: number;
  /** Expressions evaluated by them. */
  readonly evaluated: number;
  /** Steps that their formulas took; without it none. */
  readonly reckoned?: number;
  /** What the flow takes for now: given anew by the shell before each execution. */
  readonly clock: FlowClock;
  /** Why the last element that failed did so, where the flow goes on nevertheless (`$Flow.FaultMessage`). */
  readonly fault?: string;
  /** The flow that the element stands at calls: the version that was active when it was reached, and where that stands. */
  readonly sub?: CalledFlow;
  /** Elements that were entered, and outcomes that were taken. */
  readonly visited?: Visited;
  /** What was passed so far, the flows that called this one included; of debug runs only. */
  readonly trace?: readonly Passed[];
  /** The last that were passed, at most `MAX_LATELY`, the flows that called this one included: what a failure's mail tells. */
  readonly lately?: readonly Place[];
};

/** An element by the names of its flow and itself. */
export type Place = { readonly flow: string; readonly element: string };

/** By element, or by decision and outcome as `Decision.Outcome`: whether it was entered, and of an element whether it failed then. */
export type Visited = { readonly [place: string]: "entered" | "failed" };

/**
 * An element that was passed, by the names of flow and element; of a decision which outcome was taken (null: the default) and what each saw
 * that was asked, and of one that failed why.
 */
export type Passed = Place & {
  readonly took?: string | null;
  readonly asked?: readonly { readonly outcome: string; readonly proof: Proof }[];
  readonly fault?: string;
};

/** An ISO instant, and the IANA zone whose days count. */
export type FlowClock = { readonly now: string; readonly timeZone: string };

export type CalledFlow = { readonly flow: string; readonly version: number; readonly state: InterviewState };

/** What the flow wants next. Only the shell talks to people and the database; its answer goes back into `advance`. */
export type Request =
  /** `problems`: why the last Next was not taken. */
  | { readonly type: "screen"; readonly screen: string; readonly problems: readonly Problem[] }
  | DataRequest
  | { readonly type: "look_behind"; readonly wants: readonly Want[] }
  | { readonly type: "action"; readonly element: string; readonly action: string; readonly inputs: Values }
  | { readonly type: "subflow"; readonly element: string; readonly flow: string; readonly inputs: Values }
  /** The first of them that happens is answered with `event`. */
  | { readonly type: "wait"; readonly element: string; readonly events: readonly AwaitedEvent[] }
  | { readonly type: "end"; readonly outputs: Values }
  /** `message` is a sentence for the person, and for the admin's run page. `isFinal`: no fault connector catches it, as of a limit. */
  | {
      readonly type: "failure";
      readonly element: string | null;
      readonly message: string;
      readonly isFinal?: true;
    };

type Zone = { readonly calendar: string | null; readonly timeZone: string | null };
type About = {
  readonly object: string;
  /** What its condition reads of the flow, by path: all but the record itself. */
  readonly known: Values;
};

/** An event of a Wait element with its values filled in. */
export type AwaitedEvent = { readonly name: string; readonly label: string } & (
  | ({ readonly type: "amount_of_time"; readonly amount: number; readonly unit: WaitUnit } & Zone)
  | ({
      readonly type: "until_date";
      readonly at: string;
      /** Time of day for a date without one. */
      readonly time: string;
      readonly offset: { readonly amount: number; readonly unit: WaitUnit } | null;
    } & Zone)
  | ({ readonly type: "condition"; readonly record: string; readonly condition: Condition } & About)
  | ({
      readonly type: "record_change";
      readonly record: string | null;
      readonly on: "create" | "update" | "create_or_update";
      readonly condition: Condition | null;
    } & About)
);

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
    }
  /** `ids`: these; null: what `where` finds. */
  | {
      readonly type: "delete_records";
      readonly element: string;
      readonly object: string;
      readonly ids: readonly string[] | null;
      readonly where: readonly Filter[];
    };

export type Answer =
  /** Go on from where the state stands: at the start, and after a crash. */
  | { readonly type: "continue" }
  | { readonly type: "next"; readonly values: Values }
  | { readonly type: "back"; readonly values: Values }
  | { readonly type: "records"; readonly records: readonly Values[] }
  | { readonly type: "created"; readonly id: string }
  | { readonly type: "found_behind"; readonly found: readonly (Want & { readonly value: Value })[] }
  | { readonly type: "done" }
  | { readonly type: "subflow_ended"; readonly outputs: Values }
  /** `record`: the one that changed, where the event is a record's change. `isAtOnce`: nobody waited for it. */
  | { readonly type: "event"; readonly event: string; readonly record: Values | null; readonly isAtOnce?: true }
  /** The world could not do what the element asked. */
  | { readonly type: "failed"; readonly message: string; readonly isFinal?: true };

export type Step = { readonly state: InterviewState; readonly request: Request };

export const elementNamed = (flow: Flow, name: string | null): FlowElement | null =>
  flow.elements.find((element) => element.name === name) ?? null;

export const fail = (state: InterviewState, element: string | null, message: string): Step => ({
  state,
  request: { type: "failure", element, message },
});

/** A failure that no fault connector catches. */
export const failFinally = (state: InterviewState, element: string | null, message: string): Step => ({
  state,
  request: { type: "failure", element, message, isFinal: true },
});

/** Where an element's fault connector leads; undefined: it has none. */
export const faultExitOf = (element: FlowElement | null): string | null | undefined =>
  element && "faultNext" in element ? element.faultNext : undefined;

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
