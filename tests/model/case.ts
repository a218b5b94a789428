import type { Command } from "../../lib/engine/command";
import type { Orchestration } from "../../lib/engine/definition";
import type { Choices } from "./choices";
import { type Deed, isDue, makeDeed } from "./deeds";
import { makeDefinition } from "./definitions";
import { type Move, makeMove } from "./moves";
import type { Features } from "./random-conditions";
import { makeChange, makeStart, makeWorld } from "./random-world";
import type { ModelRun } from "./reference/run";
import type { World, WorldChange } from "./world";

export type Start = Extract<Command, { type: "start" }>;

/** What happens before a command: first in the world, then among the people. */
export type Before = { readonly change: WorldChange; readonly deed: Deed | null };
export type Turn<B extends Before = Before> = B & { readonly move: Move };

/** A case with all that it drew. So it is kept when it failed, and stays that case whatever the generators draw later. */
export type Script<B extends Before = Before> = {
  readonly definition: Orchestration;
  readonly world: World;
  readonly start: Start;
  readonly turns: Turn<B>[];
};

/** A case that is being made, of the run as the model has it by then. `before`: null when that was all. */
export type Source<B extends Before = Before> = Omit<Script, "turns"> & {
  readonly features: Features | null;
  readonly before: (model: ModelRun) => B | null;
  readonly move: (model: ModelRun, earlier: readonly Move[]) => Move;
};

const MAX_MOVES = 16;
/** Commands to a run that has ended for good; more would only be refused. */
const AFTER_END = 2;

export const isOver = ({ status }: ModelRun): boolean => status === "completed" || status === "canceled";

/** A case at random, of at most so many commands. */
export function randomCase(choices: Choices, most = MAX_MOVES): Source {
  const { definition, features } = makeDefinition(choices);
  const world = makeWorld(choices, features);
  const stages = definition.elements.flatMap(({ type, name }) => (type === "stage" ? [name] : []));
  const start = makeStart(choices, features, stages);
  let left: number | null = null;
  let late = 0;
  const before: Source["before"] = (model) => {
    left ??= choices.below(most + 1);
    if (isOver(model) && ++late > AFTER_END) return null;
    if (left-- === 0) return null;
    const change = makeChange(choices, model.world, model.holdsLock);
    const deed = makeDeed(choices, model);
    return { change, deed: deed && isDue(model.world, deed) ? deed : null };
  };
  return { definition, features, world, start, before, move: (model, earlier) => makeMove(choices, model, earlier) };
}

/** A case as it was kept. */
export function keptCase<B extends Before>({ definition, world: kept, start, turns }: Script<B>): Source<B> {
  const world = structuredClone(kept);
  let at = -1;
  const before = (): B | null => turns[++at] ?? null;
  const move = (): Move => {
    const turn = turns[at];
    if (!turn) throw new Error("the case has no more turns");
    return turn.move;
  };
  return { definition, features: null, world, start, before, move };
}

/** In the place of a command that a case did not come to. */
const LOOK: Move = { command: { type: "wake", cause: { type: "record" } }, by: { type: "system" } };

/** The case, and what is written down of it as it is played. */
export function written<B extends Before>(
  source: Source<B>,
): { readonly source: Source<B>; readonly script: Script<B> } {
  const { definition, world, start } = source;
  const script: Script<B> = { definition, world: structuredClone(world), start, turns: [] };
  const before: Source<B>["before"] = (model) => {
    const now = source.before(model);
    if (now) script.turns.push({ ...now, move: LOOK });
    return now;
  };
  const move: Source<B>["move"] = (model, earlier) => {
    const made = source.move(model, earlier);
    const last = script.turns.pop();
    if (last) script.turns.push({ ...last, move: made });
    return made;
  };
  return { source: { ...source, before, move }, script };
}
