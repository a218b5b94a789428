import { isDeepStrictEqual } from "node:util";
import { fold } from "../../lib/engine/apply";
import type { Command } from "../../lib/engine/command";
import type { Source } from "./case";
import type { Deed } from "./deeds";
import { type Engine, tell } from "./engine";
import type { Move } from "./moves";
import type { Features } from "./random-conditions";
import { obey } from "./reference/obey";
import { following } from "./reference/people";
import type { ModelRun } from "./reference/run";
import { Endless } from "./reference/settle";
import { startRun } from "./reference/start-run";
import { agreed, seenOfEngine, seenOfModel } from "./visible";
import { changeWorld, tellTime } from "./world";

/** What cases amounted to, all together. */
export type Tally = {
  cases: number;
  commands: number;
  legal: number;
  endless: number;
  readonly deeds: Record<Deed["type"], number>;
  /** Commands that followed from them. */
  followed: number;
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

const FEATURES = ["isApproval", "hasPair", "hasImpossible", "hasCycle", "hasFailure"] as const;

export const newTally = (): Tally => ({
  cases: 0,
  commands: 0,
  legal: 0,
  endless: 0,
  features: { isApproval: 0, hasPair: 0, hasImpossible: 0, hasCycle: 0, hasFailure: 0 },
  deeds: { "change-team": 0, deactivate: 0, "let-in": 0, delegate: 0, "end-delegation": 0 },
  followed: 0,
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

export type Case = { readonly engine: Engine; readonly model: ModelRun; readonly moves: Move[] };

/** One case, played by the engine and the model side by side. Throws where they differ. */
export function playCase({ definition, features, world, start, before, move }: Source, tally: Tally): Engine {
  const ann = { type: "user", id: "ann" } as const;
  const engine: Engine = { definition, world, state: null, history: [], deferred: [], asked: 0 };
  const moves: Move[] = [{ command: start, by: ann }];
  tally.cases++;
  for (const name of FEATURES) tally.features[name] += Number(features?.[name]);
  try {
    const model = startRun(definition, world, { by: ann.id, start });
    tell(engine, start, ann);
    compare({ engine, model, moves });
    const one = { engine, model, moves };
    for (let around = before(model); around; around = before(model)) {
      changeWorld(world, around.change);
      if (around.deed) playDeed(one, around.deed, tally);
      playTurn(one, move(model, moves.slice(1)), tally);
    }
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

/** Everything that follows for the run from what was done about people. */
function playDeed(one: Case, deed: Deed, tally: Tally): void {
  tally.deeds[deed.type]++;
  const follows = following(one.model, deed);
  for (let next = follows.next(); !next.done; ) {
    one.moves.push(next.value);
    tellTime(one.engine.world, one.engine.history.at(-1)?.at);
    const code = playMove(one, next.value);
    tally.followed++;
    next = follows.next(code);
  }
}

function playTurn(one: Case, move: Move, tally: Tally): void {
  one.moves.push(move);
  tellTime(one.engine.world, one.engine.history.at(-1)?.at);
  tally.commands++;
  if (playMove(one, move) !== null) return;
  tally.legal++;
  const { type } = move.command;
  tally.legalBy.set(type, (tally.legalBy.get(type) ?? 0) + 1);
}

/** The code of the refusal, or null; both sides must say the same, and a refusal must change nothing (I48). */
export function playMove({ engine, model, moves }: Case, { command, by }: Move): string | null {
  const { state } = engine;
  const events = engine.history.length;
  const expected = obey(model, command, by);
  const code = tell(engine, command, by);
  if (expected !== code)
    throw new Disagreement(`the model says ${expected}, the engine ${code}`, moves, sidesOf({ engine, model }));
  if (code !== null && (engine.state !== state || engine.history.length !== events))
    throw new Disagreement("a refusal changed something", moves, { model: code, engine: engine.history.slice(events) });
  compare({ engine, model, moves });
  if (!isDueLater(engine, command.type))
    throw new Disagreement("no wake would come for it", moves, sidesOf({ engine, model }));
  return code;
}

/** A run that was woken waits for no instant before that, and one that is not under way for none at all: no wake of the clock comes for nothing. */
function isDueLater({ world, state }: Engine, type: Command["type"]): boolean {
  if (!state || state.run.waits.dueAt === null) return true;
  return state.run.status === "in_progress" && (type !== "wake" || Date.parse(state.run.waits.dueAt) >= world.now);
}

function sidesOf({ engine: { state }, model }: Pick<Case, "engine" | "model">): Sides {
  const seen = state && seenOfEngine(state);
  return { model: seen ? agreed(seenOfModel(model), seen) : seenOfModel(model), engine: seen };
}

function compare({ engine, model, moves }: Case): void {
  const sides = sidesOf({ engine, model });
  if (!isDeepStrictEqual(sides.model, sides.engine)) throw new Disagreement("they see another run", moves, sides);
}
