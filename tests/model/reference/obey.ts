import type { Actor, Command } from "../../../lib/engine/command";
import type { Values } from "../../../lib/engine/state";
import { addApprover, ask, hasDecided, leave, override, recall } from "./approvals";
import { completeStep, failStep, leads, leaveStage, takeEffect } from "./ends";
import { withdrawAll } from "./items";
import { reopen, retry } from "./retry";
import { brings, type ModelRun, type ModelStep, openStage } from "./run";
import { meaningOf } from "./sayings";
import { settle } from "./settle";
import { canLock } from "./start-step";
import { enterStage } from "./walk";
import { claim, finish, flagUnsent, isOwnRequest, nobodyLeft, reassign, release, somebodyCame } from "./work";

/**
 * One command to the run; ids of steps and items are the keys of steps. Gives the code of the refusal, after which the run is as it was, or
 * null.
 */
export function obey(run: ModelRun, command: Command, actor: Actor): string | null {
  if (command.type === "wake-failed") return missChange(run);
  const code = deed(run, command, actor);
  if (code === null) settle(run);
  return code;
}

/** What the run waits for may have come without its notice: it is marked, and looks at nothing by that. */
function missChange(run: ModelRun): null {
  const { records, dueAt, lock } = run.waits;
  if (records.length > 0 || dueAt !== null || lock !== null) run.isStalled = true;
  return null;
}

/** Who may ask at all is not the run's business (the policies' tests); who does which work is. */
function deed(run: ModelRun, command: Command, actor: Actor): string | null {
  if (actor.type === "user" && steers(command) && isOwnRequest(run, [actor.id])) return "own-submission";
  switch (command.type) {
    case "complete-work-item":
      return finish(run, command, actor);
    case "claim-work-item":
      return claim(run, command, actor);
    case "release-work-item":
      return release(run, command);
    case "reassign-work-item":
      return reassign(run, command);
    case "mail-undelivered":
      return flagUnsent(run, command);
    case "nobody-left":
      return nobodyLeft(run, command);
    case "somebody-came":
      return somebodyCame(run, command);
    case "override-work-item":
      return override(run, command, actor);
    case "add-approver":
      return addApprover(run, command);
    case "ask-question":
      return ask(run, command, actor);
    case "member-left":
      return leave(run, command);
    case "recall":
      return recall(run);
    case "flow-finished":
      return flowEnds(run, command.stepRunId, { outputs: command.outputs });
    case "flow-failed":
      return flowEnds(run, command.stepRunId, { error: command.error });
    case "keep-lock":
      return keepLock(run, command.stepRunId, command.keeps);
    // A wake that comes too late is no fault of anybody.
    case "wake":
      return null;
    default:
      return control(run, command, actor);
  }
}

/** What changes by whom a request is decided, or what it comes to without that: never for whoever asked for it (I36). */
const steers = (command: Command): boolean =>
  ["skip-step", "fail-step", "go-to-stage", "add-approver"].includes(command.type) ||
  (command.type === "reassign-work-item" && command.flag !== "inactive_assignee") ||
  (command.type === "retry" && Object.keys(command.inputs ?? {}).length > 0);

function control(run: ModelRun, command: Command, actor: Actor): string | null {
  switch (command.type) {
    case "cancel":
      return cancel(run);
    case "retry":
      return retry(run, command.inputs ?? {});
    case "suspend":
      return suspend(run);
    case "resume":
      return resume(run);
    case "skip-step":
      return skip(run, command, actor);
    case "fail-step":
      return fail(run, command, actor);
    case "go-to-stage":
      return goTo(run, command.stage, actor);
    default:
      return "run-exists";
  }
}

const isClosed = ({ status }: ModelRun): boolean => status !== "in_progress" && status !== "suspended";
const notGoing = ({ status }: ModelRun): string | null =>
  status === "suspended" ? "run-suspended" : status === "in_progress" ? null : "run-closed";

/** What an asynchronous flow or an operation brings back; stored while the run is suspended (A20b). */
function flowEnds(run: ModelRun, key: string, brought: { outputs: Values } | { error: string }): string | null {
  if (isClosed(run)) return "run-closed";
  const step = run.steps.find((one) => one.key === key);
  const kind = step?.definition.kind;
  const isAwaited = step?.status === "in_progress" && step.outputs === null && step.stored === null;
  const isFlow = kind === "background" || kind === "external" || "error" in brought;
  if (!step || !isAwaited || !isFlow) return "step-not-open";
  if ("outputs" in brought) {
    brings(step, { outputs: brought.outputs });
    if (run.status === "in_progress") takeEffect(run, step);
  } else failOrStore(run, step, brought.error);
  return null;
}

/** 2.10: a background step's flow locks the record beyond its own end, or unlocks it; what another run holds it does not get. */
function keepLock(run: ModelRun, key: string, keeps: boolean): string | null {
  if (isClosed(run)) return "run-closed";
  const step = run.steps.find((one) => one.key === key);
  if (step?.status !== "in_progress") return "step-not-open";
  if (step.definition.kind !== "background") return "not-a-background-step";
  if (keeps && !canLock(run)) return "record-locked";
  run.keepsLock = keeps;
  if (keeps) run.holdsLock = true;
  return null;
}

function failOrStore(run: ModelRun, step: ModelStep, error: string): void {
  if (run.status === "in_progress") return failStep(run, step, error);
  brings(step, { stored: { error, element: null } });
  withdrawAll(step);
}

/** A6b. */
function cancel(run: ModelRun): string | null {
  if (run.status === "completed" || run.status === "canceled") return "run-closed";
  const stage = openStage(run);
  if (stage) leaveStage(stage, "canceled", "canceled");
  run.status = "canceled";
  if (run.submission) run.submission = "canceled";
  return null;
}

function suspend(run: ModelRun): string | null {
  const code = notGoing(run);
  const stage = openStage(run);
  if (code === null && stage) stage.status = "suspended";
  if (code === null) run.status = "suspended";
  return code;
}

function resume(run: ModelRun): string | null {
  if (run.status !== "suspended") return run.status === "in_progress" ? "not-suspended" : "run-closed";
  const stage = openStage(run);
  if (stage) stage.status = "in_progress";
  run.status = "in_progress";
  // What came meanwhile takes effect now, before anything is looked at, and what came first takes effect first.
  const came = (stage?.steps ?? []).toSorted((one, other) => one.broughtAs - other.broughtAs);
  for (const step of came) if (stage?.status === "in_progress" && isOpen(step)) bring(run, step);
  return null;
}

const isOpen = ({ status }: ModelStep) => status === "in_progress";

function bring(run: ModelRun, step: ModelStep): void {
  if (step.stored) failStep(run, step, step.stored.error);
  else if (step.outputs !== null) takeEffect(run, step);
}

/** The step of a run that is going on, when it is the open stage's and has not ended. */
function openStep(run: ModelRun, key: string): ModelStep | null {
  return openStage(run)?.steps.find((step) => step.key === key) ?? null;
}

/** A20a. */
function skip(
  run: ModelRun,
  { stepRunId, reason, outputs }: Extract<Command, { type: "skip-step" }>,
  actor: Actor,
): string | null {
  if (isClosed(run)) return "run-closed";
  const step = openStep(run, stepRunId);
  if (step?.status !== "not_started" && step?.status !== "in_progress") return "step-not-open";
  const { definition } = step;
  if (definition.kind === "approval" && hasDecided(run, actor)) return "decided-as-approver";
  const said = outputs?.approvalDecision ?? null;
  const meaning = definition.kind === "approval" ? meaningOf(definition, said) : null;
  const isOver = meaning !== null && (meaning.does !== "send_back" || meaning.to !== null);
  if (definition.kind === "approval" && said !== null && !isOver) return "unknown-outcome";
  if (run.status === "suspended" && leads(definition, outputs)) return "run-suspended";
  step.skipReason = reason;
  step.outputs = outputs;
  completeStep(run, step);
  return null;
}

function fail(
  run: ModelRun,
  { stepRunId, reason }: Extract<Command, { type: "fail-step" }>,
  actor: Actor,
): string | null {
  if (isClosed(run)) return "run-closed";
  const step = openStep(run, stepRunId);
  if (step?.status !== "in_progress") return "step-not-open";
  // The stage fails with it, and takes every approval that is still to be given there along.
  const isToBeGiven = ({ definition, status }: ModelStep) =>
    definition.kind === "approval" && ["not_started", "in_progress"].includes(status);
  if (hasDecided(run, actor) && openStage(run)?.steps.some(isToBeGiven)) return "decided-as-approver";
  failOrStore(run, step, reason);
  return null;
}

function goTo(run: ModelRun, name: string, actor: Actor): string | null {
  if (run.status === "completed" || run.status === "canceled") return "run-closed";
  if (run.status === "suspended") return "run-suspended";
  if (!run.definition.elements.some((element) => element.type === "stage" && element.name === name))
    return "no-such-stage";
  if (hasDecided(run, actor)) return "decided-as-approver";
  reopen(run);
  run.failedAt = undefined;
  const stage = openStage(run);
  if (stage) leaveStage(stage, "discontinued");
  enterStage(run, name);
  return null;
}
