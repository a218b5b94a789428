import type { Values } from "../../../lib/engine/state";
import { resolve } from "../world";
import { valueNow } from "./conditions";
import { closeItem, completeStep, failStep, SOME_TEXT } from "./ends";
import { isHuman, type ModelRun, type ModelStep } from "./run";

/** Not Started → In Progress (semantics B 2.5, 3.1, 3.6, 3.7), and what the world then gives the step in the same transaction. */
/** A22: the step waits until the other run gives the record up, or fails; whether anything was done. */
export function startUnlessLocked(run: ModelRun, step: ModelStep): boolean {
  const isLockedOut = stepLocks(step) && !canLock(run);
  if (isLockedOut && run.definition.onLocked === "wait") return false;
  startStep(run, step, { isSetUp: !isLockedOut });
  if (isLockedOut) failStep(run, step, null);
  return true;
}

export function startStep(
  run: ModelRun,
  step: ModelStep,
  { isSetUp = true }: { readonly isSetUp?: boolean } = {},
): void {
  const { definition } = step;
  const given = Object.entries(definition.inputs).map(([name, from]) => [name, valueNow(run, from)] as const);
  step.status = "in_progress";
  if (!step.isEdited) step.inputs = Object.fromEntries(given);
  step.runAs = runAsOf(run, step);
  if (stepLocks(step) && canLock(run)) run.holdsLock = true;
  if (!isSetUp) return;
  const mock = run.debug?.mocks[definition.name];
  if (mock) {
    take(run, step, mock);
    if (step.status === "in_progress") completeStep(run, step);
    return;
  }
  const isFlowMissing = "flow" in definition && definition.flow !== undefined && step.flowVersion === null;
  if (isFlowMissing) return failStep(run, step, null);
  if (isHuman(step)) run.agenda.push({ step, ask: "assignee" });
  else if (!step.isAsynchronous) run.agenda.push({ step, ask: "flow" });
}

function runAsOf(run: ModelRun, { definition }: ModelStep): string | null {
  if (definition.kind !== "background" || definition.runAs === "automated") return null;
  return definition.runAs === "latest_completer" ? latestCompleter(run) : definition.runAs.user;
}

/** Who did the work of the step of a person that was completed last (B 3.5). */
function latestCompleter({ steps }: ModelRun): string | null {
  let latest: ModelStep | null = null;
  for (const step of steps)
    if (step.status === "completed" && step.item?.completedBy && step.completedAt >= (latest?.completedAt ?? 0))
      latest = step;
  return latest?.item?.completedBy ?? null;
}

export const stepLocks = ({ definition }: ModelStep): boolean => "locksRecord" in definition && definition.locksRecord;

/** A22: one lock per record held by a run, shared by its steps. */
export const canLock = ({ world, holdsLock }: ModelRun): boolean => holdsLock || world.lockedBy === null;

export function giveAnswer(run: ModelRun, step: ModelStep, ask: "flow" | "assignee"): boolean {
  if (step.status !== "in_progress") return false;
  if (ask === "assignee") assign(run, step);
  else runFlow(run, step);
  return true;
}

function runFlow(run: ModelRun, step: ModelStep): void {
  const { definition } = step;
  const flow = definition.kind === "background" ? run.world.flows[definition.flow] : undefined;
  if (!flow || typeof flow.gives === "string") failStep(run, step, typeof flow?.gives === "string" ? flow.gives : null);
  else {
    take(run, step, flow.gives);
    completeStep(run, step);
  }
}

function assign(run: ModelRun, step: ModelStep): void {
  const { definition } = step;
  if (definition.kind !== "interactive" && definition.kind !== "approval") return;
  const value = valueNow(run, definition.assignee.value);
  const found = resolve(run.world, {
    assigneeType: definition.assignee.type,
    value: typeof value === "string" ? value : null,
    notUser: definition.kind === "approval" && run.submission !== null ? run.startedBy : null,
    playedBy: run.debug?.playedBy ?? null,
  });
  if (!found) return failStep(run, step, null);
  step.item = {
    status: "assigned",
    completionKind: null,
    ...found,
    assignmentNo: 1,
    claimedBy: null,
    completedBy: null,
    outcome: null,
    comments: null,
  };
}

/** What the step's flow or form gave. Of an approval it says Approve or Reject, and anything else is a failure (B 6.5). */
export function take(run: ModelRun, step: ModelStep, outputs: Values): void {
  const isUnclear =
    step.definition.kind === "approval" &&
    outputs.approvalDecision !== "Approve" &&
    outputs.approvalDecision !== "Reject";
  if (isUnclear) {
    if (run.status !== "suspended") return failStep(run, step, null);
    step.stored = { error: SOME_TEXT, element: null };
    return closeItem(step, "withdrawn");
  }
  step.outputs = outputs;
}
