import type { Clock } from "../logic/globals";
import { type Lookup, readPath } from "../logic/references";
import type { Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { Facts } from "./command";
import type { Orchestration } from "./definition";
import type { RunState, StepRun } from "./state";
import { DISPLAY } from "./status";

/** What conditions and inputs are evaluated against: a decision's, or a page's that asks how things stand. */
export type View = {
  readonly definition: Orchestration;
  readonly state: RunState;
  readonly facts: Facts;
  /** Answers of evaluation flows by key; they hold at `seq` only. */
  readonly evaluations: { readonly [key: string]: Proof };
  readonly seq: number;
  /** ISO instant that conditions take for now. */
  readonly now: string;
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
    if (head === "$Flow") return rest === "FaultMessage" ? state.run.faultMessage : null;
    if (Object.hasOwn(state.run.variables, head)) return readPath(state.run.variables, path);
    const element = definition.elements.find(({ name }) => name === head);
    if (element?.type === "decision") return ofDecision(state, head, rest);
    return element ? ofStage(state, head, rest) : ofStep(state, head, rest);
  };

/** What conditions are evaluated with: the past of the record, and the time. */
export const contextOf = (view: View): { readonly prior: Lookup; readonly clock: Clock } => ({
  prior: priorOf(view),
  clock: clockOf(view),
});

/** Instants are compared as such; a day begins at midnight UTC. */
export const clockOf = ({ now }: Pick<View, "now">): Clock => ({ now, timeZone: "UTC" });

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
  if (!latest) return rest === "HasError" ? false : null;
  switch (rest) {
    case "Status":
      return DISPLAY[latest.status];
    case "HasError":
      return latest.status === "error";
    case "WasVisited":
      return latest.status === "completed" ? true : latest.status === "error" ? false : null;
    default:
      return null;
  }
}

/** `Decision.WasVisited`, or `Decision.Outcome.WasVisited`: whether that way was taken. */
function ofDecision({ run }: RunState, name: string, rest: string): Value {
  if (rest === "WasVisited") return run.taken.some((way) => way === name || way.startsWith(`${name}.`));
  const [outcome, asked, ...more] = rest.split(".");
  return asked === "WasVisited" && more.length === 0 ? run.taken.includes(`${name}.${outcome}`) : null;
}

function ofStep(state: RunState, name: string, rest: string): Value {
  const latest = state.steps.findLast((step) => step.name === name) ?? passedOver(state, name);
  if (!latest) return rest === "HasError" ? false : null;
  if (rest === "Status") return DISPLAY[latest.status];
  if (rest === "HasError") return latest.status === "error";
  if (rest === "WasVisited") return latest.status === "not_started" ? null : latest.status === "completed";
  const { head, rest: output } = split(rest);
  return head === "Outputs" && latest.outputs ? (output ? readPath(latest.outputs, output) : null) : null;
}

/** A mocked step that a debug run never came to, because it began behind it: it is taken to have given its outputs. */
function passedOver({ run: { debug } }: RunState, name: string): Pick<StepRun, "status" | "outputs"> | undefined {
  if (!debug?.passedOver?.includes(name) || !Object.hasOwn(debug.mocks, name)) return undefined;
  return { status: "completed", outputs: debug.mocks[name] ?? {} };
}
