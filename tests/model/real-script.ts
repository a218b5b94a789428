import type { Before, Source } from "./case";
import { randomCase } from "./case";
import { type Choices, chance, oneOf } from "./choices";
import type { Move } from "./moves";
import { AROUND, type Around } from "./real-deeds";
import type { Answer } from "./real-mails";
import type { ModelRun } from "./reference/run";
import { givenBy } from "./world";

/** What happens before a command in the real world, and what to it. */
export type RealBefore = Before & {
  readonly around: Around | null;
  readonly mails: Answer | null;
  /** Another version of `Sometimes`, and whether it is always true. */
  readonly sometimes: boolean | null;
  /** Given once more with its key, when it was carried out (I47). */
  readonly isRepeated: boolean;
  /** Its connection ends before the commit; then it is given again. */
  readonly isTorn: boolean;
  /** What a machine says is said by the worker's own job. */
  readonly isByJob: boolean;
};

const MAX_MOVES = 8;

/** As a case of the pure core, with what only a real world has. */
export function realCase(choices: Choices): Source<RealBefore> {
  const plain = randomCase(choices, MAX_MOVES);
  let now: RealBefore | null = null;
  const before = (model: ModelRun): RealBefore | null => {
    const made = plain.before(model);
    now = made && {
      ...made,
      around: chance(choices, 10) ? oneOf(choices, Object.keys(AROUND) as Around[]) : null,
      mails: chance(choices, 5) ? oneOf(choices, ["refused", "taken", "later"] as const) : null,
      sometimes: chance(choices, 4) ? chance(choices, 50) : null,
      isRepeated: chance(choices, 15),
      isTorn: chance(choices, 6),
      isByJob: chance(choices, 50),
    };
    return now;
  };
  const move: Source["move"] = (model, earlier) => {
    const made = plain.move(model, earlier);
    return now?.isByJob ? byJob(model, made) : made;
  };
  return { ...plain, before, move };
}

/** What the flow of an asynchronous step really gives, where somebody was to make it up. */
function byJob(model: ModelRun, move: Move): Move {
  const { command } = move;
  if (command.type !== "flow-finished") return move;
  const step = model.steps.find(({ key }) => key === command.stepRunId);
  if (step?.definition.kind !== "background" || !isAwaited(model, command.stepRunId)) return move;
  const { flowVersion: version, runAs } = step;
  const gives = givenBy(model.world, { flow: step.definition.flow, version, runAs });
  const { stepRunId } = command;
  if (typeof gives === "string")
    return { ...move, command: { type: "flow-failed", stepRunId, error: gives, element: null } };
  return { ...move, command: { type: "flow-finished", stepRunId, outputs: gives } };
}

/** Whether the step is one whose job is still to be done. */
export function isAwaited({ steps, status }: ModelRun, stepRunId: string): boolean {
  const step = steps.find(({ key }) => key === stepRunId);
  const isOpen = status === "in_progress" || status === "suspended";
  return isOpen && step?.status === "in_progress" && step.outputs === null && step.stored === null;
}
