import { expect, test } from "vitest";
import type { Command } from "../../lib/engine/command";
import { MAX_ROWS_WITH_WAKES } from "../../lib/engine/commands/runs";
import { decide } from "../../lib/engine/decide";
import { MAX_EVENTS_AT_ONCE, MAX_HISTORY_ROWS } from "../../lib/engine/settle";
import { MAX_INPUT_CHARACTERS } from "../../lib/engine/steps";
import { MAX_IDS } from "../../lib/engine/turn";
import {
  background,
  finish,
  human,
  itemOf,
  orchestration,
  type Play,
  requires,
  runOf,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

/** What a command leads to in a run whose history has that many rows. */
function decided({ definition, state }: Play, command: Command, seq: number) {
  const env = {
    now: "2026-01-02T00:00:00.000Z",
    actor: { type: "user", id: "bob" },
    idSeed: "0".repeat(24),
    facts: { record: {}, flows: {} },
    seq,
    room: MAX_EVENTS_AT_ONCE,
    evaluations: {},
  } as const;
  const found = decide(definition, state, { command, env });
  if (!found.ok) throw new Error(found.refusal.code);
  return found.value;
}

test("looks at a changed record that lead to nothing do not use up a long history", () => {
  const entry = requires("$Record.Status", "equals", "Go");
  const play = start(orchestration({ elements: [stage("S", [human("A"), human("B", { entry })])] }));
  const woken = (seq: number) => decided(play, { type: "wake", cause: { type: "record" } }, seq).events;
  expect(woken(MAX_ROWS_WITH_WAKES - 1)).toMatchObject([{ event: { type: "run-woken" } }]);
  expect(woken(MAX_ROWS_WITH_WAKES)).toEqual([]);
});

test("a run whose history is full ends in Error, with the number; one below goes on", () => {
  const play = start(orchestration({ elements: [stage("S", [human("A"), human("B")])] }));
  const completed = (seq: number) => {
    const command: Command = { type: "complete-work-item", workItemId: itemOf(play, "A").id, outputs: {} };
    return decided(play, command, seq).state.run;
  };
  expect(completed(MAX_HISTORY_ROWS - 10)).toMatchObject({ status: "in_progress" });
  expect(completed(MAX_HISTORY_ROWS)).toMatchObject({
    status: "error",
    error: expect.stringContaining(String(MAX_HISTORY_ROWS)),
  });
});

test("inputs of a step past their bound err it with the number, and are not kept", () => {
  const inputs = { text: { ref: "A.Outputs.text" } };
  const elements = [
    stage("S", [human("A"), background("Job", { entry: { type: "step_completed", step: "A" }, inputs })]),
  ];
  const play = finish(start(orchestration({ elements })), "A", { text: "x".repeat(MAX_INPUT_CHARACTERS) });
  expect(runOf(play).status).toBe("error");
  expect(stepOf(play, "Job")).toMatchObject({
    status: "error",
    inputs: {},
    error: expect.stringContaining(String(MAX_INPUT_CHARACTERS)),
  });
});

test("inputs that were too long are shortened at a retry, and what is not edited is evaluated as ever", () => {
  const text = { type: "text", isInput: true };
  const definition = orchestration({
    variables: [
      { name: "long", ...text },
      { name: "who", ...text },
    ],
    elements: [stage("S", [background("Job", { inputs: { long: { ref: "long" }, who: { ref: "who" } } })])],
  });
  const given = { long: "x".repeat(MAX_INPUT_CHARACTERS), who: "ann" };
  const play = start(definition, { flows: { Work: { isAsynchronous: true } } }, { inputs: given });
  tell(play, { type: "retry", reason: "shorter", inputs: { Job: { long: "short" } } });
  expect(stepOf(play, "Job")).toMatchObject({ status: "in_progress", inputs: { long: "short", who: "ann" } });
});

test("a stage with more steps than one command may make rows ends the run in Error, with the number", () => {
  const one = orchestration({ elements: [stage("S", [human("A")])] });
  const [only] = one.elements;
  if (only?.type !== "stage") throw new Error("no stage");
  // More than can be activated: nothing else comes so far before the run is left to a job.
  const many = Array.from({ length: MAX_IDS / 2 }, (_, at) => `A${at}`);
  const steps = only.steps.flatMap((step) => many.map((name) => ({ ...step, name })));
  expect(runOf(start({ ...one, elements: [{ ...only, steps }] }))).toMatchObject({
    status: "error",
    error: expect.stringContaining(String(MAX_IDS)),
  });
});
