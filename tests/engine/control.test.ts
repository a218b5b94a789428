import { describe, expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import type { Command } from "../../lib/engine/command";
import type { Values } from "../../lib/engine/state";
import {
  afterStep,
  approval,
  background,
  eventTypes,
  finish,
  flowEnds,
  flowFails,
  human,
  itemOf,
  orchestration,
  type Play,
  picture,
  reject,
  requires,
  retry,
  runOf,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

const ASYNC = { flows: { Work: { isAsynchronous: true } } };
const say = (play: Play, command: Command) => tell(play, command);
const suspend = (play: Play) => say(play, { type: "suspend", reason: "audit" });
const resume = (play: Play) => say(play, { type: "resume", reason: "go on" });
const skip = (play: Play, step: string, outputs: Values | null = null) =>
  say(play, { type: "skip-step", stepRunId: stepOf(play, step).id, reason: "not needed", outputs });
const failByHand = (play: Play, step: string) =>
  say(play, { type: "fail-step", stepRunId: stepOf(play, step).id, reason: "hopeless" });
const goTo = (play: Play, name: string) => say(play, { type: "go-to-stage", stage: name, reason: "once more" });

/** A and Job begin; B waits for A; then a second stage. */
const two = () =>
  start(
    orchestration({
      elements: [
        stage("S", [human("A"), background("Job"), human("B", afterStep("A"))], { next: "T" }),
        stage("T", [human("C")]),
      ],
    }),
    ASYNC,
  );

describe("suspend and resume (2.8, A20b)", () => {
  test("no new step starts, people go on and what they finish is stored", () => {
    const play = suspend(two());
    expect(picture(play)).toMatchObject({ run: "suspended", S: "suspended", A: "in_progress", "A item": "assigned" });
    finish(play, "A", { comment: "done" });
    expect(picture(play)).toMatchObject({ run: "suspended", A: "in_progress", "A item": "done", B: "not_started" });
    expect(stepOf(play, "A").outputs).toEqual({ comment: "done" });
    expect(fold(play.history)).toEqual(play.state);
  });

  test("at resume what was stored takes effect first, then the stage is evaluated", () => {
    const play = suspend(two());
    finish(play, "A");
    flowEnds(play, "Job", { n: 1 });
    const before = play.history.length;
    resume(play);
    expect(picture(play)).toMatchObject({ run: "in_progress", A: "completed", Job: "completed", B: "in_progress" });
    expect(eventTypes(play, before).slice(0, 4)).toEqual([
      "run-resumed",
      "stage-resumed",
      "step-completed",
      "step-completed",
    ]);
  });

  test("a failure is stored too, and fails the run when it is resumed", () => {
    const play = flowFails(suspend(two()), "Job", "no disk");
    expect(picture(play)).toMatchObject({ run: "suspended", Job: "in_progress" });
    expect(stepOf(play, "Job").storedFailure).toEqual({ error: "no disk", element: null });
    resume(play);
    expect(picture(play)).toMatchObject({ run: "error", S: "error", Job: "error", A: "discontinued" });
  });

  test("a rejection that stops the process is stored, too", () => {
    const play = start(
      orchestration({ processType: "approval", elements: [stage("S", [approval("A"), approval("B")])] }),
    );
    suspend(play);
    reject(play, "A");
    expect(picture(play)).toMatchObject({ run: "suspended", A: "in_progress" });
    resume(play);
    expect(picture(play)).toMatchObject({ run: "completed", A: "completed", B: "discontinued" });
    expect(play.state?.submission?.status).toBe("rejected");
  });

  test("a flow that ends twice while suspended is heard once", () => {
    const play = flowEnds(suspend(two()), "Job", { n: 1 });
    expect(flowEnds(play, "Job", { n: 2 }).refusal).toMatchObject({ code: "step-not-open" });
    expect(stepOf(play, "Job").outputs).toEqual({ n: 1 });
  });

  test("everything that would start something is refused with what to do", () => {
    const play = suspend(two());
    for (const refused of [suspend, retry, (one: Play) => goTo(one, "T")])
      expect(refused(play).refusal).toMatchObject({ code: "run-suspended" });
    expect(resume(two()).refusal).toMatchObject({ code: "not-suspended" });
  });

  test("it may be canceled", () => {
    const play = say(suspend(two()), { type: "cancel", reason: "enough" });
    expect(picture(play)).toMatchObject({ run: "canceled", S: "canceled", A: "canceled", "A item": "withdrawn" });
  });
});

describe("skip a step (A20a)", () => {
  test("one that has not started goes straight to Completed, with the outputs that are given", () => {
    const play = skip(two(), "B", { amount: 3 });
    expect(picture(play)).toMatchObject({ B: "completed" });
    expect(stepOf(play, "B")).toMatchObject({ startedAt: null, outputs: { amount: 3 }, skipReason: "not needed" });
    expect(play.history.at(-1)).toMatchObject({ milestone: "skip_step", toStatus: "completed" });
  });

  test("one in progress is completed the same way, its item withdrawn, and what follows starts", () => {
    const play = skip(two(), "A");
    expect(picture(play)).toMatchObject({ A: "completed", "A item": "withdrawn", B: "in_progress" });
  });

  test("the job of a background step is void", () => {
    const play = skip(two(), "Job");
    expect(play.deferred).toContainEqual({ type: "cancel-jobs", stepRunId: stepOf(play, "Job").id });
    expect(flowEnds(play, "Job").refusal).toMatchObject({ code: "step-not-open" });
  });

  test("one that has ended is refused", () => {
    const play = finish(two(), "A");
    expect(skip(play, "A").refusal).toMatchObject({ code: "step-not-open" });
  });
});

test("a step that is failed by hand errs with the words of who did it", () => {
  const play = failByHand(two(), "A");
  expect(picture(play)).toMatchObject({ run: "error", S: "error", A: "error", "A item": "withdrawn" });
  expect(stepOf(play, "A").error).toBe("hopeless");
});

describe("go to a stage", () => {
  test("the running stage is discontinued, the chosen one entered as a new round", () => {
    const play = goTo(two(), "S");
    expect(picture(play)).toMatchObject({
      S: "discontinued",
      A: "discontinued",
      "A item": "withdrawn",
      "S 2": "in_progress",
      "S 2 A": "in_progress",
    });
  });

  test("a run in Error goes on there", () => {
    const play = goTo(flowFails(two(), "Job"), "T");
    expect(picture(play)).toMatchObject({ run: "in_progress", S: "error", T: "in_progress", C: "in_progress" });
  });

  test("a stage that is none is refused", () => {
    expect(goTo(two(), "Nowhere").refusal).toMatchObject({ code: "no-such-stage" });
  });
});

describe("fault paths (2.9)", () => {
  const withFault = (more: object = {}) =>
    start(
      orchestration({
        elements: [
          stage("S", [human("A"), background("Job")], { faultNext: "Which", next: "T" }),
          {
            type: "decision",
            name: "Which",
            label: "Which",
            outcomes: [
              {
                name: "Broken",
                label: "Broken",
                when: { requirements: [{ left: "S", operator: "has_error", right: { literal: true } }] },
                next: "Repair",
              },
            ],
            defaultNext: null,
          },
          stage("Repair", [human("Fix", { inputs: { why: { ref: "$Flow.FaultMessage" } } })], more),
          stage("T", [human("C")]),
        ],
      }),
      ASYNC,
    );

  test("the stage errs, the run goes on where its fault path leads, and knows the message", () => {
    const play = flowFails(withFault(), "Job", "no disk");
    expect(picture(play)).toMatchObject({
      run: "in_progress",
      S: "error",
      A: "discontinued",
      Job: "error",
      Repair: "in_progress",
      Fix: "in_progress",
    });
    expect(stepOf(play, "Fix").inputs).toEqual({ why: "“Job” failed: no disk" });
    const told = play.deferred.filter(({ type }) => type === "notify-failure");
    expect(told).toEqual([
      {
        type: "notify-failure",
        error: "“Job” failed: no disk",
        stepRunId: stepOf(play, "Job").id,
        isCaught: true,
      },
    ]);
  });

  test("a run whose fault path ends cleanly is Completed", () => {
    const play = finish(flowFails(withFault(), "Job"), "Fix");
    expect(picture(play)).toMatchObject({ run: "completed", S: "error", Repair: "completed" });
  });

  test("a fault path may lead back: the stage is entered again as a new round", () => {
    const play = finish(flowFails(withFault({ next: "S" }), "Job"), "Fix");
    expect(picture(play)).toMatchObject({ run: "in_progress", "S 2": "in_progress", "S 2 A": "in_progress" });
  });
});

describe("a retry with edited inputs (A6)", () => {
  const failed = () => {
    const step = background("Job", { inputs: { path: { literal: "/old" } } });
    return flowFails(start(orchestration({ elements: [stage("S", [step])] }), ASYNC), "Job");
  };

  test("starts the new attempt with them", () => {
    const play = say(failed(), { type: "retry", reason: "moved", inputs: { Job: { path: "/new" } } });
    expect(stepOf(play, "Job")).toMatchObject({ attempt: 2, status: "in_progress", inputs: { path: "/new" } });
  });

  test("are kept while the step has to wait for its record's lock, and used when it starts", () => {
    const step = human("Edit", { locksRecord: true, inputs: { path: { literal: "/old" } } });
    const elements = [stage("S", [step, background("Job")])];
    const play = flowFails(start(orchestration({ elements, onLocked: "wait" }), ASYNC), "Job");
    play.world.lockedBy = { runId: "run_other", label: "Audit", since: "2026-01-01T00:00:00.000Z" };
    say(play, { type: "retry", reason: "moved", inputs: { Edit: { path: "/new" } } });
    expect(stepOf(play, "Edit")).toMatchObject({ attempt: 2, status: "not_started", inputs: { path: "/new" } });
    play.world.lockedBy = null;
    say(play, { type: "wake", cause: { type: "lock" } });
    expect(stepOf(play, "Edit")).toMatchObject({ attempt: 2, status: "in_progress", inputs: { path: "/new" } });
  });

  test("names the input that the step does not take", () => {
    const play = say(failed(), { type: "retry", reason: "moved", inputs: { Job: { color: "red" } } });
    expect(play.refusal).toMatchObject({ code: "unknown-input", details: { name: "Job.color" } });
  });

  test("work that was done and waits for its exit is not asked for again", () => {
    const exit = requires("$Record.Ready", "equals", true);
    const play = start(orchestration({ elements: [stage("S", [human("A", { exit }), background("Job")])] }), ASYNC);
    finish(play, "A", { comment: "mine" });
    const first = itemOf(play, "A");
    retry(flowFails(play, "Job"));
    expect(stepOf(play, "A")).toMatchObject({ attempt: 2, status: "in_progress", outputs: { comment: "mine" } });
    expect(itemOf(play, "A")).toMatchObject({ completionKind: "done", completedBy: first.completedBy });
  });
});

describe("external steps", () => {
  const step = { kind: "external", name: "Ship", label: "Ship", operation: "Order", inputs: { n: { literal: 1 } } };

  test("call their operation later, and end with what it gave", () => {
    const play = start(orchestration({ elements: [stage("S", [step])] }));
    expect(play.deferred).toContainEqual({
      type: "call-operation",
      stepRunId: stepOf(play, "Ship").id,
      operation: "Order",
      inputs: { n: 1 },
    });
    flowEnds(play, "Ship", { id: 7 });
    expect(picture(play)).toMatchObject({ run: "completed", Ship: "completed" });
    expect(play.history.find(({ event }) => event.type === "step-outputs-stored")?.event).toMatchObject({
      publishes: true,
    });
  });
});

describe("an event that a flow publishes for a run (A10)", () => {
  const cause = { type: "flow", flow: "Publishes", runId: "run_other" } as const;
  const elements = [stage("S", [human("A"), background("B", { processing: "asynchronous" })])];
  test.each([
    ["in progress", "in_progress", (play: Play) => play],
    ["suspended", "suspended", (play: Play) => say(play, { type: "suspend", reason: "wait" })],
    ["in Error", "error", (play: Play) => flowFails(play, "B")],
    ["canceled", "canceled", (play: Play) => say(play, { type: "cancel", reason: "enough" })],
    ["completed", "completed", (play: Play) => flowEnds(finish(play, "A"), "B")],
  ])("is in its history with its cause and moves nothing: %s", (_, status, lead) => {
    const play = lead(start(orchestration({ elements })));
    const [seen, before] = [play.history.length, picture(play)];
    tell(play, { type: "wake", cause }, { type: "system" });
    expect(play.history.slice(seen).map(({ event }) => event)).toEqual([{ type: "run-woken", cause }]);
    expect([runOf(play).status, picture(play)]).toEqual([status, before]);
    for (const type of ["record", "clock", "lock"] as const)
      tell(play, { type: "wake", cause: { type } }, { type: "system" });
    expect(play.history).toHaveLength(seen + 1);
  });
});

describe("who a background flow runs as (3.5)", () => {
  const asWhom = (runAs: unknown) => {
    const steps = [human("A"), background("Job", { ...afterStep("A"), runAs })];
    return stepOf(finish(start(orchestration({ elements: [stage("S", steps)] }), ASYNC), "A"), "Job").runAs;
  };
  test.each([
    ["automated", null],
    ["latest_completer", "bob"],
    [{ user: "nora" }, "nora"],
  ])("%j", (runAs, expected) => {
    expect(asWhom(runAs)).toBe(expected);
  });

  const recordTriggered = { type: "record_triggered", object: "Deal", on: "create", next: "S" };
  test.each([
    ["60: nobody's", 60, {}, null],
    ["59, launched by a person: theirs", 59, {}, "ann"],
    ["59, started by a record's change: the system's", 59, { start: recordTriggered }, null],
  ])("of a definition of API %s", (_, apiVersion, more, expected) => {
    for (const isAsynchronous of [false, true]) {
      const play = start(orchestration({ elements: [stage("S", [background("Job")])], apiVersion, ...more }), {
        flows: { Work: { isAsynchronous } },
      });
      expect(stepOf(play, "Job").runAs).toBe(expected);
      const asked = [...play.asked, ...play.deferred].find(({ type }) => type === "run-flow" || type === "queue-flow");
      expect(asked).toMatchObject({ runAs: expected });
    }
    const named = start(
      orchestration({ elements: [stage("S", [background("Job", { runAs: { user: "nora" } })])], apiVersion, ...more }),
    );
    expect(stepOf(named, "Job").runAs).toBe("nora");
  });
});

describe("locks (A22)", () => {
  const locking = (onLocked: string) =>
    orchestration({ onLocked, elements: [stage("S", [human("A", { locksRecord: true }), human("B")])] });
  const HELD = { lockedBy: { runId: "run_other", label: "Audit", since: "2026-01-01T00:00:00.000Z" } };

  test("a step takes the lock of the run's record and its end gives it up", () => {
    const play = start(locking("wait"));
    expect(runOf(play).holdsLock).toBe(true);
    finish(play, "A");
    expect(runOf(play).holdsLock).toBe(false);
    expect(play.deferred.map(({ type }) => type)).toEqual(expect.arrayContaining(["lock-record", "unlock-record"]));
  });

  test("a record that another run holds is waited for, visibly", () => {
    const play = start(locking("wait"), HELD);
    expect(picture(play)).toMatchObject({ A: "not_started", B: "in_progress" });
    expect(runOf(play).waits.lock).toBe("rec_1");
    play.world.lockedBy = null;
    tell(play, { type: "wake", cause: { type: "lock" } }, { type: "system" });
    expect(picture(play)).toMatchObject({ A: "in_progress" });
  });

  test("or the step fails, as the definition says", () => {
    const play = start(locking("fail"), HELD);
    expect(picture(play)).toMatchObject({ run: "error", A: "error" });
    expect(stepOf(play, "A").error).toBe("The record is locked by a run of “Audit” since 2026-01-01 00:00 UTC.");
  });

  test("a run that ends gives it up", () => {
    const play = say(start(locking("wait")), { type: "cancel", reason: "enough" });
    expect(runOf(play).holdsLock).toBe(false);
  });
});

describe("the clock (A8)", () => {
  test("a condition that reads it wakes its run at that instant", () => {
    const entry = requires("$Flow.CurrentDateTime", "greater_than_or_equal", "2026-03-01T08:00:00.000Z");
    const play = start(orchestration({ elements: [stage("S", [human("A", { entry })])] }));
    expect(runOf(play)).toMatchObject({ waits: { dueAt: "2026-03-01T08:00:00.000Z" }, stalledSince: null });
    expect(play.deferred).toContainEqual({ type: "wake-at", at: "2026-03-01T08:00:00.000Z" });
    play.world.now = "2026-03-01T08:00:00.000Z";
    tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
    expect(picture(play)).toMatchObject({ A: "in_progress" });
    expect(runOf(play).waits.dueAt).toBeNull();
  });
});

test("a flow's Flow Orchestration Event is in the history with its cause (A10)", () => {
  const cause = { type: "flow", flow: "Poke", runId: "run_2" } as const;
  const play = tell(two(), { type: "wake", cause }, { type: "system" });
  expect(play.history.at(-1)?.event).toEqual({ type: "run-woken", cause });
});

describe("debug runs (5.6)", () => {
  test("mocked steps are taken to have given their outputs, and it begins where it is told", () => {
    const definition = orchestration({
      elements: [
        stage("S", [human("A")], { next: "T" }),
        stage("T", [human("B"), human("C", { entry: requires("B.Outputs.ok", "equals", true) })]),
      ],
    });
    const debug = { playedBy: "ann", mocks: { B: { ok: true } }, startStage: "T" };
    const play = start(definition, {}, { debug });
    expect(picture(play)).toEqual({
      run: "in_progress",
      T: "in_progress",
      B: "completed",
      C: "in_progress",
      "C item": "assigned",
    });
    expect(itemOf(play, "C").assignee).toEqual({ type: "user", id: "ann" });
  });

  test("what a mocked step before the stage where it begins is taken to have given is there to be read", () => {
    const definition = orchestration({
      elements: [
        stage("S", [human("A"), human("Z")], { next: "T" }),
        stage(
          "T",
          [
            human("B", { inputs: { said: { ref: "A.Outputs.word" }, other: { ref: "Z.Outputs.word" } } }),
            human("C", { entry: requires("A.Status", "equals", "Completed") }),
            human("E", { entry: requires("D.Status", "equals", "Completed") }),
          ],
          { next: "U" },
        ),
        stage("U", [human("D")]),
      ],
    });
    const mocks = { A: { word: "yes" }, D: { word: "later" } };
    const late = start(definition, {}, { debug: { playedBy: "ann", mocks, startStage: "T" } });
    expect(stepOf(late, "B").inputs).toEqual({ said: "yes", other: null });
    expect(stepOf(late, "C").status).toBe("in_progress");
    // What is still to come has given nothing yet.
    expect(stepOf(late, "E").status).toBe("not_started");
    const back = tell(late, { type: "go-to-stage", stage: "S", reason: "again" });
    expect(stepOf(back, "A")).toMatchObject({ status: "completed", outputs: { word: "yes" } });
  });

  test("a mocked step on another way than that to the stage where it begins has given nothing", () => {
    const apart = {
      name: "apart",
      label: "Apart",
      when: requires("$Record.Status", "equals", "Apart").condition,
      next: "Beside",
    };
    const definition = orchestration({
      start: { type: "autolaunched", object: "Thing", next: "Which" },
      elements: [
        { type: "decision", name: "Which", label: "Which", outcomes: [apart], defaultNext: "S" },
        stage("S", [human("A")], { next: "T" }),
        stage("Beside", [human("B")], { next: "U" }),
        stage("T", [human("C")], { next: "U" }),
        stage("U", [human("D", { inputs: { one: { ref: "A.Outputs.word" }, other: { ref: "B.Outputs.word" } } })]),
      ],
    });
    const mocks = { A: { word: "yes" }, B: { word: "no" }, C: {} };
    const late = start(definition, {}, { debug: { playedBy: "ann", mocks, startStage: "T" } });
    expect(stepOf(late, "D").inputs).toEqual({ one: "yes", other: null });
  });
});
