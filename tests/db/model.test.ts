import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { newId } from "../../lib/ids";
import { replayHistory } from "../../lib/runs/verify-history";
import { byList, bySeed, type Choices, chance, oneOf } from "../model/choices";
import { makeDefinition } from "../model/definitions";
import { explain, keptCases } from "../model/failures";
import { type Move, makeMove } from "../model/moves";
import { Disagreement } from "../model/play-case";
import { makeChange, makeStart, makeWorld } from "../model/random-world";
import {
  AROUND,
  beginCase,
  changeReally,
  giveUpLocks,
  type RealCase,
  realDefinition,
  realistic,
  seenReally,
  tellReally,
} from "../model/real-case";
import { aRealWorld, type RealWorld } from "../model/real-world";
import { obey } from "../model/reference/obey";
import type { ModelRun } from "../model/reference/run";
import { Endless } from "../model/reference/settle";
import { startRun } from "../model/reference/start-run";
import { agreed, seenOfModel } from "../model/visible";
import { changeWorld } from "../model/world";

/**
 * The random cases of tests/model through dispatch and PostgreSQL: the rows of the run are what the model sees, and the fold of its history.
 * MODEL_DB_CASES says how many, MODEL_SEED where to begin.
 */
const CASES = Number(process.env.MODEL_DB_CASES ?? 400);
const FIRST = Number(process.env.MODEL_SEED ?? 1);
const MAX_MOVES = 8;

const tally = { cases: 0, commands: 0, legal: 0, repeated: 0, endless: 0, around: 0 };
let real: RealWorld;

beforeAll(async () => {
  real = await aRealWorld();
});
afterAll(async () => {
  await giveUpLocks(real);
});

/** One case; a run that never comes to rest is left where it is. */
async function playReally(choices: Choices): Promise<void> {
  try {
    await playToTheEnd(choices);
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    tally.endless++;
  }
}

let made = 0;

async function playToTheEnd(choices: Choices): Promise<void> {
  const { definition: random, features } = makeDefinition(choices);
  const definition = realDefinition(random, ++made);
  const world = realistic(makeWorld(choices, features));
  const stages = definition.elements.flatMap(({ type, name }) => (type === "stage" ? [name] : []));
  const { debug: _, ...start } = makeStart(choices, features, stages);
  const begin = { ...start, recordPrior: null };
  const model = startRun(definition, world, { by: "ann", start: begin });
  const one = await beginCase(real, definition, { world, start: begin });
  await compare(one, model);
  const moves: Move[] = [];
  for (let left = choices.below(MAX_MOVES + 1); left > 0 && !isOver(model); left--) {
    if (chance(choices, 12)) {
      await oneOf(choices, Object.values(AROUND))(one);
      tally.around++;
    }
    world.now = Date.now();
    changeWorld(world, await changeReally(one, makeChange(choices, world, model.holdsLock)));
    const move = makeMove(choices, model, moves);
    moves.push(move);
    const key = newId("command");
    const expected = obey(model, move.command, move.by);
    const code = await tellReally(one, move, key);
    if (code !== expected)
      throw new Disagreement(`the model says ${expected}, dispatch ${code}`, moves, await sidesOf(one, model));
    tally.commands++;
    await compare(one, model, moves);
    if (expected !== null) continue;
    tally.legal++;
    if (!chance(choices, 15)) continue;
    // The same command with the same key: the same answer, and nothing else (I47).
    expect(await tellReally(one, move, key)).toBeNull();
    await compare(one, model, moves);
    tally.repeated++;
  }
}

const isOver = ({ status }: ModelRun): boolean => status === "completed" || status === "canceled";

async function sidesOf(one: RealCase, model: ModelRun) {
  const seen = await seenReally(one);
  return { model: agreed(seenOfModel(model), seen), engine: seen };
}

async function compare(one: RealCase, model: ModelRun, moves: readonly Move[] = []): Promise<void> {
  const sides = await sidesOf(one, model);
  if (!isDeepStrictEqual(sides.model, sides.engine)) throw new Disagreement("they see another run", moves, sides);
}

/** Of a case that failed few tries make a smaller one: each is a run in the database. */
const TRIES = 80;

test.each(keptCases("real"))("a case that failed once holds: $name", ({ choices }) => playReally(byList(choices)));

test("the rows of random runs are what the model sees", { timeout: 1_200_000 }, async () => {
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    tally.cases++;
    const choices = bySeed(seed);
    try {
      await playReally(choices);
    } catch {
      expect.fail(await explain({ kind: "real", seed, drawn: choices.drawn, tries: TRIES }, playReally));
    }
  }
  const { complaints, ...counts } = await replayHistory(db());
  process.stdout.write(`${JSON.stringify({ ...tally, legalShare: tally.legal / tally.commands, ...counts })}\n`);
  expect(complaints).toEqual([]);
  expect(tally.legal / tally.commands).toBeGreaterThan(0.4);
});
