import fc from "fast-check";
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
import { PEOPLE } from "./play";

/** Any rule, and anything that anybody may do: much of it sensible, some of it not. */
export const anyRule = fc.oneof(
  fc.constantFrom<GroupRule>({ type: "unanimous" }, { type: "majority" }),
  fc.integer({ min: 1, max: 6 }).map((count): GroupRule => ({ type: "at_least", count })),
  fc.integer({ min: 1, max: 100 }).map((percent): GroupRule => ({ type: "percent", percent })),
);

const who = fc.constantFrom(...PEOPLE);
const word = fc.constantFrom("+", "+", "-", "~" as const);
const delegates = fc.constantFrom("dee", "fay");
const delegators = fc.constantFrom("bob", "bob", "dee", "ada");

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(fc.nat(4), word).map(([nth, said]) => oneSays(nth, said)) },
  { weight: 2, arbitrary: fc.tuple(who, word).map(([id, said]) => says(id, said)) },
  { weight: 2, arbitrary: fc.tuple(delegates, word, delegators).map(([id, said, of]) => says(id, said, of)) },
  { weight: 2, arbitrary: fc.constant(resubmits) },
  { weight: 1, arbitrary: who.map(leaves) },
  { weight: 1, arbitrary: fc.constantFrom("dan", "eva", "dee", "mona").map(adds) },
  { weight: 1, arbitrary: fc.tuple(who, who).map(([from, to]) => reassigns(from, to)) },
  { weight: 1, arbitrary: fc.tuple(who, who).map(([from, to]) => asks(from, to)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(suspends, resumes, resumes, clock(31), clock(61), clock(121), clock(241)),
  },
  { weight: 1, arbitrary: fc.constantFrom(recalls, overrides("Approve"), overrides("Reject"), overrides("Back")) },
);

export const anyActs = (most: number): fc.Arbitrary<Act[]> =>
  fc.array(anyAct, { minLength: 3, maxLength: most, size: "max" });
