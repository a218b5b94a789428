import fc from "fast-check";
import { expect, test } from "vitest";
import type { GroupRule } from "../../../lib/engine/approval-definition";
import {
  type Act,
  adds,
  asks,
  clock,
  leaves,
  oneSays,
  overrides,
  reassigns,
  recalls,
  resubmits,
  resumes,
  says,
  suspends,
} from "./acts";
import { after, begin, PEOPLE, type Setting, single, voting } from "./play";

/**
 * What is too much to be tried in every order: any acts of anybody, up to sixteen of them, on any rule. A failure prints its seed and the
 * shortest acts that still fail. APPROVAL_CASES says how many, MODEL_SEED with which to begin.
 */
const CASES = Number(process.env.APPROVAL_CASES ?? 4_000);
const SEED = Number(process.env.MODEL_SEED ?? 20_261_121);

const rule = fc.oneof(
  fc.constantFrom<GroupRule>({ type: "unanimous" }, { type: "majority" }),
  fc.integer({ min: 1, max: 6 }).map((count): GroupRule => ({ type: "at_least", count })),
  fc.integer({ min: 1, max: 100 }).map((percent): GroupRule => ({ type: "percent", percent })),
);
const group = fc
  .tuple(rule, fc.integer({ min: 2, max: 5 }))
  .map(([one, count]): Setting => ({ definition: voting(one), members: PEOPLE.slice(0, count) }));
const alone = fc
  .constantFrom("Reject", "Approve", "Back")
  .map((word): Setting => ({ definition: single(word), members: [] }));

const who = fc.constantFrom(...PEOPLE);
const word = fc.constantFrom("+", "+", "-", "~" as const);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(fc.nat(4), word).map(([nth, said]) => oneSays(nth, said)) },
  { weight: 2, arbitrary: fc.tuple(who, word).map(([id, said]) => says(id, said)) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("dee", "fay"), word, who).map(([id, said, for_]) => says(id, said, for_)),
  },
  { weight: 2, arbitrary: fc.constant(resubmits) },
  { weight: 1, arbitrary: who.map(leaves) },
  { weight: 1, arbitrary: fc.constantFrom("dan", "eva", "dee", "mona").map(adds) },
  { weight: 1, arbitrary: fc.tuple(who, who).map(([from, to]) => reassigns(from, to)) },
  { weight: 1, arbitrary: fc.tuple(who, who).map(([from, to]) => asks(from, to)) },
  { weight: 1, arbitrary: fc.constantFrom(suspends, resumes, resumes, clock(31), clock(61), clock(121), clock(241)) },
  { weight: 1, arbitrary: fc.constantFrom(recalls, overrides("Approve"), overrides("Reject"), overrides("Back")) },
);

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
  const acts = fc.array(act, { minLength: 3, maxLength: 16, size: "max" });
  fc.assert(fc.property(fc.oneof(group, group, alone), acts, play), { numRuns: CASES, seed: SEED });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  process.stdout.write(
    `${JSON.stringify({ approvals: "random", seed: SEED, ...tally, legalShare: tally.legal / tally.commands, ends, seconds })}\n`,
  );
  expect(tally.legal / tally.commands).toBeGreaterThan(0.4);
  for (const end of ["approved", "rejected", "recalled", "in_progress"])
    expect(ends[end], end).toBeGreaterThan(CASES / 100);
});
