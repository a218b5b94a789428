import type { Database } from "../../../db/client";
import type { Orchestration } from "../../engine/definition";
import { currentStage, definitionOf, hasOpenApproval, stageNamed, stepsOf } from "../../engine/find";
import { hasDecided } from "../../engine/part-in-step";
import type { RunState, StepRun } from "../../engine/state";
import { may } from "../../gate";
import { isList, type Value } from "../../logic/value";
import type { Person } from "../../people/current-person";
import { playOf, subjectOf, submissionOf } from "../may-ask";
import type { EditableValue, RetryStep, RunControl, StepControl, ValueKind } from "../schema/run-control";
import { type NameOf, named } from "./run-stages";
import { stepOutputs } from "./step-outputs";

type Run = { readonly definition: Orchestration; readonly state: RunState };
type Asked = { readonly person: Person; readonly title: string; readonly nameOf: NameOf };

/** What this person can do to a run as it stands: the gate's word, and what the engine would not refuse for the run's state. */
export async function runControl(db: Database, run: Run, { person, title, nameOf }: Asked): Promise<RunControl> {
  const { state } = run;
  const { status, stalledSince } = state.run;
  const play = playOf(state);
  const controls = may(person, "run.control", play);
  const steers = may(person, "approval.steer", submissionOf(run));
  const isOpen = status === "in_progress" || status === "suspended";
  const isFailed = status === "error";
  const open = state.items.filter((item) => item.status === "assigned");
  return {
    runId: state.run.id,
    title,
    mayCancel: may(person, "run.cancel", play) && (isOpen || isFailed),
    maySuspend: controls && status === "in_progress",
    mayResume: controls && status === "suspended",
    retry:
      may(person, "run.retry", play) && (isFailed || (status === "in_progress" && stalledSince !== null))
        ? { of: isFailed ? "failed" : "stalled", steps: isFailed ? stepsTriedAgain(run, steers) : [] }
        : null,
    goTo: controls && steers && mayGo(run, person) ? goTo(run) : null,
    steps: controls && steers && isOpen ? await openSteps(db, run, person) : [],
    items: open
      .filter((item) => steers && may(person, "item.reassign", subjectOf(state, item)))
      .map((item) => ({ workItemId: item.id, label: item.label, assignee: named(item.assignee, nameOf) })),
  };
}

const kindOfValue = (value: Value): ValueKind => {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  return isList(value) || (typeof value === "object" && value !== null) ? "json" : "text";
};

/** The steps that `retry` gives a new attempt (A6): those of the last stage that failed or were stopped with it. */
function stepsTriedAgain({ definition, state }: Run, mayEdit: boolean): RetryStep[] {
  const last = state.stages.at(-1);
  if (!last || last.status === "completed") return [];
  // A stage that failed and whose fault path led nowhere is over: the run goes on behind it.
  if (last.status === "error" && stageNamed(definition, last.name).faultNext !== undefined) return [];
  const stopped = stepsOf(state, last.id).filter(
    ({ status, entryProof }) => (status === "error" || status === "discontinued") && entryProof !== null,
  );
  return stopped.map((step) => {
    const defined = definitionOf(definition, state, step);
    const names = [...new Set([...Object.keys(defined.inputs), ...Object.keys(step.inputs)])];
    const inputs = names.map((name): EditableValue => {
      const value = Object.hasOwn(step.inputs, name) ? (step.inputs[name] ?? null) : null;
      return { name, kind: kindOfValue(value), value };
    });
    const isAnswered = step.status === "discontinued" && step.outputs !== null;
    const areKept = names.length === 0 || Object.keys(step.inputs).length > 0;
    return { name: step.name, label: defined.label, inputs: mayEdit ? inputs : [], areKept, isAnswered };
  });
}

/** A recall path has no ways, and whoever decided on the request leads it on none. */
const mayGo = ({ state }: Run, { userId }: Person): boolean => {
  const { kind, status } = state.run;
  return kind !== "recall" && (status === "in_progress" || status === "error") && !hasDecided(state, userId);
};

function goTo({ definition, state }: Run): NonNullable<RunControl["goTo"]> {
  const stages = definition.elements.flatMap(({ type, name, label }) =>
    type === "stage" ? [{ name, label, rounds: state.stages.filter((stage) => stage.name === name).length }] : [],
  );
  const current = currentStage(state);
  if (!current) return { stages, leaves: null };
  const open = stepsOf(state, current.id).filter(isOpenStep);
  const steps = open.map((step) => definitionOf(definition, state, step).label);
  return { stages, leaves: { label: stageNamed(definition, current.name).label, steps } };
}

const isOpenStep = ({ status }: StepRun): boolean => status === "not_started" || status === "in_progress";

async function openSteps(db: Database, { definition, state }: Run, { userId }: Person): Promise<StepControl[]> {
  const stage = currentStage(state);
  if (!stage) return [];
  const isDecider = hasDecided(state, userId);
  const passesOthers = isDecider && hasOpenApproval(state);
  const open = stepsOf(state, stage.id).filter(isOpenStep);
  return Promise.all(
    open.map(async (step) => {
      const defined = definitionOf(definition, state, step);
      return {
        stepRunId: step.id,
        label: defined.label,
        maySkip: step.kind !== "approval" || !isDecider,
        mayFail: step.status === "in_progress" && !passesOthers,
        outputs: await stepOutputs(db, defined, step.flow?.version ?? null),
      };
    }),
  );
}
