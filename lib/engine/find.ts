import { BrokenInvariant } from "./broken-invariant";
import type { HumanStep, Orchestration, StageDefinition, StepDefinition } from "./definition";
import type { Run, RunState, StageRun, StepKind, StepRun, Waits, WorkItem } from "./state";

/** Whether at most one run of it may be open for a record at a time (I43): of approval processes unless their author allows more. */
export const isOneAtATime = ({ start, processType }: Orchestration): boolean =>
  start.oneOpenRun ?? processType === "approval";

/** The stage in progress, or undefined. */
export const openStage = (state: RunState): StageRun | undefined =>
  state.stages.find(({ status }) => status === "in_progress");

/** The newest attempt of each step of one stage run, in the order of the definition. */
export function stepsOf(state: RunState, stageRunId: string): readonly StepRun[] {
  const newest = new Map<string, StepRun>();
  for (const step of state.steps) if (step.stageRunId === stageRunId) newest.set(step.name, step);
  return [...newest.values()];
}

/** Those whose answers came, in the order in which they came, before the others. */
export const inOrderOfAnswers = (steps: readonly StepRun[]): readonly StepRun[] =>
  steps.toSorted((one, other) => (one.answerNo ?? Number.MAX_VALUE) - (other.answerNo ?? Number.MAX_VALUE));

export const stepById = (state: RunState, stepRunId: string): StepRun | undefined =>
  state.steps.find(({ id }) => id === stepRunId);

export const itemById = (state: RunState, workItemId: string): WorkItem | undefined =>
  state.items.find(({ id }) => id === workItemId);

export const openItemsOf = (state: RunState, stepRunId: string): readonly WorkItem[] =>
  state.items.filter((item) => item.stepRunId === stepRunId && item.status === "assigned");

/** The item that was closed last; of several at one instant the one that was made last. */
export const latest = (items: readonly WorkItem[]): WorkItem | undefined =>
  items.reduce<WorkItem | undefined>(
    (late, one) => (late && (late.closedAt ?? "") > (one.closedAt ?? "") ? late : one),
    undefined,
  );

/** The item by which a step's work was done last: no single vote, and neither a question nor a revision. */
export const workDone = (items: readonly WorkItem[], stepRunId: string): WorkItem | undefined =>
  latest(
    items.filter(
      ({ kind, parentId, completionKind, stepRunId: of }) =>
        of === stepRunId &&
        parentId === null &&
        completionKind === "done" &&
        (kind === "interactive" || kind === "approval"),
    ),
  );

export const hasStage = ({ elements }: Orchestration, name: string): boolean =>
  elements.some((element) => element.type === "stage" && element.name === name);

/** What a run may come to: a recall path is its one stage, which is none of the process's own (A21). */
export const elementsOf = ({ elements, approval }: Orchestration, { kind }: Run): Orchestration["elements"] => {
  if (kind !== "recall") return elements;
  return approval?.recallStage ? [approval.recallStage] : [];
};

/** A stage by name, the one of the recall path too. */
export const stageNamed = (definition: Orchestration, name: string): StageDefinition => {
  const { elements, approval } = definition;
  const named = elements.find((element) => element.type === "stage" && element.name === name);
  const found = named ?? (approval?.recallStage?.name === name ? approval.recallStage : undefined);
  if (found?.type !== "stage") throw new BrokenInvariant("a run's stages are in its definition", name);
  return found;
};

/** What the definition says of a step run. */
export function definitionOf(definition: Orchestration, state: RunState, step: StepRun): StepDefinition {
  const stage = state.stages.find(({ id }) => id === step.stageRunId);
  const found = stage && stageNamed(definition, stage.name).steps.find(({ name }) => name === step.name);
  if (!found) throw new BrokenInvariant("a run's steps are in its definition", step.name);
  return found;
}

export const isHuman = (step: StepDefinition): step is HumanStep =>
  step.kind === "interactive" || step.kind === "approval";

/** Whether a step is done without a person: by a flow or by another system. */
export const isMachine = ({ kind }: { readonly kind: StepKind }): boolean =>
  kind === "background" || kind === "external";

/** The stage that the run is in, suspended or not; or undefined. */
export const currentStage = (state: RunState): StageRun | undefined =>
  state.stages.find(({ status }) => status === "in_progress" || status === "suspended");

/** Whether somebody is still to approve at a step of the stage that the run is in. */
export function hasOpenApproval(state: RunState): boolean {
  const stage = currentStage(state);
  const steps = stage ? stepsOf(state, stage.id) : [];
  return steps.some(
    ({ kind, status }) => kind === "approval" && (status === "not_started" || status === "in_progress"),
  );
}

/** Whether a run waits for anything outside its own items and jobs. */
export const isWaiting = ({ records, objects, dueAt, lock }: Waits): boolean =>
  records.length > 0 || objects.length > 0 || dueAt !== null || lock !== null;

/** An item that somebody could do: not one whose group or queue has nobody left. */
const isDoable = ({ status, flag }: WorkItem): boolean => status === "assigned" && flag !== "nobody_left";

/** Whether anything can move the run: somebody's item, a job of a step, a record, the clock or a lock that it waits for (I28). */
export const isMovable = ({ run: { waits }, items, steps }: RunState): boolean =>
  isWaiting(waits) || items.some(isDoable) || steps.some((step) => step.status === "in_progress" && isMachine(step));

/**
 * Whether a step in progress still waits for an answer of this very transaction: a synchronous flow that has not ended, or a person's
 * step of which nobody has an item and that has nothing to show for it: its next assignee has not been looked up. Never so when a transaction
 * commits: the step of a flow that was left to a job is asynchronous from then on.
 */
export const awaitsAnswer = (state: RunState, step: StepRun): boolean =>
  step.status === "in_progress" &&
  (isMachine(step)
    ? !step.isAsynchronous
    : step.outputs === null && step.storedFailure === null && openItemsOf(state, step.id).length === 0);
