import { type Lookup, readPath } from "../logic/references";
import type { Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { Facts } from "./command";
import type { Orchestration } from "./definition";
import type { RunState } from "./state";
import { DISPLAY } from "./status";

/** What conditions and inputs are evaluated against: a decision's, or a page's that asks how things stand. */
export type View = {
  readonly definition: Orchestration;
  readonly state: RunState;
  readonly facts: Facts;
  /** Answers of evaluation flows by key; they hold at `seq` only. */
  readonly evaluations: { readonly [key: string]: Proof };
  readonly seq: number;
};

/**
 * What references of an orchestration see (semantics 2.4, A1b, A3, A7): the record as it is now, its past as it was when the run began,
 * the run's id, variables, and of stages and steps the latest round's latest attempt. What does not exist yet is null.
 */
export const lookupOf =
  ({ definition, state, facts }: View): Lookup =>
  (path) => {
    const { head, rest } = split(path);
    if (head === "$Record") return rest === "Id" ? (state.run.record?.id ?? null) : readPath(facts.record, rest);
    if (head === "$Record__Prior") return state.run.recordPrior && readPath(state.run.recordPrior, rest);
    if (head === "$Orchestration") return rest === "Instance" ? state.run.id : null;
    if (Object.hasOwn(state.run.variables, head)) return readPath(state.run.variables, path);
    const isStage = definition.elements.some((element) => element.type === "stage" && element.name === head);
    return isStage ? ofStage(state, head, rest) : ofStep(state, head, rest);
  };

/** The same paths as they were before the change that started the run: what *is changed* compares with. Only records have a past. */
export const priorOf = (view: View): Lookup => {
  const now = lookupOf(view);
  const { recordPrior } = view.state.run;
  return (path) => {
    const { head, rest } = split(path);
    return head === "$Record" ? recordPrior && readPath(recordPrior, rest) : now(path);
  };
};

function split(path: string): { head: string; rest: string } {
  const dot = path.indexOf(".");
  return dot < 0 ? { head: path, rest: "" } : { head: path.slice(0, dot), rest: path.slice(dot + 1) };
}

function ofStage(state: RunState, name: string, rest: string): Value {
  const latest = state.stages.findLast((stage) => stage.name === name);
  return latest && rest === "Status" ? DISPLAY[latest.status] : null;
}

function ofStep(state: RunState, name: string, rest: string): Value {
  const latest = state.steps.findLast((step) => step.name === name);
  if (!latest) return null;
  if (rest === "Status") return DISPLAY[latest.status];
  const { head, rest: output } = split(rest);
  return head === "Outputs" && latest.outputs ? (output ? readPath(latest.outputs, output) : null) : null;
}
