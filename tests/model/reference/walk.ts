import type { Condition } from "../../../lib/logic/schema";
import { holds } from "./conditions";
import { endRun, failRun } from "./ends";
import type { ModelRun, ModelStage, ModelStep } from "./run";

/** More decisions in a row than elements can only be a circle. */
const MANY_DECISIONS = 100;

/** From a connector to the next stage, or the end (semantics B 2.2). */
export function walk(run: ModelRun, from: string | null): void {
  let next = from;
  for (let count = 0; count < MANY_DECISIONS; count++) {
    if (next === null) return endRun(run);
    const element = run.definition.elements.find(({ name }) => name === next);
    if (element?.type === "stage") return enterStage(run, element.name);
    if (element?.type !== "decision") break;
    const outcome = element.outcomes.find(
      ({ when, onlyWhenChangedToMeet }) => holds(run, when) && !(onlyWhenChangedToMeet && heldBefore(run, when)),
    );
    run.taken.add(outcome ? `${element.name}.${outcome.name}` : element.name);
    next = outcome ? outcome.next : element.defaultNext;
  }
  run.failedAt = from;
  failRun(run);
}

/** Semantics B 4.2: whether it held before the change that started the run; nothing did before a record was created. */
const heldBefore = (run: ModelRun, when: Condition): boolean =>
  run.recordPrior !== null && holds({ ...run, world: { ...run.world, record: run.recordPrior } }, when);

/** A stage entered again is a new round with new step runs (A3); versions of flows are pinned now (B 2.3). */
export function enterStage(run: ModelRun, name: string): void {
  const definition = run.definition.elements.find((element) => element.name === name);
  if (definition?.type !== "stage") throw new Error(`no stage ${name}`);
  const round = run.stages.filter((stage) => stage.name === name).length + 1;
  const stage: ModelStage = {
    name,
    definition,
    ordinal: run.stages.length + 1,
    round,
    status: "in_progress",
    steps: [],
  };
  run.stages.push(stage);
  for (const step of definition.steps) stage.steps.push(newAttempt(run, { stage, definition: step, attempt: 1 }));
}

export function newAttempt(
  run: ModelRun,
  { stage, definition, attempt }: Pick<ModelStep, "stage" | "definition" | "attempt">,
): ModelStep {
  const flow = "flow" in definition && definition.flow ? run.world.flows[definition.flow] : null;
  const isForced = definition.kind === "background" && definition.processing === "asynchronous";
  const step: ModelStep = {
    key: `${stage.name}#${stage.round}/${definition.name}#${attempt}`,
    definition,
    stage,
    attempt,
    flowVersion: flow?.version ?? null,
    isAsynchronous: definition.kind !== "background" || isForced || flow?.isAsynchronous === true,
    status: "not_started",
    inputs: {},
    outputs: null,
    stored: null,
    hasError: false,
    skipReason: null,
    runAs: null,
    completedAt: 0,
    broughtAs: 0,
    decidedBy: null,
    items: [],
  };
  run.steps.push(step);
  return step;
}
