import { evaluate } from "../logic/evaluate";
import { valueFrom } from "../logic/express";
import type { Expression, Proof } from "../logic/schema";
import type { Value } from "../logic/value";
import type { Entry, StageExit, StepExit } from "./definition";
import { definitionOf, isHuman, openStage, stageNamed, stepsOf } from "./find";
import { clockOf, contextOf, lookupOf, type View } from "./lookup";
import type { StageRun, StepRun, Values } from "./state";
import { DISPLAY } from "./status";

/** A condition of a run that has not come true yet, and whose it is. */
export type OpenCondition =
  | { readonly part: "entry"; readonly owner: string; readonly condition: Entry }
  | { readonly part: "exit"; readonly owner: string; readonly condition: StepExit }
  | { readonly part: "stage"; readonly owner: string; readonly condition: StageExit };

/** Everything the open stage waits for: its own exit, the entries of steps not started, the exits of people's steps in progress. */
export function openConditions({ definition, state }: View): readonly OpenCondition[] {
  const stage = openStage(state);
  if (!stage) return [];
  const ofSteps = stepsOf(state, stage.id).flatMap((step): OpenCondition[] => {
    const defined = definitionOf(definition, state, step);
    if (step.status === "not_started") return [entryOf({ definition, state }, step)];
    return step.status === "in_progress" && isHuman(defined)
      ? [{ part: "exit", owner: step.id, condition: defined.exit }]
      : [];
  });
  return [{ part: "stage", owner: stage.id, condition: stageNamed(definition, stage.name).exit }, ...ofSteps];
}

/**
 * What keeps a step from starting. A new attempt starts on what let the one before it start (A6): its condition is not asked again, also where
 * the lock of the record kept it waiting.
 */
export const entryOf = ({ definition, state }: Pick<View, "definition" | "state">, step: StepRun): OpenCondition => ({
  part: "entry",
  owner: step.id,
  condition: step.attempt > 1 ? { type: "stage_starts" } : definitionOf(definition, state, step).entry,
});

/** What let a step start: of a new attempt what the one before it had seen. Null as for `proofOf`. */
export function entryProofOf(view: View, step: StepRun): Proof | null {
  const { steps } = view.state;
  const isFormer = ({ stageRunId, name, attempt }: StepRun) =>
    stageRunId === step.stageRunId && name === step.name && attempt === step.attempt - 1;
  return steps.find(isFormer)?.entryProof ?? proofOf(view, entryOf(view, step));
}

/** An evaluation flow's answer belongs to one condition of one row at one point of the history. */
export const evaluationKey = ({ part, owner }: OpenCondition, seq: number): string => `${part}:${owner}@${seq}`;

/** The condition that a key belongs to: what a failed evaluation is a failure of. */
export const ownerOfKey = (key: string): { readonly part: OpenCondition["part"]; readonly owner: string } => {
  const [part, rest = ""] = key.split(":");
  return { part: part === "entry" || part === "exit" ? part : "stage", owner: rest.split("@")[0] ?? "" };
};

const NO_CONDITION: Proof = { met: true, logic: "none", requirements: [] };

/** Whether an open condition holds now and what it saw; null when its evaluation flow has not been asked at this point. */
export function proofOf(view: View, open: OpenCondition): Proof | null {
  const { condition } = open;
  switch (condition.type) {
    case "stage_starts":
      return NO_CONDITION;
    case "requirements":
      return evaluate(condition.condition, lookupOf(view), contextOf(view));
    case "evaluation_flow":
      return view.evaluations[evaluationKey(open, view.seq)] ?? null;
    case "step_completed":
      return isStepCompleted(view, open.owner, condition.step);
    case "flow_completed": {
      const isFinished = view.state.steps.some((step) => step.id === open.owner && step.outputs !== null);
      return { ...NO_CONDITION, met: isFinished };
    }
    case "all_steps_completed":
      return areAllCompleted(view, open.owner);
  }
}

type Row = Proof["requirements"][number];

function statusRow(step: StepRun | undefined, name: string, met: boolean): Row {
  const leftValue = step ? DISPLAY[step.status] : null;
  return { left: `${name}.Status`, leftValue, operator: "equals", rightValue: DISPLAY.completed, met };
}

/** The named step of the same stage run: a step of another stage, or of an earlier round, starts nothing (semantics 3.2). */
function isStepCompleted({ state }: View, stepRunId: string, name: string): Proof {
  const own = state.steps.find(({ id }) => id === stepRunId);
  const other = own && stepsOf(state, own.stageRunId).find((step) => step.name === name);
  const met = other?.status === "completed";
  return { met, logic: "all", requirements: [statusRow(other, name, met)] };
}

/** All steps completed, where an optional step that has not started and may not start now does not hold the stage (A13). */
function areAllCompleted(view: View, stageRunId: string): Proof | null {
  const rows: Row[] = [];
  for (const step of stepsOf(view.state, stageRunId)) {
    const defined = definitionOf(view.definition, view.state, step);
    let met = step.status === "completed";
    if (step.status === "not_started" && defined.optional) {
      const entry = proofOf(view, entryOf(view, step));
      if (!entry) return null;
      met = !entry.met;
    }
    rows.push(statusRow(step, step.name, met));
  }
  return { met: rows.every(({ met }) => met), logic: "all", requirements: rows };
}

export const stageCondition = (view: View, stage: StageRun): OpenCondition => ({
  part: "stage",
  owner: stage.id,
  condition: stageNamed(view.definition, stage.name).exit,
});

/** The values of a step's or an evaluation flow's inputs, as the references see them now. */
export const inputsOf = (view: View, inputs: Readonly<Record<string, Expression>>): Values => {
  const lookup = lookupOf(view);
  const clock = clockOf(view);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, from]): [string, Value] => [name, valueFrom(from, lookup, { clock })]),
  );
};
