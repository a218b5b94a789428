import type { Orchestration, StageDefinition, StepDefinition } from "../../engine/definition";
import { stepsOf } from "../../engine/find";
import type { View } from "../../engine/lookup";
import type { Assignee, StageRun, StepRun, WorkItem } from "../../engine/state";
import { flowLabel, proofInWords, type Why, whyStageWaits, whyStepWaits } from "../../engine/why";
import { whyStageNotReached, whyStepNotReached } from "../../engine/why-not-reached";
import type { ScreenFault } from "../../interviews/list-faults";
import type { Proof } from "../../logic/schema";
import type { Named, RunPage, RunPageItem, RunPageStage, RunPageStep } from "../schema/run-page";
import type { MachineSteps } from "./machine-steps";
import type { StagesEntered } from "./stages-entered";

export type NameOf = (id: string) => string;

/** What is known beside the run. */
type Beside = {
  readonly nameOf: NameOf;
  /** Whether the viewer has that work to do. */
  readonly isMine: (item: WorkItem) => boolean;
  /** Forms that failed. */
  readonly faults: readonly ScreenFault[];
  /** What flows wait for, by step run. */
  readonly waits: ReadonlyMap<string, string>;
  readonly machines: MachineSteps;
  readonly ways: StagesEntered;
};

/** The definition's stages in their order, each with its latest round and why it and its steps wait. */
export function runStages(view: View, beside: Beside): RunPageStage[] {
  const stages = view.definition.elements.flatMap((element) => (element.type === "stage" ? [element] : []));
  return stages.map((stage) => shownStage(view, stage, beside));
}

function shownStage(view: View, stage: StageDefinition, beside: Beside): RunPageStage {
  const latest = view.state.stages.findLast(({ name }) => name === stage.name) ?? null;
  const why = whyStage(view, stage, latest);
  const attempts = latest ? stepsOf(view.state, latest.id) : [];
  const { name, label, next, faultNext } = stage;
  const { entered, caught } = beside.ways;
  const rounds = view.state.stages.filter((round) => round.name === name);
  return {
    ...{ name, label, next: labelOfElement(view, next) },
    onError: faultNext === undefined ? null : { to: labelOfElement(view, faultNext), isTaken: caught.has(name) },
    rounds: rounds.map(({ id, round, status, startedAt, endedAt }) => ({
      ...{ round, status, startedAt, endedAt },
      because: entered.get(id) ?? null,
    })),
    ...times(latest),
    why: why?.sentence ?? null,
    proof: inWords(view, why?.proof ?? latest?.exitProof ?? null),
    steps: stage.steps.map((step) =>
      shownStep(view, { stage, step, attempt: attempts.find((one) => one.name === step.name) ?? null }, beside),
    ),
  };
}

const labelOfElement = ({ definition }: View, name: string | null): string =>
  name === null ? "End" : (definition.elements.find((element) => element.name === name)?.label ?? name);

const inWords = (view: View, proof: Proof | null) => proof && proofInWords(proof, (name) => flowLabel(view, name));

const isGoingOn = ({ state }: View): boolean => state.run.status === "in_progress";

/** Why the stage has not begun, or has not ended; its steps say theirs themselves. */
function whyStage(view: View, stage: StageDefinition, latest: StageRun | null): Why | null {
  if (!isGoingOn(view)) return null;
  if (!latest) return whyStageNotReached(view, stage);
  if (latest.status !== "in_progress") return null;
  return stage.exit.type === "all_steps_completed"
    ? { sentence: "Ends when all its steps are completed.", proof: null }
    : whyStageWaits(view);
}

type StepPlace = { readonly stage: StageDefinition; readonly step: StepDefinition; readonly attempt: StepRun | null };

function whyStep(view: View, { stage, step, attempt }: StepPlace): Why | null {
  if (attempt) return whyStepWaits(view, attempt);
  return isGoingOn(view) ? whyStepNotReached(view, stage, step) : null;
}

const times = (stage: StageRun | null) => ({
  round: stage?.round ?? 0,
  status: stage?.status ?? null,
  startedAt: stage?.startedAt ?? null,
  endedAt: stage?.endedAt ?? null,
});

function shownStep(view: View, place: StepPlace, beside: Beside): RunPageStep {
  const { step, attempt } = place;
  const { name, label, kind } = step;
  const flow = step.kind === "external" ? null : (step.flow ?? null);
  const why = whyStep(view, place);
  return {
    ...{ name, label, kind, flow, flowLabel: flow && flowLabel(view, flow) },
    flowVersion: attempt?.flow?.version ?? null,
    run: attempt && shownAttempt(view, attempt, beside),
    why: (attempt && (beside.waits.get(attempt.id) ?? whyCalledAgain(attempt, beside))) ?? why?.sentence ?? null,
    proof: inWords(view, why?.proof ?? attempt?.exitProof ?? attempt?.entryProof ?? null),
  };
}

/** Of an external step whose operation did not answer well, and is called again by itself. */
function whyCalledAgain({ id, status }: StepRun, { machines }: Beside): string | null {
  const call = machines.calls.get(id);
  if (status !== "in_progress" || !call?.nextAt) return null;
  const times = call.attempts === 1 ? "once" : `${call.attempts} times`;
  return `The operation “${call.operation}” was called ${times} and is called again by itself. ${call.lastError ?? ""}`.trim();
}

function shownAttempt({ state }: View, step: StepRun, beside: Beside): NonNullable<RunPageStep["run"]> {
  const { id: stepRunId, status, attempt, isAsynchronous, startedAt, endedAt } = step;
  const { error, errorElement, inputs, outputs } = step;
  const items = state.items.filter((item) => item.stepRunId === stepRunId).map((item) => shownItem(item, beside));
  return {
    ...{ stepRunId, status, attempt, isAsynchronous, startedAt, endedAt },
    ...{ error, errorElement, inputs, outputs, items },
    ...{ storedFailure: step.storedFailure, skipReason: step.skipReason },
    runAsName: step.runAs === null ? null : beside.nameOf(step.runAs),
    call: beside.machines.calls.get(stepRunId) ?? null,
    stop: beside.machines.stops.get(stepRunId) ?? null,
  };
}

export const named = ({ type, id }: Assignee, nameOf: NameOf): Named => ({ type, id, name: nameOf(id) });

function shownItem(item: WorkItem, beside: Beside): RunPageItem {
  const { nameOf, isMine, faults } = beside;
  const { id: workItemId, kind, status, assignedAt, closedAt, completionKind, outcome, comments, flag } = item;
  return {
    ...{ workItemId, kind, status, assignedAt, closedAt, completionKind, outcome, comments, flag },
    faults: faults.filter((fault) => fault.workItemId === workItemId),
    isMine: status === "assigned" && isMine(item),
    assignee: named(item.assignee, nameOf),
    claimedByName: item.claimedBy === null ? null : nameOf(item.claimedBy),
    completedByName: item.completedBy === null ? null : nameOf(item.completedBy),
  };
}

/** Decisions with the outcome that was taken last, in the order of the definition. */
export function runDecisions(
  { elements }: Orchestration,
  taken: ReadonlyMap<string, string | null>,
): RunPage["decisions"] {
  return elements.flatMap((element) => {
    if (element.type !== "decision") return [];
    const { name, label, outcomes, defaultLabel } = element;
    const outcome = taken.get(name);
    const last =
      outcome === undefined
        ? null
        : outcome === null
          ? defaultLabel
          : (outcomes.find((one) => one.name === outcome)?.label ?? outcome);
    return [{ name, label, outcomes: [...outcomes.map((one) => one.label), defaultLabel], taken: last }];
  });
}
