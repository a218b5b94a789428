import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import type { Event } from "../../lib/engine/event";
import type { RunState } from "../../lib/engine/state";
import { type Engine, tell } from "./engine";
import { SCENARIOS, type Scenario } from "./scenarios";
import { aWorld, RECORD, type World } from "./world";

/**
 * Histories as some build recorded them, with the rows that they fold to: every later build must make the same rows of them (I46).
 * UPDATE_GOLDEN=1 records them anew (CONTRIBUTING.md says when that may be).
 */
const FOLDER = new URL("golden/", import.meta.url);
type Golden = { readonly history: readonly { readonly event: Event; readonly at: string }[]; readonly rows: RunState };

function worldOf(given: Partial<World> = {}): World {
  const flow = { version: 1, isAsynchronous: false, gives: { result: "ok", Comments: "ran" } };
  return aWorld({
    record: { Size: 1 },
    flows: { Screens: flow, Work: flow },
    answers: { Yes: true, Sometimes: false, Broken: null },
    members: { Team: ["bob", "eve"] },
    ...given,
  });
}

function recorded({ definition, world, start, moves }: Scenario): Golden {
  const engine: Engine = { definition, world: worldOf(world), state: null, history: [], deferred: [], asked: 0 };
  const ann = { type: "user", id: "ann" } as const;
  const first = { runId: "run_1", kind: "main", record: RECORD, recordPrior: null, inputs: {} } as const;
  const refused = [tell(engine, { type: "start", ...first, ...start }, ann)];
  for (const { command, by, world: change } of moves) {
    Object.assign(engine.world, { now: engine.world.now + 60_000, ...change });
    refused.push(tell(engine, command, by));
  }
  expect(refused.filter((code) => code !== null)).toEqual([]);
  if (!engine.state) throw new Error("nothing was recorded");
  return JSON.parse(JSON.stringify({ history: engine.history, rows: engine.state }));
}

const fileOf = (name: string) => new URL(`${name}.json`, FOLDER);
const read = (name: string): Golden => JSON.parse(readFileSync(fileOf(name), "utf8"));

if (process.env.UPDATE_GOLDEN === "1")
  for (const scenario of SCENARIOS)
    writeFileSync(fileOf(scenario.name), `${JSON.stringify(recorded(scenario), null, 1)}\n`);

const names = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ""));

describe("golden histories", () => {
  test.each(names)("%s folds to the rows that were recorded with it", (name) => {
    const { history, rows } = read(name);
    // What the state has got besides since then is left out of old rows.
    expect(fold(history)).toMatchObject(rows);
  });

  test("every kind of event is in one of them", () => {
    const found = new Set(names.flatMap((name) => read(name).history.map(({ event }) => event.type)));
    expect([...found].sort()).toEqual(Object.keys(KINDS).sort());
  });
});

/** The compiler holds this list complete. */
const KINDS: Readonly<Record<Event["type"], true>> = {
  "run-started": true,
  "submission-started": true,
  "submission-changed": true,
  "stage-started": true,
  "step-created": true,
  "step-started": true,
  "step-handed-on": true,
  "step-outputs-stored": true,
  "step-failure-stored": true,
  "step-skipped": true,
  "variables-set": true,
  "step-completed": true,
  "step-discontinued": true,
  "step-canceled": true,
  "step-failed": true,
  "work-item-created": true,
  "work-item-reassigned": true,
  "work-item-claimed": true,
  "work-item-released": true,
  "work-item-flagged": true,
  "work-item-completed": true,
  "work-item-overridden": true,
  "work-item-reminded": true,
  "work-item-escalated": true,
  "self-approval-allowed": true,
  "decision-sealed": true,
  "submission-sealed": true,
  "step-auto-approved": true,
  "step-timed-out": true,
  "time-out-sealed": true,
  "stage-completed": true,
  "stage-failed": true,
  "stage-discontinued": true,
  "stage-canceled": true,
  "stage-suspended": true,
  "stage-resumed": true,
  "fault-caught": true,
  "went-to-stage": true,
  "decision-taken": true,
  "run-woken": true,
  "waits-changed": true,
  "record-locked": true,
  "record-unlocked": true,
  "lock-kept": true,
  "run-stalled": true,
  "run-unstalled": true,
  "run-completed": true,
  "run-failed": true,
  "run-canceled": true,
  "run-suspended": true,
  "run-resumed": true,
};
