import type { Before, Source } from "./case";
import { randomCase } from "./case";
import { type Choices, chance, oneOf } from "./choices";
import type { Move } from "./moves";
import { ANSWERINGS, type Answering } from "./real-calls";
import { AROUND, type Around } from "./real-deeds";
import type { Answer } from "./real-mails";
import { isHuman, type ModelRun, type ModelStep } from "./reference/run";
import { makeTyping, type Typing } from "./screens";
import { waitingVersion } from "./waiting-flows";
import { eventsOf, givenBy, isSlow, type WorldChange } from "./world";

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
  /** What is typed before it at the screens of work; cases that were kept before there was such have none. */
  readonly typing?: readonly Typing[];
  /** Work is finished by its screens. */
  readonly isByScreens?: boolean;
  /** What the other system says that an external step calls. */
  readonly answering?: Answering;
};

const MAX_MOVES = 8;

/** As a case of the pure core, with what only a real world has. */
export function realCase(choices: Choices): Source<RealBefore> {
  const plain = randomCase(choices, MAX_MOVES);
  let now: RealBefore | null = null;
  const typed: Typing[] = [];
  const before = (model: ModelRun): RealBefore | null => {
    const made = plain.before(model);
    const typing = made ? makeTyping(choices, model, typed) : [];
    typed.push(...typing);
    const waiting = awaitedSteps(model).filter((step) => eventsOf(model.world, step));
    now = made && {
      ...made,
      ...(waiting.length > 0 && chance(choices, 60) && { change: oneOf(choices, happenings(model, waiting)) }),
      around: chance(choices, 10) ? oneOf(choices, Object.keys(AROUND) as Around[]) : null,
      mails: chance(choices, 5) ? oneOf(choices, ["refused", "taken", "later"] as const) : null,
      sometimes: chance(choices, 4) ? chance(choices, 50) : null,
      isRepeated: chance(choices, 15),
      isTorn: chance(choices, 6),
      isByJob: chance(choices, 50),
      typing,
      isByScreens: chance(choices, 60),
      answering: oneOf(choices, ANSWERINGS),
    };
    return now;
  };
  const move: Source["move"] = (model, earlier) => {
    const slow = awaitedSteps(model).filter((step) => isSlow(model.world, step));
    if (slow.length > 0 && chance(choices, 70)) return lookAt(oneOf(choices, slow));
    const made = plain.move(model, earlier);
    return now?.isByJob ? byJob(model, made) : made;
  };
  return { ...plain, before, move };
}

const DAY_MS = 86_400_000;
/** What flows wait for; also another version of one that waits, or none: it goes on in the version that it began in. */
const happenings = ({ world }: ModelRun, waiting: readonly ModelStep[]): readonly WorldChange[] => [
  { later: DAY_MS / 72 },
  { later: 11 * DAY_MS },
  { record: { Size: 2 } },
  { record: { Word: "two" } },
  { record: { "Parent.Level": 1 } },
  ...waiting.flatMap(({ definition, flowVersion }) => {
    const name = definition.kind === "background" ? definition.flow : "";
    const isActive = world.flows[name]?.version === flowVersion;
    return isActive
      ? [{ flows: { [name]: waitingVersion(name, (flowVersion ?? 0) + 1) } }, { flows: { [name]: null } }]
      : [];
  }),
];

/** Steps that machines do and have not done. */
const awaitedSteps = (model: ModelRun): ModelStep[] =>
  model.steps.filter((step) => !isHuman(step) && isAwaited(model, step.key));

/** What it comes to is the world's to say. */
const lookAt = ({ key: stepRunId }: ModelStep): Move => ({
  command: { type: "flow-finished", stepRunId, outputs: {} },
  by: { type: "system" },
});

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
