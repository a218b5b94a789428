import type { Command } from "../../lib/engine/command";
import { type Choices, chance, oneOf, weighted } from "./choices";
import type { Features } from "./random-conditions";
import type { World, WorldChange } from "./world";

/** Random worlds, what changes in them, and how a run begins. */
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function makeWorld(choices: Choices, { hasFailure }: Features): World {
  return {
    record: {
      Size: oneOf(choices, [1, 0, 2, null]),
      Word: oneOf(choices, ["one", null, " ", "three"]),
      Boss: oneOf(choices, ["bob", "bob", "bob", null]),
      "Parent.Level": choices.below(2),
    },
    flows: {
      Screens: { version: 1, isAsynchronous: false, gives: {} },
      Sync: { version: 1, isAsynchronous: false, gives: { approvalDecision: "Approve", Comments: "ran" } },
      Async: { version: 1, isAsynchronous: true, gives: {} },
      Fails:
        hasFailure || chance(choices, 4)
          ? { version: 1, isAsynchronous: false, gives: "it broke" }
          : { version: 1, isAsynchronous: false, gives: {} },
      ...(chance(choices, 6) ? {} : { Missing: { version: 2, isAsynchronous: true, gives: {} } }),
    },
    answers: { Yes: true, No: false, Sometimes: false, ...(chance(choices, 10) ? { Broken: null } : { Broken: true }) },
    lockedBy: chance(choices, 15) ? "run_other" : null,
    members: { Team: ["ann", "bob", "eve", "zoe"], Desk: ["bob", "eve"] },
    managers: { bob: oneOf(choices, ["mona", "ann", "eve"]) },
    hasFallback: false,
    now: Date.UTC(2026, 0, 1),
  };
}

/** The world moves on a little between two commands; what the run has locked no other run can lock. */
export function makeChange(choices: Choices, { answers, lockedBy }: World, isHeld: boolean): WorldChange {
  const asynchronous = () => ({
    version: 2,
    isAsynchronous: chance(choices, 70),
    gives: { approvalDecision: "Reject" },
  });
  return weighted<() => WorldChange>(choices, [
    [14, () => ({})],
    [3, () => ({ record: { Size: oneOf(choices, [1, 0, 2, null]) } })],
    [2, () => ({ answers: { Sometimes: !answers.Sometimes } })],
    [1, () => ({ record: { "Parent.Level": choices.below(2) } })],
    [1, () => ({ record: { Word: oneOf(choices, ["one", "two", null]) } })],
    [1, () => ({ record: { Boss: oneOf(choices, ["bob", "ann", null]) } })],
    [1, () => ({ later: 4 * DAY_MS })],
    [2, () => ({ later: 20 * MINUTE_MS })],
    [isHeld ? 0 : 1, () => ({ lockedBy: lockedBy === null ? "run_other" : null })],
    [1, () => ({ flows: { Async: asynchronous() } })],
    [1, () => ({ flows: { Fails: { version: 3, isAsynchronous: false, gives: {} } } })],
    [1, () => ({ answers: { Broken: oneOf(choices, [true, null]) } })],
  ])();
}

export function makeStart(
  choices: Choices,
  { isApproval }: Features,
  stages: readonly string[],
): Extract<Command, { type: "start" }> {
  const isDebug = chance(choices, 8);
  const mocks = chance(choices, 50)
    ? { [`${oneOf(choices, stages)}A`]: { approvalDecision: oneOf(choices, ["Approve", "Reject"]) } }
    : {};
  return {
    type: "start",
    runId: "run_1",
    kind: "main",
    record: { object: "Deal", id: "rec_1" },
    recordPrior: chance(choices, 20) ? { Size: 1 } : null,
    inputs: chance(choices, 30) ? { wanted: oneOf(choices, ["Reject", "x"]), size: 3 } : {},
    ...(isApproval ? { submission: { submittedBy: "ann", comments: "please" } } : {}),
    ...(isDebug
      ? { debug: { playedBy: "dan", mocks, startStage: chance(choices, 30) ? oneOf(choices, stages) : null } }
      : {}),
  };
}
