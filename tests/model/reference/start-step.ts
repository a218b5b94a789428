import type { Assignee } from "../../../lib/engine/state";
import { isThere, resolve } from "../who";
import { givenBy } from "../world";
import { partInRun } from "./approvals";
import { holds, valueNow } from "./conditions";
import { completeStep, failStep, SOME_TEXT } from "./ends";
import { addItem } from "./items";
import { brings, isHuman, type ModelItem, type ModelRun, type ModelStep } from "./run";
import { meaningStored } from "./sayings";
import { barred } from "./step-aside";

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
  // What an admin gave it stays (A6), what they did not is evaluated.
  step.inputs = { ...Object.fromEntries(given), ...step.inputs };
  step.runAs = runAsOf(run, step);
  if (stepLocks(step) && canLock(run)) run.holdsLock = true;
  if (!isSetUp) return;
  const mock = run.debug?.mocks[definition.name];
  if (mock) {
    brings(step, { outputs: mock });
    return completeStep(run, step);
  }
  const isFlowMissing = "flow" in definition && definition.flow !== undefined && step.flowVersion === null;
  if (isFlowMissing) return failStep(run, step, null);
  if (isApprovedByRule(run, step)) return;
  if (isHuman(step)) run.agenda.push({ step, ask: "assignee" });
  else if (!step.isAsynchronous) run.agenda.push({ step, ask: "flow" });
}

/** An approval that nobody need give (reliability, B 6.12): there is nobody whom it could wait for. */
function isApprovedByRule(run: ModelRun, step: ModelStep): boolean {
  const { definition } = step;
  if (definition.kind !== "approval" || !definition.autoApprove || !holds(run, definition.autoApprove)) return false;
  step.decidedBy = "rule";
  brings(step, { outputs: { approvalDecision: "Approve", approvalComments: "Approved by the process's own rule." } });
  completeStep(run, step);
  return true;
}

/** Whose rights a flow has (B 3.5); below API 60 those of whoever launched the run, unless a record change did. */
function runAsOf(run: ModelRun, { definition }: ModelStep): string | null {
  if (definition.kind !== "background") return null;
  const { apiVersion, start } = run.definition;
  if (definition.runAs === "automated") return apiVersion < 60 && start.type === "autolaunched" ? run.startedBy : null;
  return definition.runAs === "latest_completer" ? latestCompleter(run) : definition.runAs.user;
}

/** Who did the work of the step of a person that was completed last (B 3.5). */
function latestCompleter({ steps }: ModelRun): string | null {
  const [latest] = steps
    .filter((step) => step.status === "completed" && workOf(step))
    .sort((one, other) => other.completedAt - one.completedAt || other.broughtAs - one.broughtAs);
  return latest ? (workOf(latest)?.completedBy ?? null) : null;
}

/** The item whose end was the work of the step: no vote, and neither a question nor a revision. */
export const workOf = ({ items }: ModelStep): ModelItem | undefined =>
  items
    .filter(({ kind, parent, completionKind }) => !parent && completionKind === "done" && kind !== "revision")
    .toSorted((one, other) => one.closedAs - other.closedAs)
    .at(-1);

export const stepLocks = ({ definition }: ModelStep): boolean => "locksRecord" in definition && definition.locksRecord;

/** A22: one lock per record held by a run, shared by its steps. */
export const canLock = ({ world, holdsLock }: ModelRun): boolean => holdsLock || world.lockedBy === null;

export function giveAnswer(run: ModelRun, { step, ask }: { step: ModelStep; ask: "flow" | "assignee" }): void {
  if (step.status !== "in_progress") return;
  if (ask === "assignee") assign(run, step);
  else runFlow(run, step);
}

function runFlow(run: ModelRun, step: ModelStep): void {
  const { definition, flowVersion, runAs } = step;
  if (definition.kind !== "background") return;
  if (run.world.handsOn || run.world.versions[`${definition.flow} ${flowVersion}`]?.isHandedOn) {
    // It is left to a job, and asynchronous from then on.
    step.isAsynchronous = true;
    return;
  }
  const gives = givenBy(run.world, { flow: definition.flow, version: flowVersion, runAs });
  if (typeof gives === "string") return failStep(run, step, gives);
  brings(step, { outputs: gives });
  completeStep(run, step);
}

/** The step's next item, with a vote for each member where they decide together; of what was sent back, the submitter's. */
function assign(run: ModelRun, step: ModelStep): void {
  const { definition } = step;
  if (definition.kind !== "interactive" && definition.kind !== "approval") return;
  if (step.outputs !== null || step.stored !== null || step.items.some(({ status }) => status === "assigned")) return;
  const isBack = isSentBack(step);
  const value = isBack ? run.startedBy : valueNow(run, definition.assignee.value);
  const wish = {
    assigneeType: isBack ? "user" : definition.assignee.type,
    value: typeof value === "string" ? value : null,
    notUsers: definition.kind === "approval" && !isBack ? barred(run) : [],
    playedBy: run.debug?.playedBy ?? null,
    wantsMembers: definition.kind === "approval" && definition.rule.type !== "first" && !isBack,
  };
  const submittedBy = run.submission === null ? null : run.startedBy;
  const found = resolve(run.world, wish, { startedBy: run.startedBy, submittedBy });
  if (!found) return failOrStore(run, step);
  const { assignee, flag, members } = found;
  if (isBack) {
    addItem(run, step, { kind: "revision", assignee, flag });
    return;
  }
  step.decidedBy = null;
  const item = addItem(run, step, { kind: definition.kind, assignee, flag, voting: members !== undefined });
  for (const id of members ?? [])
    addItem(run, step, { kind: "approval", assignee: { type: "user", id }, parent: item });
  const parent = members ? item : undefined;
  for (const one of run.debug ? [] : addedBefore(run, step)) {
    if ((parent && one.type !== "user") || !isThere(run.world, one, barred(run)) || partInRun(run, step, one)) continue;
    addItem(run, step, { kind: "approval", assignee: one, byHand: true, ...(parent && { parent }) });
  }
}

/**
 * Who decided beside those that the process asks, before it was sent back last: by somebody's hand, and not taken out again. A new attempt
 * begins with those of the one before, whose items its end withdrew.
 */
function addedBefore(run: ModelRun, step: ModelStep): Assignee[] {
  const rounds = roundsOf(step);
  if (rounds.length > 1)
    return addedIn(rounds.at(-2) ?? [])
      .filter(isLeft)
      .map(toWhom);
  const former = run.steps.findLast(
    ({ stage, definition, attempt, items }) =>
      stage === step.stage && definition === step.definition && attempt < step.attempt && items.length > 0,
  );
  if (!former) return [];
  const last = roundsOf(former).at(-1) ?? [];
  return last.length > 0 ? addedIn(last).map(toWhom) : addedBefore(run, former);
}

function roundsOf({ items }: ModelStep): ModelItem[][] {
  const rounds: ModelItem[][] = [[]];
  for (const item of items) {
    if (item.kind === "revision") rounds.push([]);
    else if (item.kind === "approval") rounds.at(-1)?.push(item);
  }
  return rounds;
}

const addedIn = ([first, ...others]: ModelItem[]): ModelItem[] =>
  others.filter(({ parent, byHand }) => (parent ? parent !== first || byHand : true));
const isLeft = ({ completionKind }: ModelItem): boolean => completionKind !== "withdrawn";
const toWhom = ({ assignee }: ModelItem): Assignee => assignee;

function failOrStore(run: ModelRun, step: ModelStep): void {
  if (run.status === "in_progress") failStep(run, step, null);
  else brings(step, { stored: { error: SOME_TEXT, element: null } });
}

/** Whether, since the step was last asked, somebody sent it back to its submitter, or the clock did. */
function isSentBack({ definition, items, decidedBy }: ModelStep): boolean {
  if (definition.kind !== "approval") return false;
  const asked = items.slice(items.findLastIndex(({ kind }) => kind === "revision") + 1).filter(({ parent }) => !parent);
  if (asked.length > 0 && decidedBy === "time_out") return true;
  return asked.some(({ completionKind, outcome }) => {
    const said = completionKind === "done" ? meaningStored(definition, outcome) : null;
    return said?.does === "send_back" && said.to === null;
  });
}
