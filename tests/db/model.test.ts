import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { replayHistory } from "../../lib/runs/verify-history";
import { keptCase, type Source } from "../model/case";
import { bySeed } from "../model/choices";
import { explain, keptCases } from "../model/failures";
import { describePost } from "../model/real-calls";
import { giveUpLocks } from "../model/real-case";
import { aPostOffice, closePost, type Post } from "../model/real-mails";
import { playReally } from "../model/real-play";
import { newTally } from "../model/real-playing";
import { type RealBefore, realCase } from "../model/real-script";
import { aRealWorld, gatherPeople, type RealWorld } from "../model/real-world";
import { startTarget } from "../support/http-target";

/**
 * The random cases of tests/model through dispatch and PostgreSQL: the rows of the run are what the model sees, and the fold of its history.
 * MODEL_DB_CASES says how many, MODEL_SEED where to begin.
 */
const CASES = Number(process.env.MODEL_DB_CASES ?? 400);
const FIRST = Number(process.env.MODEL_SEED ?? 1);

const tally = newTally();
const target = await startTarget();
let real: RealWorld;
let post: Post;

beforeAll(async () => {
  real = await aRealWorld();
  post = await aPostOffice();
  await describePost(target);
});
afterAll(async () => {
  await giveUpLocks(real);
  // What was decided in somebody's place, by a clock that was set forward, was so for as long as that goes on.
  await gatherPeople(real, { members: {} });
  await closePost(post);
});

const play = (source: Source<RealBefore>) => playReally({ real, post, target, tally }, source);

/** Of a case that failed few tries make a smaller one: each is a run in the database. */
const TRIES = 80;

test.each(keptCases<RealBefore>("real"))("a case that failed once holds: $name", (kept) => play(keptCase(kept)));

test("the rows of random runs are what the model sees", { timeout: 1_200_000 }, async () => {
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const choices = bySeed(seed);
    try {
      await play(realCase(choices));
    } catch {
      expect.fail(await explain({ kind: "real", seed, drawn: choices.drawn, tries: TRIES }, { make: realCase, play }));
    }
  }
  const { complaints, ...counts } = await replayHistory(db());
  const { saved = 0 } = tally.typed;
  const draftShare = saved / Object.values(tally.typed).reduce((sum, count) => sum + count, tally.commands);
  process.stdout.write(
    `${JSON.stringify({ ...tally, legalShare: tally.legal / tally.commands, draftShare, ...counts })}\n`,
  );
  expect(complaints).toEqual([]);
  expect(tally.legal / tally.commands).toBeGreaterThan(0.4);
  expect(Math.min(draftShare, tally.byScreens)).toBeGreaterThan(0);
  if (tally.cases < 400) return;
  expect(tally.played, "debug runs").toBeGreaterThan(0);
  for (const [what, count] of Object.entries(tally.machines)) expect(count, what).toBeGreaterThan(0);
});
