import { describe, expect, test } from "vitest";
import {
  afterStep,
  background,
  finish,
  flowEnds,
  flowFails,
  human,
  orchestration,
  type Play,
  requires,
  retry,
  runOf,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

const HELD = { lockedBy: { runId: "run_other", label: "Audit", since: "2026-01-01T00:00:00.000Z" } };
const evaluated = (flow: string) => ({ entry: { type: "evaluation_flow", flow } });
const lock = { locksRecord: true };

test("a lock that is given up while an evaluation flow is asked does not leave the run where it stood", () => {
  const steps = [human("Edit", lock)];
  const next = [background("Judge", evaluated("Yes")), human("Go")];
  const elements = [stage("First", steps, { next: "Second" }), stage("Second", next)];
  const play = finish(start(orchestration({ elements }), { answers: { Yes: true } }), "Edit");
  expect([stepOf(play, "Judge").status, stepOf(play, "Go").status]).toEqual(["completed", "in_progress"]);
  expect(runOf(play).holdsLock).toBe(false);
});

test("a step waits for a lock only when nothing else keeps it from starting", () => {
  const never = human("Edit", { ...lock, entry: requires("wanted", "equals", "Never") });
  const elements = [stage("First", [never])];
  const variables = [{ name: "wanted", type: "text" }];
  const play = start(orchestration({ elements, variables }), HELD);
  expect(runOf(play).waits.lock).toBeNull();
  expect(runOf(play).stalledSince).not.toBeNull();
});

test.each([
  { onLocked: "wait", status: "not_started", run: "in_progress" },
  { onLocked: "fail", status: "error", run: "error" },
])(
  "a step that is tried again finds the record locked, as the definition says: $onLocked",
  ({ onLocked, status, run }) => {
    const elements = [stage("First", [human("Edit", lock), background("Work", { processing: "asynchronous" })])];
    const play = flowFails(start(orchestration({ elements, onLocked })), "Work");
    play.world.lockedBy = HELD.lockedBy;
    retry(play);
    expect([stepOf(play, "Edit").status, runOf(play).status]).toEqual([status, run]);
    expect(runOf(play).holdsLock).toBe(false);
  },
);

test("work that is carried over keeps the record locked while its step waits for its exit", () => {
  const edit = human("Edit", { ...lock, exit: requires("$Record.Size", "equals", 1) });
  const elements = [stage("First", [edit, background("Work", { processing: "asynchronous" })])];
  const play = retry(flowFails(finish(start(orchestration({ elements })), "Edit"), "Work"));
  expect([stepOf(play, "Edit").attempt, stepOf(play, "Edit").status]).toEqual([2, "in_progress"]);
  expect(runOf(play).holdsLock).toBe(true);
});

test("a background step holds the record from its start to its end, also while its flow is a job's", () => {
  const elements = [stage("First", [background("Work", { ...lock, processing: "asynchronous" })])];
  const play = start(orchestration({ elements }));
  expect([stepOf(play, "Work").status, runOf(play).holdsLock]).toEqual(["in_progress", true]);
  expect(play.deferred.map(({ type }) => type)).toContain("lock-record");
  flowFails(play, "Work");
  expect(runOf(play).holdsLock).toBe(false);
  expect(play.deferred.map(({ type }) => type)).toContain("unlock-record");
});

test("a background step that finds the record held by another run waits for it, and runs when it is given up", () => {
  const play = start(orchestration({ elements: [stage("First", [background("Work", lock)])] }), HELD);
  expect([stepOf(play, "Work").status, runOf(play).waits.lock]).toEqual(["not_started", "rec_1"]);
  play.world.lockedBy = null;
  tell(play, { type: "wake", cause: { type: "lock" } }, { type: "system" });
  expect([stepOf(play, "Work").status, runOf(play).status]).toEqual(["completed", "completed"]);
  expect(runOf(play).holdsLock).toBe(false);
});

test("one lock is shared by a person's step and a background step beside it, and goes with the later of them", () => {
  const steps = [human("Edit", lock), background("Work", { ...lock, processing: "asynchronous" })];
  const play = start(orchestration({ elements: [stage("First", steps)] }));
  finish(play, "Edit");
  expect(runOf(play).holdsLock).toBe(true);
  expect(play.deferred.filter(({ type }) => type === "lock-record")).toHaveLength(1);
});

describe("a lock that a background step's flow takes (2.10)", () => {
  const job = { processing: "asynchronous" };
  const keep = (play: Play, step: string, keeps: boolean) =>
    tell(play, { type: "keep-lock", stepRunId: stepOf(play, step).id, keeps, editorId: null }, { type: "system" });
  const two = () => [
    stage("First", [background("Hold", job)], { next: "Second" }),
    stage("Second", [human("Edit"), background("Free", { ...job, flow: "Free" })]),
  ];

  test("stays when the step is over, until a flow gives it up", () => {
    const play = keep(start(orchestration({ elements: two() }), { flows: { Free: {} } }), "Hold", true);
    flowEnds(play, "Hold");
    expect([stepOf(play, "Hold").status, runOf(play).holdsLock]).toEqual(["completed", true]);
    keep(play, "Free", false);
    expect(runOf(play)).toMatchObject({ holdsLock: false, keepsLock: false });
    expect(play.deferred.map(({ type }) => type)).toContain("unlock-record");
  });

  test("leaves a step's own lock in place when it is given up", () => {
    const steps = [human("Edit", lock), background("Free", job)];
    const play = start(orchestration({ elements: [stage("First", steps)] }));
    keep(keep(play, "Free", true), "Free", false);
    expect(runOf(play)).toMatchObject({ holdsLock: true, keepsLock: false });
  });

  test("goes with the run that ends for ever", () => {
    const elements = [stage("First", [background("Hold", job)])];
    const cancel = (play: Play) => tell(play, { type: "cancel", reason: "enough" });
    for (const end of [cancel, (play: Play) => flowEnds(play, "Hold")]) {
      const play = keep(start(orchestration({ elements })), "Hold", true);
      expect(runOf(play).holdsLock).toBe(true);
      end(play);
      expect(runOf(play)).toMatchObject({ holdsLock: false, keepsLock: false });
    }
  });

  test("stays through an error, which is no end (A6): until the run that was repaired unlocks, or it is canceled", () => {
    const failed = () => {
      const elements = two();
      const play = start(orchestration({ elements }), { flows: { Free: {} } });
      flowEnds(keep(play, "Hold", true), "Hold");
      return flowFails(play, "Free");
    };
    const canceled = failed();
    expect(runOf(canceled)).toMatchObject({ status: "error", holdsLock: true, keepsLock: true });
    tell(canceled, { type: "cancel", reason: "enough" });
    expect(runOf(canceled).holdsLock).toBe(false);
    const repaired = retry(failed());
    expect(runOf(repaired)).toMatchObject({ status: "in_progress", holdsLock: true, keepsLock: true });
    keep(repaired, "Free", false);
    expect(runOf(repaired)).toMatchObject({ holdsLock: false, keepsLock: false });
    const led = tell(failed(), { type: "go-to-stage", stage: "Second", reason: "again" });
    expect(runOf(led)).toMatchObject({ status: "in_progress", holdsLock: true });
  });

  test("is refused with who holds it when another run does, and to steps that are no background step in progress", () => {
    const steps = [background("Hold", job), human("Edit")];
    const play = keep(start(orchestration({ elements: [stage("First", steps)] }), HELD), "Hold", true);
    expect(play.refusal).toMatchObject({
      code: "record-locked",
      details: { by: "Audit", runId: "run_other", since: HELD.lockedBy.since },
    });
    expect(keep(play, "Edit", true).refusal).toMatchObject({ code: "not-a-background-step" });
    flowEnds(play, "Hold");
    expect(keep(play, "Hold", true).refusal).toMatchObject({ code: "step-not-open" });
  });
});

test("a stage that is complete asks no evaluation flow of its steps", () => {
  const steps = [human("Judge", evaluated("Broken"))];
  const exit = requires("$Record.Size", "equals", 1);
  const elements = [stage("First", steps, { exit })];
  const play = start(orchestration({ elements }), { record: { Size: 1 }, answers: { Broken: "broken" } });
  expect([runOf(play).status, play.asked]).toEqual(["completed", []]);
});

test("the latest completer is whose step was completed last, not who finished an item last", () => {
  const later = { exit: requires("$Record.Size", "equals", 1) };
  const assignee = { assignee: { type: "user", value: { literal: "eve" } } };
  const last = background("Last", { ...afterStep("Slow"), runAs: "latest_completer" });
  const elements = [stage("First", [human("Slow", later), human("Quick", assignee), last])];
  const play = finish(finish(start(orchestration({ elements })), "Slow"), "Quick", {}, "eve");
  play.world.record.Size = 1;
  tell(play, { type: "wake", cause: { type: "record" } }, { type: "system" });
  expect(stepOf(play, "Last").runAs).toBe("bob");
});

test("a step that is tried again while its record is locked starts when the lock is given up, whatever its entry condition says by then", () => {
  const edit = human("Edit", { ...lock, entry: requires("$Record.Size", "equals", 1) });
  const elements = [stage("First", [edit, background("Work", { processing: "asynchronous" })])];
  const play = flowFails(start(orchestration({ elements }), { record: { Size: 1 } }), "Work");
  const proof = stepOf(play, "Edit").entryProof;
  Object.assign(play.world, { lockedBy: HELD.lockedBy, record: { Size: 2 } });
  retry(play);
  expect([stepOf(play, "Edit").status, runOf(play).waits.lock]).toEqual(["not_started", "rec_1"]);
  play.world.lockedBy = null;
  tell(play, { type: "wake", cause: { type: "lock" } }, { type: "system" });
  expect(stepOf(play, "Edit")).toMatchObject({ attempt: 2, status: "in_progress", entryProof: proof });
  expect(proof).toMatchObject({ met: true, requirements: [{ leftValue: 1 }] });
});
