import type { Orchestration, StageDefinition, StepDefinition } from "../../engine/definition";
import { stepsOf } from "../../engine/find";
import type { View } from "../../engine/lookup";
import type { Assignee, StageRun, StepRun, WorkItem } from "../../engine/state";
import { flowLabel, proofInWords, type Why, whyStageWaits, whyStepWaits } from "../../engine/why";
import { whyStageNotReached, whyStepNotReached } from "../../engine/why-not-reached";
import type { ScreenFault } from "../../interviews/list-faults";
import type { Proof } from "../../logic/schema";
import type { Named, RunPage, RunPageItem, RunPageStage, RunPageStep } from "../schema/run-page";

export type NameOf = (id: string) => string;

/** What is known beside the run: names by id, the forms that failed, and by step run what its flow waits for. */
type Beside = {
  readonly nameOf: NameOf;
  readonly faults: readonly ScreenFault[];
  readonly waits: ReadonlyMap<string, string>;
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
  const { name, label } = stage;
  return {
    ...{ name, label },
    ...times(latest),
    why: why?.sentence ?? null,
    proof: inWords(view, why?.proof ?? latest?.exitProof ?? null),
    steps: stage.steps.map((step) =>
      shownStep(view, { stage, step, attempt: attempts.find((one) => one.name === step.name) ?? null }, beside),
    ),
  };
}

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
    why: (attempt && beside.waits.get(attempt.id)) ?? why?.sentence ?? null,
    proof: inWords(view, why?.proof ?? attempt?.exitProof ?? attempt?.entryProof ?? null),
  };
}

function shownAttempt({ state }: View, step: StepRun, beside: Beside): NonNullable<RunPageStep["run"]> {
  const { id: stepRunId, status, attempt, isAsynchronous, startedAt, endedAt } = step;
  const { error, errorElement, inputs, outputs } = step;
  const items = state.items.filter((item) => item.stepRunId === stepRunId).map((item) => shownItem(item, beside));
  return {
    ...{ stepRunId, status, attempt, isAsynchronous, startedAt, endedAt },
    ...{ error, errorElement, inputs, outputs, items },
  };
}

export const named = ({ type, id }: Assignee, nameOf: NameOf): Named => ({ type, id, name: nameOf(id) });

function shownItem(item: WorkItem, beside: Beside): RunPageItem {
  const { nameOf, faults } = beside;
  const { id: workItemId, status, assignedAt, closedAt, completionKind, outcome, comments, flag } = item;
  return {
    ...{ workItemId, status, assignedAt, closedAt, completionKind, outcome, comments, flag },
    faults: faults.filter((fault) => fault.workItemId === workItemId),
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
