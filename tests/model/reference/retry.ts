import type { Values } from "../../../lib/engine/state";
import { takeEffect } from "./ends";
import { addItem, closeItem } from "./items";
import { brings, type ModelRun, type ModelStep } from "./run";
import { startStep, startUnlessLocked, workOf } from "./start-step";
import { newAttempt, walk } from "./walk";

/** A6: errored steps and discontinued siblings get a new attempt; what a sibling had brought already is carried over. */
export function retry(run: ModelRun, edited: { readonly [step: string]: Values }): string | null {
  if (run.status === "suspended") return "run-suspended";
  if (run.status === "in_progress") return run.isStalled ? null : "nothing-to-retry";
  if (run.status !== "error") return "run-closed";
  if (!canEdit(run, edited)) return "unknown-input";
  reopen(run);
  if (run.failedAt !== undefined) {
    const from = run.failedAt;
    run.failedAt = undefined;
    walk(run, from);
    return null;
  }
  const stage = run.stages.at(-1);
  if (!stage) return null;
  stage.status = "in_progress";
  // What was brought before the error counts first, as it came; then the others are asked for again.
  const stopped = stage.steps.filter(isTriedAgain);
  const came = stopped.filter(({ broughtAs }) => broughtAs > 0).sort((one, other) => one.broughtAs - other.broughtAs);
  for (const old of [...came, ...stopped.filter(({ broughtAs }) => broughtAs === 0)])
    if (stage.status === "in_progress") stage.steps[stage.steps.indexOf(old)] = again(run, old, edited);
  return null;
}

function again(run: ModelRun, old: ModelStep, edited: { readonly [step: string]: Values }): ModelStep {
  const step = newAttempt(run, { ...old, attempt: old.attempt + 1 });
  const given = edited[old.definition.name];
  const isCarried = old.status === "discontinued" && old.outputs !== null && given === undefined;
  if (!isCarried) {
    if (given) step.inputs = { ...old.inputs, ...given };
    startUnlessLocked(run, step);
    return step;
  }
  startStep(run, step, { isSetUp: false });
  brings(step, { outputs: old.outputs ?? {} });
  carryItem(run, old, step);
  takeEffect(run, step);
  return step;
}

/** What was done is not asked for again: the new attempt has a twin of the item, done by the same person in the same role. */
function carryItem(run: ModelRun, old: ModelStep, step: ModelStep): void {
  const done = workOf(old);
  if (!done) return;
  const { kind, assignee, completedBy, onBehalfOf, decidedAs, outcome, comments } = done;
  const twin = addItem(run, step, { kind, assignee, dueAt: null });
  closeItem(step, twin, "done", { completedBy, onBehalfOf, decidedAs, outcome, comments });
}

/** Only inputs that a step has which is tried again can be edited. */
const canEdit = ({ stages }: ModelRun, edited: { readonly [step: string]: Values }): boolean =>
  Object.entries(edited).every(([name, inputs]) => {
    const step = stages.at(-1)?.steps.find(({ definition }) => definition.name === name);
    return step && isTriedAgain(step) && Object.keys(inputs).every((input) => input in step.definition.inputs);
  });

const isTriedAgain = ({ status }: ModelStep) => status === "error" || status === "discontinued";

export function reopen(run: ModelRun): void {
  run.status = "in_progress";
  run.hasError = false;
  if (run.submission) run.submission = "in_progress";
}
