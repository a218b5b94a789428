import { describe, expect, test } from "vitest";
import type { GroupRule } from "../../../lib/engine/approval-definition";
import { adds, asks, clock, leaves, overrides, reassigns, recalls, resubmits, resumes, says, suspends } from "./acts";
import { everyOrder, PEOPLE, single, voting, type Walked } from "./play";

/**
 * Every order in which two to five people can decide, with what else may come between: the engine and the model of the semantics say the same
 * after each command, be it the run or why it is refused. What is too much to be tried whole is tried at random beside this (random.test.ts).
 */
const RULES: readonly GroupRule[] = [
  { type: "unanimous" },
  { type: "majority" },
  { type: "at_least", count: 2 },
  { type: "percent", percent: 34 },
  { type: "percent", percent: 60 },
];
const either = (who: string) => [says(who, "+"), says(who, "-")];
const newWalk = (): Walked => ({ commands: 0, legal: 0, late: 0, ends: new Map() });

const total = newWalk();
const began = performance.now();

/** Of a walk that is over, with the sum of all. */
function report(name: string, walked: Walked): void {
  total.commands += walked.commands;
  total.legal += walked.legal;
  total.late += walked.late;
  for (const [end, count] of walked.ends) total.ends.set(end, (total.ends.get(end) ?? 0) + count);
  print(name, walked);
}

function print(name: string, { commands, legal, late, ends }: Walked): void {
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const share = Math.round((1_000 * legal) / commands) / 1_000;
  const said = { orders: name, commands, legalShare: share, late, ends: Object.fromEntries(ends), seconds };
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

describe.each(RULES.map((rule) => [`${rule.type} ${"percent" in rule ? rule.percent : ""}`.trim(), rule] as const))(
  "%s",
  (name, rule) => {
    const definition = voting(rule);

    test("two to four members, one of them by a delegate, with a leaver, a reassignment, a time-out and a recall between", () => {
      const walked = newWalk();
      for (const members of [PEOPLE.slice(0, 2), PEOPLE.slice(0, 3), PEOPLE.slice(0, 4)]) {
        const last = members.at(-1) ?? "";
        const votes = members.map((who) => (who === "bob" ? [...either(who), says("dee", "+", "bob")] : either(who)));
        everyOrder(
          { definition, members },
          [...votes, [leaves(last)], [reassigns("ada", "eva")], [clock(121)], [recalls]],
          walked,
        );
      }
      expect(walked.ends.get("approved")).toBeGreaterThan(20);
      expect(walked.ends.get("rejected")).toBeGreaterThan(20);
      expect(walked.ends.get("recalled")).toBeGreaterThan(20);
      report(`${name}: 2, 3 and 4 with everything`, walked);
    });

    test("two members, and one who is added; sent back and sent again; an override; suspended and resumed", () => {
      const walked = newWalk();
      const members = PEOPLE.slice(0, 2);
      const ada = [...either("ada"), says("ada", "~")];
      everyOrder(
        { definition, members },
        [ada, either("bob"), [adds("eva")], either("eva"), [overrides("Approve")], [leaves("bob")]],
        walked,
      );
      everyOrder(
        { definition, members },
        [ada, either("bob"), [resubmits], either("bob"), either("ada"), [recalls]],
        walked,
      );
      everyOrder(
        { definition, members: PEOPLE.slice(0, 3) },
        [ada, either("bob"), either("cleo"), [adds("eva")], either("eva"), [leaves("bob")], [clock(121)]],
        walked,
      );
      everyOrder(
        { definition, members },
        [ada, either("bob"), [suspends], [resumes], [resubmits], [leaves("ada")]],
        walked,
      );
      report(`${name}: 2, added, sent back, overridden, suspended`, walked);
    });

    test.each([4, 5])("%i members in every order, each either way", (count) => {
      const walked = newWalk();
      const members = PEOPLE.slice(0, count);
      everyOrder({ definition, members }, members.map(either), walked);
      report(`${name}: ${count}`, walked);
    });
  },
);

test.each(["Reject", "Approve", "Back"])(
  "one approver and who is added beside them; reassigned, escalated, asked, recalled; the time-out says %s",
  (outcome) => {
    const walked = newWalk();
    const setting = { definition: single(outcome), members: [] };
    const bob = [...either("bob"), says("bob", "~"), says("dee", "+", "bob")];
    everyOrder(
      setting,
      [
        bob,
        [adds("eva")],
        either("eva"),
        [reassigns("eva", "bob"), reassigns("bob", "dan")],
        either("dan"),
        [clock(121)],
      ],
      walked,
    );
    everyOrder(setting, [bob, [clock(61)], either("mona"), [adds("mona")], [asks("bob", "mona")], [recalls]], walked);
    everyOrder(setting, [bob, [adds("eva")], either("eva"), [resubmits], either("bob"), [clock(121)]], walked);
    everyOrder(setting, [bob, [adds("eva")], [says("eva", "~")], [suspends], [resumes], [resubmits]], walked);
    expect([...walked.ends.keys()].toSorted()).toEqual(["approved", "recalled", "rejected"]);
    report(`single, time-out ${outcome}`, walked);
  },
);

test("most commands before the end are legal, and all of them were compared", () => {
  print("all", total);
  expect(total.legal / total.commands).toBeGreaterThan(0.4);
});
