import { isDeepStrictEqual } from "node:util";
import { fold } from "../../lib/engine/apply";
import type { Choices } from "./choices";
import { makeDefinition } from "./definitions";
import { type Engine, tell } from "./engine";
import { type Move, makeMove } from "./moves";
import type { Features } from "./random-conditions";
import { makeChange, makeStart, makeWorld } from "./random-world";
import { obey } from "./reference/obey";
import type { ModelRun } from "./reference/run";
import { Endless } from "./reference/settle";
import { startRun } from "./reference/start-run";
import { agreed, seenOfEngine, seenOfModel } from "./visible";
import { changeWorld } from "./world";

/** What cases amounted to, all together. */
export type Tally = {
  cases: number;
  commands: number;
  legal: number;
  endless: number;
  readonly features: Record<keyof Features, number>;
  readonly legalBy: Map<string, number>;
  /** What of approvals the cases came to. */
  readonly met: {
    votes: number;
    questions: number;
    revisions: number;
    inPlace: number;
    timedOut: number;
    byRule: number;
  };
};

export const newTally = (): Tally => ({
  cases: 0,
  commands: 0,
  legal: 0,
  endless: 0,
  features: { isApproval: 0, hasPair: 0, hasImpossible: 0, hasCycle: 0, hasFailure: 0 },
  legalBy: new Map(),
  met: { votes: 0, questions: 0, revisions: 0, inPlace: 0, timedOut: 0, byRule: 0 },
});

/** Counts what the run came to, so that a test that no longer exercises something fails. */
function take({ met }: Tally, { state }: Engine): void {
  for (const { kind, parentId, completionKind, onBehalfOf } of state?.items ?? []) {
    met.votes += Number(kind === "approval" && parentId !== null && completionKind === "done");
    met.questions += Number(kind === "question" && completionKind === "done");
    met.revisions += Number(kind === "revision" && completionKind === "done");
    met.inPlace += Number(onBehalfOf !== null);
  }
  for (const { decidedBy } of state?.steps ?? []) {
    met.timedOut += Number(decidedBy === "time_out");
    met.byRule += Number(decidedBy === "rule");
  }
}

type Sides = { readonly model: unknown; readonly engine: unknown };
/** The engine and the model do not agree, after these commands. */
export class Disagreement extends Error {
  readonly said: string;
  readonly moves: readonly Move[];
  readonly sides: Sides;
  constructor(said: string, moves: readonly Move[], sides: Sides) {
    super(said);
    this.said = said;
    this.moves = moves;
    this.sides = sides;
  }
}

const MAX_MOVES = 16;
/** Commands to a run that has ended for good; more would only be refused. */
const AFTER_END = 2;

export type Case = { readonly engine: Engine; readonly model: ModelRun; readonly moves: Move[] };

/** One definition, played by the engine and the model side by side, whatever the choices say. Throws where they differ. */
export function playCase(choices: Choices, tally: Tally): Engine {
  const { definition, features } = makeDefinition(choices);
  const world = makeWorld(choices, features);
  const stages = definition.elements.flatMap(({ type, name }) => (type === "stage" ? [name] : []));
  const start = makeStart(choices, features, stages);
  const ann = { type: "user", id: "ann" } as const;
  const engine: Engine = { definition, world, state: null, history: [], deferred: [], asked: 0 };
  const moves: Move[] = [{ command: start, by: ann }];
  tally.cases++;
  for (const name of Object.keys(features) as (keyof Features)[]) tally.features[name] += Number(features[name]);
  try {
    const model = startRun(definition, world, { by: ann.id, start });
    tell(engine, start, ann);
    compare({ engine, model, moves });
    playMoves({ engine, model, moves }, choices, tally);
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    tally.endless++;
  }
  take(tally, engine);
  const folded = fold(engine.history);
  if (engine.state && !isDeepStrictEqual(folded, engine.state))
    throw new Disagreement("the history does not fold to the state", moves, { model: folded, engine: engine.state });
  return engine;
}

function playMoves(one: Case, choices: Choices, tally: Tally): void {
  const { engine, model, moves } = one;
  const count = choices.below(MAX_MOVES + 1);
  for (let made = 0, late = 0; made < count && late < AFTER_END; made++) {
    if (model.status === "completed" || model.status === "canceled") late++;
    changeWorld(engine.world, makeChange(choices, engine.world, model.holdsLock));
    const move = makeMove(choices, model, moves.slice(1));
    moves.push(move);
    tally.commands++;
    if (!playMove(one, move)) continue;
    tally.legal++;
    const { type } = move.command;
    tally.legalBy.set(type, (tally.legalBy.get(type) ?? 0) + 1);
  }
}

/** Whether the command was carried out; both sides must say the same, and a refusal must change nothing (I48). */
export function playMove({ engine, model, moves }: Case, { command, by }: Move): boolean {
  const { state } = engine;
  const events = engine.history.length;
  const expected = obey(model, command, by);
  const code = tell(engine, command, by);
  if (expected !== code)
    throw new Disagreement(`the model says ${expected}, the engine ${code}`, moves, sidesOf({ engine, model }));
  if (code !== null && (engine.state !== state || engine.history.length !== events))
    throw new Disagreement("a refusal changed something", moves, { model: code, engine: engine.history.slice(events) });
  compare({ engine, model, moves });
  return code === null;
}

function sidesOf({ engine: { state }, model }: Pick<Case, "engine" | "model">): Sides {
  const seen = state && seenOfEngine(state);
  return { model: seen ? agreed(seenOfModel(model), seen) : seenOfModel(model), engine: seen };
}

function compare({ engine, model, moves }: Case): void {
  const sides = sidesOf({ engine, model });
  if (!isDeepStrictEqual(sides.model, sides.engine)) throw new Disagreement("they see another run", moves, sides);
}
