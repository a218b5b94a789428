import { describe, expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import {
  afterStep,
  background,
  cancel,
  eventTypes,
  finish,
  flowFails,
  human,
  orchestration,
  type Play,
  picture,
  requires,
  retry,
  runOf,
  stage,
  start,
  stepOf,
  tell,
  wake,
} from "./play";

/** A finished stage, and one with a completed, two running and a waiting step: the columns of the matrix of semantics 2.6. */
function middle(more: object = {}): Play {
  const second = [
    human("Done"),
    human("Open", more),
    background("Job", { processing: "asynchronous" }),
    human("Later", afterStep("Open")),
  ];
  const play = start(
    orchestration({ elements: [stage("One", [human("First")], { next: "Two" }), stage("Two", second)] }),
  );
  finish(play, "First");
  return finish(play, "Done");
}

const SAME = { One: "completed", First: "completed", Done: "completed", Later: "not_started" };

describe("the matrix of ends (2.6)", () => {
  test("cancel", () => {
    const play = cancel(middle());
    expect(picture(play)).toMatchObject({
      ...SAME,
      run: "canceled",
      Two: "canceled",
      Open: "canceled",
      "Open item": "withdrawn",
      Job: "canceled",
    });
  });

  test("an error in a background step", () => {
    const play = flowFails(middle(), "Job", "no disk");
    expect(picture(play)).toMatchObject({
      ...SAME,
      run: "error",
      Two: "error",
      Job: "error",
      Open: "discontinued",
      "Open item": "withdrawn",
    });
    expect(stepOf(play, "Job")).toMatchObject({ error: "no disk" });
    expect(runOf(play).error).toBe("“Job” failed: no disk");
    expect(play.deferred).toContainEqual({
      type: "notify-failure",
      error: "“Job” failed: no disk",
      stepRunId: stepOf(play, "Job").id,
    });
  });

  test("an error in an interactive step: its item is withdrawn too", () => {
    const play = flowFails(middle(), "Open");
    expect(picture(play)).toMatchObject({
      ...SAME,
      run: "error",
      Two: "error",
      Open: "error",
      "Open item": "withdrawn",
      Job: "discontinued",
    });
  });

  test("an assignee that cannot be found is an error of the step", () => {
    const play = start(
      orchestration({
        elements: [
          stage("S", [human("A"), human("B", { assignee: { type: "group", value: { literal: "Nowhere" } } })]),
        ],
      }),
      { missing: ["Nowhere"] },
    );
    expect(picture(play)).toEqual({ run: "error", S: "error", A: "discontinued", "A item": "withdrawn", B: "error" });
  });

  test("a reference to nobody likewise", () => {
    const play = start(
      orchestration({
        elements: [
          stage("S", [human("A", { assignee: { type: "resource", value: { ref: "$Record.Owner.Manager" } } })]),
        ],
      }),
    );
    expect(picture(play)).toMatchObject({ A: "error" });
  });

  test("a flow that has no active version when the stage begins is an error of the step", () => {
    const play = start(orchestration({ elements: [stage("S", [background("A")])] }), { flows: { Work: null } });
    expect(picture(play)).toMatchObject({ A: "error" });
    expect(runOf(play).error).toContain("Work");
  });

  test("an evaluation flow that fails for an entry is an error of the stage; the step that waited stays Not Started", () => {
    const play = start(
      orchestration({
        elements: [
          stage("S", [human("A"), human("B", { entry: { type: "evaluation_flow", flow: "Judge" } }), human("C")]),
        ],
      }),
    );
    play.world.answers.Judge = "broken";
    finish(play, "A");
    expect(picture(play)).toEqual({
      run: "error",
      S: "error",
      A: "completed",
      "A item": "done",
      B: "not_started",
      C: "discontinued",
      "C item": "withdrawn",
    });
  });

  test("an evaluation flow that fails for an exit is an error of the step", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { exit: { type: "evaluation_flow", flow: "Judge" } })])] }),
      { answers: { Judge: "broken" } },
    );
    expect(picture(play)).toMatchObject({ run: "error", S: "error", A: "error" });
  });

  test("an error outside a stage leaves finished stages completed", () => {
    const lost = { ...stage("One", [human("First")]), next: "Nowhere" };
    const play = finish(start(orchestration({ elements: [lost] })), "First");
    expect(picture(play)).toMatchObject({ run: "error", One: "completed", First: "completed" });
  });
});

describe("after the end", () => {
  test.each([
    ["completed", () => finish(start(orchestration({ elements: [stage("S", [human("A")])] })), "A")],
    ["canceled", () => cancel(middle())],
  ] as const)("a %s run takes nothing more", (_, make) => {
    const play = make();
    const before = play.history.length;
    expect(cancel(play).refusal?.code).toBe("run-closed");
    expect(retry(play).refusal?.code).toBe("run-closed");
    expect(wake(play).refusal).toBeNull();
    expect(play.history.length).toBe(before);
  });

  test("a run in Error can be canceled", () => {
    const play = cancel(flowFails(middle(), "Job"));
    expect(picture(play)).toMatchObject({ run: "canceled", Two: "error", Job: "error" });
  });

  test("a run that is going on has nothing to try again", () => {
    expect(retry(middle()).refusal?.code).toBe("nothing-to-retry");
  });
});

describe("resume (A6)", () => {
  test("errored and discontinued steps get new attempts; completed and waiting ones stay; the run has no end", () => {
    const play = retry(flowFails(middle(), "Job"));
    expect(picture(play)).toEqual({
      ...SAME,
      "First item": "done",
      "Done item": "done",
      run: "in_progress",
      Two: "in_progress",
      Open: "discontinued",
      "Open item": "withdrawn",
      Job: "error",
      "Open again 2": "in_progress",
      "Open again 2 item": "assigned",
      "Job again 2": "in_progress",
    });
    expect(runOf(play)).toMatchObject({ endedAt: null, error: null });
    expect(play.state?.stages.at(-1)?.endedAt).toBeNull();
    expect(play.history.find(({ event }) => event.type === "step-created" && event.isRetry)?.milestone).toBe(
      "retry_step",
    );
  });

  test("what then happens goes on as if nothing had been", () => {
    const play = retry(flowFails(middle(), "Job"));
    tell(play, { type: "flow-finished", stepRunId: stepOf(play, "Job").id, outputs: {} }, { type: "system" });
    finish(play, "Open");
    finish(play, "Later");
    expect(picture(play)).toMatchObject({ run: "completed", Two: "completed" });
    expect(fold(play.history)).toEqual(play.state);
  });

  test("a flow that was repaired meanwhile is called in its new version", () => {
    const play = start(orchestration({ elements: [stage("S", [background("A")])] }), { flows: { Work: null } });
    play.world.flows.Work = { outputs: {} };
    expect(picture(retry(play))).toMatchObject({ run: "completed", A: "error", "A again 2": "completed" });
  });

  test("an attempt that fails again ends the run again, and is tried again", () => {
    const play = start(orchestration({ elements: [stage("S", [background("A")])] }), {
      flows: { Work: { error: "boom" } },
    });
    expect(picture(retry(retry(play)))).toMatchObject({ run: "error", "A again 3": "error" });
  });

  test("an answer that was stored is carried over to the new attempt", () => {
    const waits = human("Open", { exit: requires("$Record.Ready", "equals", true) });
    const play = start(
      orchestration({ elements: [stage("S", [waits, background("Job", { processing: "asynchronous" })])] }),
    );
    finish(play, "Open", { word: "kept" });
    flowFails(play, "Job");
    play.world.record.Ready = true;
    retry(play);
    expect(stepOf(play, "Open")).toMatchObject({ attempt: 2, status: "completed", outputs: { word: "kept" } });
  });

  test("a stage that failed by an evaluation flow is taken up again", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { entry: { type: "evaluation_flow", flow: "Judge" } })])] }),
      { answers: { Judge: "broken" } },
    );
    play.world.answers.Judge = true;
    expect(picture(retry(play))).toMatchObject({ run: "in_progress", A: "in_progress" });
  });
});

describe("stalls (P7)", () => {
  const stuck = () =>
    finish(
      start(
        orchestration({
          elements: [stage("S", [human("A"), human("B", { entry: requires("A.Outputs.go", "equals", true) })])],
        }),
      ),
      "A",
    );

  test("a run that nothing can move is marked by the decision that left it so, with the reason", () => {
    const play = stuck();
    expect(eventTypes(play).at(-1)).toBe("run-stalled");
    expect(runOf(play).stalledReason).toBe(
      "“S” ends when all its steps are completed. “B”: has not started: waits until A.Outputs.go is “true” (it is empty).",
    );
  });

  test("it is unmarked when it moves or ends", () => {
    const play = cancel(stuck());
    expect(runOf(play)).toMatchObject({ status: "canceled", stalledSince: null });
  });

  test("a run without a record that reads one is stalled, because nobody can change it", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { entry: requires("$Record.Status", "equals", "Open") })])] }),
      {},
      { noRecord: true },
    );
    expect(runOf(play)).toMatchObject({
      waits: { records: [] },
      stalledReason: expect.stringContaining("$Record.Status"),
    });
  });

  test("one that waits for its record is not, and each change that does not help leaves one line", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { entry: requires("$Record.Status", "equals", "Open") })])] }),
    );
    expect(eventTypes(play).at(-1)).toBe("waits-changed");
    const before = play.history.length;
    wake(play, { Status: "Half" });
    expect(eventTypes(play, before)).toEqual(["run-woken"]);
    expect(runOf(play).stalledSince).toBeNull();
  });

  test("one with work in hand is not", () => {
    expect(runOf(middle()).stalledSince).toBeNull();
  });

  const waiting = () =>
    start(
      orchestration({ elements: [stage("S", [human("A", { entry: requires("$Record.Status", "equals", "Open") })])] }),
    );
  const missed = (play: Play) => {
    play.world.record.Status = "Open";
    return tell(play, { type: "wake-failed", error: "tried 20 times: boom" }, { type: "system" });
  };

  test("one that waits for its record and could not be woken is, and looks at nothing by that", () => {
    const play = missed(waiting());
    expect(eventTypes(play).at(-1)).toBe("run-stalled");
    expect(runOf(play)).toMatchObject({
      waits: { records: ["rec_1"] },
      stalledReason: expect.stringContaining("boom"),
    });
    expect(picture(play)).toMatchObject({ A: "not_started" });
    expect(fold(play.history)).toEqual(play.state);
  });

  test("it looks again when it is tried again, or at the next change", () => {
    for (const again of [retry, wake]) {
      const play = again(missed(waiting()));
      expect(picture(play)).toMatchObject({ run: "in_progress", A: "in_progress" });
      expect(runOf(play).stalledSince).toBeNull();
    }
  });

  test("one that waits for nothing takes no note of that", () => {
    const play = middle();
    const before = play.history.length;
    expect(missed(play)).toMatchObject({ refusal: null });
    expect(play.history.length).toBe(before);
  });

  test("tried again in vain it is stalled anew, with both in the history", () => {
    const play = stuck();
    const before = play.history.length;
    retry(play);
    expect(play.history.slice(before).map(({ event }) => event)).toMatchObject([
      { type: "run-unstalled", reason: "again" },
      { type: "run-stalled" },
    ]);
  });
});
