import type { Command } from "../../lib/engine/command";
import { type Choices, chance, oneOf, weighted } from "./choices";
import type { Features } from "./random-conditions";
import { NAMES_OF_WAITING, WAITING, waitingVersion } from "./waiting-flows";
import { TICK_MS, versionsOf, type World, type WorldChange } from "./world";

/** Random worlds, what changes in them, and how a run begins. */
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function makeWorld(choices: Choices, { hasFailure }: Features): World {
  const flows = makeFlows(choices, hasFailure);
  const now = Date.UTC(2026, 0, 1);
  return {
    record: {
      Size: oneOf(choices, [1, 0, 2, null]),
      Word: oneOf(choices, ["one", null, " ", "three"]),
      Boss: oneOf(choices, ["bob", "bob", "bob", null]),
      "Parent.Level": choices.below(2),
    },
    flows,
    versions: versionsOf(flows),
    answers: { Yes: true, No: false, Sometimes: false, ...(chance(choices, 10) ? { Broken: null } : { Broken: true }) },
    lockedBy: chance(choices, 15) ? "run_other" : null,
    members: { Team: ["ann", "bob", "eve", "zoe"], Desk: ["bob", "eve"] },
    inactive: [],
    standIn: true,
    managers: { bob: oneOf(choices, ["mona", "ann", "eve"]) },
    hasFallback: chance(choices, 25),
    starterStandsIn: chance(choices, 25),
    clock: now,
    now,
  };
}

const SAYS = { approvalDecision: "Approve", Comments: "ran" };

/** `Nested` calls another flow, so it is asynchronous like one that waits; what is handed on is left to a job. */
function makeFlows(choices: Choices, hasFailure: boolean): World["flows"] {
  return {
    Screens: { version: 1, isAsynchronous: false, gives: {} },
    Sync: { version: 1, isAsynchronous: false, gives: SAYS, ...(chance(choices, 6) && { isHandedOn: true }) },
    Async: { version: 1, isAsynchronous: true, gives: SAYS },
    Nested: { version: 1, isAsynchronous: true, gives: SAYS },
    ...WAITING,
    Fails:
      hasFailure || chance(choices, 4)
        ? { version: 1, isAsynchronous: false, gives: "it broke" }
        : { version: 1, isAsynchronous: false, gives: {} },
    ...(chance(choices, 6) ? {} : { Missing: { version: 2, isAsynchronous: true, gives: {} } }),
  };
}

/** Another version of a flow becomes active, or none is. Runs keep to what was active as their stage began. */
function changeFlows(choices: Choices, { flows, versions }: World): World["flows"] {
  const name = oneOf(choices, ["Async", "Sync", "Async", "Nested", "Screens", ...NAMES_OF_WAITING]);
  if (flows[name] && chance(choices, 20)) return { [name]: null };
  const version = 1 + Object.keys(versions).filter((one) => one.startsWith(`${name} `)).length;
  const waiting = waitingVersion(name, version);
  if (waiting) return { [name]: waiting };
  if (name === "Screens") return { [name]: { version, isAsynchronous: false, gives: {} } };
  const isAsynchronous = chance(choices, 50);
  const approvalDecision = oneOf(choices, ["Reject", "Approve"]);
  return { [name]: { version, isAsynchronous, gives: { approvalDecision, Comments: `ran ${version}` } } };
}

/** The clock is set back: to the instant before, by an hour, by days. */
const BACK = [-TICK_MS, -60 * MINUTE_MS, -3 * DAY_MS];

/** The world moves on a little between two commands; what the run has locked no other run can lock. */
export function makeChange(choices: Choices, world: World, isHeld: boolean): WorldChange {
  const { answers, lockedBy } = world;
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
    [1, () => ({ later: oneOf(choices, BACK) })],
    [2, () => ({ flows: changeFlows(choices, world) })],
    [1, () => ({ flows: { Fails: { version: 3, isAsynchronous: false, gives: SAYS } } })],
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
