import { expect, test } from "vitest";
import { orchestrationSchema } from "../../lib/engine/definition";
import { keptCase, randomCase } from "./case";
import { bySeed } from "./choices";
import { makeDefinition } from "./definitions";
import { explain, keptCases } from "./failures";
import { newTally, playCase } from "./play-case";

/**
 * The engine against a model of the semantics that was written apart from it (I45, I46, I48): random definitions, random commands, and after
 * each command the same refusal or the same run. MODEL_CASES says how many, MODEL_SEED where to begin.
 */
const CASES = Number(process.env.MODEL_CASES ?? 20_000);
const FIRST = Number(process.env.MODEL_SEED ?? 1);

test.each(keptCases("model"))("a case that failed once holds: $name", (kept) => {
  playCase(keptCase(kept), newTally());
});

test("definitions that are made at random are ones that could be activated", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { definition } = makeDefinition(bySeed(seed));
    expect(orchestrationSchema.parse(definition)).toEqual(definition);
  }
});

test("engine and model see the same run after every command", { timeout: 900_000 }, async () => {
  const tally = newTally();
  for (let seed = FIRST; seed < FIRST + CASES; seed++) {
    const choices = bySeed(seed);
    try {
      playCase(randomCase(choices), tally);
    } catch {
      const failed = { kind: "model", seed, drawn: choices.drawn, tries: 3_000 } as const;
      expect.fail(await explain(failed, { make: randomCase, play: (again) => playCase(again, newTally()) }));
    }
  }
  const { cases, commands, legal, endless, deeds, followed, features, legalBy, met } = tally;
  const share = legal / commands;
  const said = {
    cases,
    commands,
    legalShare: Math.round(share * 1_000) / 1_000,
    endless,
    features,
    met,
    deeds,
    followed,
  };
  process.stdout.write(`${JSON.stringify({ ...said, legal: Object.fromEntries(legalBy) })}\n`);
  // Else the test would exercise little but refusals (reliability 3.3).
  expect(share).toBeGreaterThan(0.4);
  if (cases < 5_000) return;
  const { hasPair, hasImpossible, hasCycle, hasFailure } = features;
  for (const [count, percent] of [
    [hasPair, 30],
    [hasImpossible, 20],
    [hasCycle, 10],
    [hasFailure, 10],
  ] as const)
    expect(Math.abs((100 * count) / cases - percent)).toBeLessThan(2);
  for (const [command, count] of legalBy) expect(count, command).toBeGreaterThan(cases / 1_000);
  expect(legalBy.size).toBe(24);
  for (const [what, count] of Object.entries({ ...met, ...deeds, followed }))
    expect(count, what).toBeGreaterThan(cases / 1_000);
});

test("the same questions have the same answers, byte for byte (I50)", { timeout: 60_000 }, () => {
  const played = (seed: number) => {
    const { state, history, deferred } = playCase(randomCase(bySeed(seed)), newTally());
    return JSON.stringify({ state, history, deferred });
  };
  for (let seed = FIRST; seed < FIRST + 300; seed++) expect(played(seed)).toBe(played(seed));
});
