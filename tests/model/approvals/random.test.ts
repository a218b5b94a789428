import fc from "fast-check";
import { expect, test } from "vitest";
import type { Act } from "./acts";
import { anyActs, anyRule } from "./arbitraries";
import { after, begin, PEOPLE, type Setting, single, voting } from "./play";

/**
 * What is too much to be tried in every order: any acts of anybody, up to sixteen of them, on any rule. A failure prints its seed and the
 * shortest acts that still fail. APPROVAL_CASES says how many, MODEL_SEED with which to begin.
 */
const CASES = Number(process.env.APPROVAL_CASES ?? 4_000);
const SEED = Number(process.env.MODEL_SEED ?? 20_261_121);

const group = fc
  .tuple(anyRule, fc.integer({ min: 2, max: 5 }))
  .map(([one, count]): Setting => ({ definition: voting(one), members: PEOPLE.slice(0, count) }));
const alone = fc
  .constantFrom("Reject", "Approve", "Back")
  .map((word): Setting => ({ definition: single(word), members: [] }));

test("engine and model agree on anything that may happen to an approval", { timeout: 300_000 }, () => {
  const tally = { cases: 0, commands: 0, legal: 0 };
  const ends: Record<string, number> = {};
  const began = performance.now();
  const play = (setting: Setting, acts: readonly Act[]): void => {
    tally.cases++;
    let node: ReturnType<typeof begin> = begin(setting);
    for (const one of acts) {
      const next = after(setting, node, one);
      tally.commands++;
      tally.legal += Number(next.isLegal);
      node = next;
      if (next.isOver) break;
    }
    const end = node.engine.state?.submission?.status ?? "none";
    ends[end] = (ends[end] ?? 0) + 1;
  };
  fc.assert(fc.property(fc.oneof(group, group, alone), anyActs(16), play), { numRuns: CASES, seed: SEED });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  process.stdout.write(
    `${JSON.stringify({ approvals: "random", seed: SEED, ...tally, legalShare: tally.legal / tally.commands, ends, seconds })}\n`,
  );
  expect(tally.legal / tally.commands).toBeGreaterThan(0.4);
  for (const end of ["approved", "rejected", "recalled", "in_progress"])
    expect(ends[end], end).toBeGreaterThan(CASES / 100);
});
