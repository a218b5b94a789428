import { describe, expect, test } from "vitest";
import { approval, human, orchestration, type Play, picture, requires, runOf, stage, start, tell, wake } from "./play";

const evaluation = (inputs: object) => ({ type: "evaluation_flow", flow: "Judge", inputs });
const waiting = (entry: object, given: Parameters<typeof start>[1] = {}) =>
  start(orchestration({ elements: [stage("S", [human("A"), human("B", { entry })])] }), given);
const hours = (play: Play) =>
  (Date.parse(runOf(play).waits.dueAt ?? "") - Date.parse(play.world.now ?? "")) / 3_600_000;

describe("an evaluation flow that is asked again (A8)", () => {
  test("waits for the parents that its inputs are read from, as a requirement does", () => {
    const play = waiting(evaluation({ stage: { ref: "$Record.Account.Stage" } }), {
      behind: { "Account.Stage": ["rec_1", "rec_account"] },
    });
    expect(runOf(play).waits.records).toEqual(["rec_1", "rec_account"]);
  });

  test.each([
    ["by itself", {}, true],
    ["as an input", { now: { ref: "$Flow.CurrentDateTime" } }, false],
    ["in a formula", { days: { formula: "NOW() - $Record.CreatedAt" } }, false],
  ])("looks again when it reads the clock %s", (_, inputs, clock) => {
    const play = waiting(evaluation(inputs), {
      outside: { Judge: { objects: [], clock } },
      now: "2026-01-01T08:00:00.000Z",
    });
    expect(runOf(play).waits.dueAt).toBe("2026-01-01T08:05:00.000Z");
  });

  test("looks less often the longer it waits, an hour apart at most: a year of waiting is less than a fifth of what a history may have", () => {
    const play = waiting(evaluation({}), {
      outside: { Judge: { objects: [], clock: true } },
      now: "2026-01-01T08:00:00.000Z",
    });
    const apart: number[] = [];
    const before = play.history.length;
    while (play.world.now !== null && play.world.now < "2026-02-01") {
      apart.push(hours(play));
      play.world.now = runOf(play).waits.dueAt;
      tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
    }
    expect(Math.max(...apart)).toBe(1);
    expect(play.history.length - before).toBeLessThan(1_200);
    play.world.answers.Judge = true;
    play.world.now = runOf(play).waits.dueAt;
    tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
    expect(picture(play)).toMatchObject({ B: "in_progress" });
  });
});

describe("objects that a run begins to wait for", () => {
  const woken = (play: Play, now: string) => {
    play.world.now = now;
    return tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
  };
  const at = (seconds: string) => `2026-01-01T08:00:${seconds}.000Z`;

  test("are looked at once more after 16 s, also when something else is due before", () => {
    const soon = requires("$Flow.CurrentDateTime", "greater_than_or_equal", at("05"));
    const steps = [human("A"), human("B", { entry: evaluation({}) }), human("C", { entry: soon })];
    const play = start(orchestration({ elements: [stage("S", steps)] }), {
      outside: { Judge: { objects: ["Signal"], clock: false } },
      now: at("00"),
    });
    expect(runOf(play).waits).toMatchObject({ objects: ["Signal"], dueAt: at("05"), recheckAt: at("16") });
    woken(play, at("05"));
    expect(picture(play)).toMatchObject({ B: "not_started", C: "in_progress" });
    expect(runOf(play).waits).toMatchObject({ dueAt: at("16"), recheckAt: at("16") });
    expect(play.deferred).toContainEqual({ type: "wake-at", at: at("16") });
    // A save in between that had not seen the wait.
    play.world.answers.Judge = true;
    woken(play, at("16"));
    expect(picture(play)).toMatchObject({ B: "in_progress" });
  });

  test("are then let alone until one of them is saved", () => {
    const play = waiting(evaluation({}), { outside: { Judge: { objects: ["Signal"], clock: false } }, now: at("00") });
    woken(play, at("16"));
    expect(runOf(play).waits).toEqual({ records: ["rec_1"], objects: ["Signal"], dueAt: null, lock: null });
  });
});

test("what the clock came to first happens first, in whichever step, also when nobody looked for long", () => {
  const minutes = (due: object) => ({ due: { minutes: 60, remindAfter: [], escalate: null, timeOut: null, ...due } });
  const steps = [
    approval("Ends", minutes({ timeOut: { afterMinutes: 90, outcome: "Reject" } })),
    approval("Rises", minutes({ escalate: { afterMinutes: 40, to: "manager" } })),
  ];
  const play = start(orchestration({ processType: "approval", elements: [stage("S", steps)] }), {
    now: "2026-01-01T08:00:00.000Z",
  });
  const before = play.history.length;
  play.world.now = "2026-01-01T12:00:00.000Z";
  tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
  const types = play.history.slice(before).map(({ event }) => event.type);
  expect(types.indexOf("work-item-escalated")).toBe(0);
  expect(types).toContain("step-timed-out");
  expect(runOf(play).status).toBe("completed");
});

describe("a record that was deleted", () => {
  const isOpen = requires("$Record.Status", "equals", "Open");
  const alone = (given: Parameters<typeof start>[1] = {}) =>
    start(orchestration({ elements: [stage("S", [human("B", { entry: isOpen })])] }), given);

  test("can change no more: a run that waits for it alone is stalled", () => {
    const play = alone({ behind: { Status: ["rec_1"] } });
    expect(runOf(play)).toMatchObject({ waits: { records: ["rec_1"] }, stalledSince: null });
    play.world.behind = { Status: [] };
    wake(play);
    expect(runOf(play)).toMatchObject({
      waits: { records: [] },
      stalledReason: expect.stringContaining("$Record.Status"),
    });
  });

  test("is asked of no evaluation flow either", () => {
    const play = start(
      orchestration({
        elements: [stage("S", [human("B", { entry: evaluation({ status: { ref: "$Record.Status" } }) })])],
      }),
      { behind: { Status: [] } },
    );
    expect(runOf(play)).toMatchObject({ waits: { records: [] }, stalledReason: expect.any(String) });
  });
});
