import { describe, expect, test } from "vitest";
import { MAX_EVENTS_AT_ONCE } from "../../lib/engine/settle";
import { MAX_DECISIONS_IN_A_ROW, MAX_STAGE_RUNS } from "../../lib/engine/walk";
import {
  approval,
  background,
  eventTypes,
  finish,
  flowFails,
  human,
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

const decision = (name: string, outcomes: [string, object, string | null][], defaultNext: string | null = null) => ({
  type: "decision",
  name,
  label: name,
  outcomes: outcomes.map(([label, { condition }, next]: [string, { condition?: unknown }, string | null]) => ({
    name: label,
    label,
    when: condition,
    next,
  })),
  defaultNext,
});
const amount = (operator: string, value: number) => requires("$Record.Amount", operator, value);

describe("decisions", () => {
  const elements = [
    decision(
      "Size",
      [
        ["Huge", amount("greater_than", 1000), "Board"],
        ["Big", amount("greater_than", 100), "Boss"],
      ],
      "Desk",
    ),
    stage("Board", [human("A")]),
    stage("Boss", [human("B")]),
    stage("Desk", [human("C")]),
  ];
  test.each([
    [5000, "Board"],
    [500, "Boss"],
    [5, "Desk"],
    [null, "Desk"],
  ])("the first outcome that holds is taken: %s goes to %s", (value, taken) => {
    const play = start(orchestration({ elements }), { record: { Amount: value } });
    expect(play.state?.stages.map(({ name }) => name)).toEqual([taken]);
  });

  test("what a decision saw is in the history, the outcomes that it passed over too", () => {
    const taken = (value: number) =>
      start(orchestration({ elements }), { record: { Amount: value } }).history.find(
        ({ event }) => event.type === "decision-taken",
      )?.event;
    const huge = (leftValue: number) => ({
      outcome: "Huge",
      proof: { met: false, requirements: [{ leftValue, operator: "greater_than", rightValue: 1000, met: false }] },
    });
    expect(taken(500)).toMatchObject({
      decision: "Size",
      outcome: "Big",
      proof: { met: true, requirements: [{ leftValue: 500 }] },
      notMet: [huge(500)],
    });
    expect(taken(5)).toMatchObject({ outcome: null, proof: null, notMet: [huge(5), { outcome: "Big" }] });
    expect(taken(5000)).toMatchObject({ outcome: "Huge", notMet: [] });
  });

  describe("an outcome for what the change made hold", () => {
    const big = { name: "Big", label: "Big", when: amount("greater_than", 100).condition, next: "Boss" };
    const asked = { type: "decision", name: "Size", label: "Size", defaultNext: "Desk" };
    const only = { ...asked, outcomes: [{ ...big, onlyWhenChangedToMeet: true }] };
    const stages = [stage("Boss", [human("B")]), stage("Desk", [human("C")])];
    const taken = (now: number, recordPrior: { Amount: number } | null, first: object = only) => {
      const play = start(orchestration({ elements: [first, ...stages] }), { record: { Amount: now } }, { recordPrior });
      const said = play.history.find(({ event }) => event.type === "decision-taken");
      return { stage: play.state?.stages[0]?.name, event: said?.event };
    };

    test.each([
      ["it did not hold before", 500, { Amount: 5 }, "Boss"],
      ["it held before", 500, { Amount: 400 }, "Desk"],
      ["the record was created", 500, null, "Boss"],
      ["it does not hold now", 5, { Amount: 400 }, "Desk"],
    ])("%s", (_, now, prior, to) => {
      expect(taken(now, prior).stage).toBe(to);
    });

    test("without the wish it does not matter what was before", () => {
      expect(taken(500, { Amount: 400 }, { ...asked, outcomes: [big] }).stage).toBe("Boss");
    });

    test("the history says how it stood before the change", () => {
      expect(taken(500, { Amount: 400 }).event).toMatchObject({
        outcome: null,
        notMet: [
          {
            outcome: "Big",
            proof: {
              met: false,
              requirements: [{ leftValue: 500, met: true }],
              before: { met: true, requirements: [{ leftValue: 400, met: true }] },
            },
          },
        ],
      });
      expect(taken(500, { Amount: 5 }).event).toMatchObject({ outcome: "Big", proof: { before: { met: false } } });
    });
  });

  test("a decision may end the run", () => {
    const play = start(
      orchestration({
        elements: [decision("Only", [["Go", amount("greater_than", 1), "S"]], null), stage("S", [human("A")])],
      }),
    );
    expect(picture(play)).toEqual({ run: "completed" });
  });

  test("decisions that lead in a circle end the run in Error, and trying again walks anew", () => {
    const circle = orchestration({
      elements: [
        decision("One", [["Out", amount("equals", 1), "S"]], "Two"),
        decision("Two", [["Never", amount("equals", 2), null]], "One"),
        stage("S", [human("A")]),
      ],
    });
    const play = start(circle);
    expect(picture(play)).toEqual({ run: "error" });
    expect(runOf(play).error).toContain(String(MAX_DECISIONS_IN_A_ROW));
    play.world.record.Amount = 1;
    expect(picture(retry(play))).toMatchObject({ run: "in_progress", A: "in_progress" });
  });
});

describe("loops", () => {
  const loop = orchestration({
    elements: [
      stage("Work", [human("Do")], { next: "Good" }),
      decision("Good", [["No", requires("Do.Outputs.good", "equals", false), "Work"]], null),
    ],
  });
  test("a stage entered again is a new round with new steps; finished ones stay as they are", () => {
    const play = start(loop);
    finish(play, "Do", { good: false });
    expect(picture(play)).toEqual({
      run: "in_progress",
      Work: "completed",
      Do: "completed",
      "Do item": "done",
      "Work 2": "in_progress",
      "Work 2 Do": "in_progress",
      "Work 2 Do item": "assigned",
    });
    finish(play, "Do", { good: true });
    expect(picture(play)).toMatchObject({ run: "completed", "Work 2": "completed" });
  });

  test("a fault path that leads back tells author and admins once of each step that fails, in whichever round", () => {
    const steps = [
      background("Pay", { processing: "asynchronous" }),
      background("Post", { processing: "asynchronous" }),
    ];
    const elements = [stage("Try", steps, { faultNext: "Mend" }), stage("Mend", [human("Fix")], { next: "Try" })];
    const play = start(orchestration({ elements }));
    const told = () => play.deferred.filter(({ type }) => type === "notify-failure").length;
    const round = (failing: string) => {
      flowFails(play, failing);
      finish(play, "Fix");
    };
    round("Pay");
    expect(told()).toBe(1);
    round("Pay");
    expect(told()).toBe(1);
    round("Post");
    expect(told()).toBe(2);
    round("Pay");
    round("Post");
    expect(told()).toBe(2);
  });

  const asked = { type: "evaluation_flow", flow: "Judge", inputs: {} } as const;
  const isUnderWay = requires("S.Status", "equals", "In Progress");
  test.each([
    ["of flows alone", stage("S", [background("A")], { next: "S" })],
    ["of stages that complete at once", stage("S", [human("A")], { next: "S", exit: isUnderWay })],
    ["of stages whose exits an evaluation flow finds met", stage("S", [human("A")], { next: "S", exit: asked })],
  ])("a loop %s is left to a job after a while, and stops at the bound of stages (I51)", (_what, circle) => {
    const play = start(orchestration({ elements: [circle] }), { answers: { Judge: true }, flows: { A: {} } });
    let most = 0;
    for (let wakes = 0, told = 0; wakes < 50 && runOf(play).status === "in_progress"; wakes++) {
      expect(runOf(play).waits).toMatchObject({ dueAt: expect.any(String) });
      most = Math.max(most, play.history.length - told);
      told = play.history.length;
      tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
    }
    expect(most).toBeLessThan(MAX_EVENTS_AT_ONCE + 50);
    expect(runOf(play)).toMatchObject({ status: "error", error: expect.stringContaining(String(MAX_STAGE_RUNS)) });
  });
});

test("the order of events is that of A2: stage, then starts, then exits", () => {
  const play = start(
    orchestration({
      elements: [stage("S", [human("A"), human("B", { entry: { type: "step_completed", step: "A" } })])],
    }),
  );
  const before = play.history.length;
  finish(play, "A");
  expect(eventTypes(play, before)).toEqual([
    "work-item-completed",
    "step-outputs-stored",
    "step-completed",
    "step-started",
    "work-item-created",
  ]);
});

describe("a run that failed on the way which a decision took is led that way again when it is retried", () => {
  const circle = decision("Loop", [["Out", amount("equals", 1), "Fixed"]], "Loop");
  const elements = (step: object) => [
    stage("Ask", [approval("Say", step)], { next: "Pay" }),
    circle,
    stage("Pay", [background("Transfer")]),
    stage("Fixed", [human("Mend")]),
  ];
  const back = { name: "Back", label: "Send back", does: "send_back", to: "Loop" };
  test.each([
    ["rejected", { onReject: { goTo: "Loop" } }, (play: Play) => reject(play, "Say")],
    ["sent back", { outcomes: [back] }, (play: Play) => finish(play, "Say", { approvalDecision: "Back" })],
    [
      "skipped with a rejection",
      { onReject: { goTo: "Loop" } },
      (play: Play) => {
        const skip = { type: "skip-step", stepRunId: stepOf(play, "Say").id, reason: "no" } as const;
        return tell(play, { ...skip, outputs: { approvalDecision: "Reject" } }, { type: "user", id: "root" });
      },
    ],
  ])("%s", (_, step, decide) => {
    const play = start(orchestration({ processType: "approval", approval: {}, elements: elements(step) }));
    decide(play);
    expect(picture(play)).toMatchObject({ run: "error", Ask: "completed" });
    expect(picture(retry(play))).not.toHaveProperty("Pay");
    play.world.record = { Amount: 1 };
    expect(picture(retry(play))).toMatchObject({ run: "in_progress", Mend: "in_progress" });
    expect(play.state?.stages.map(({ name }) => name)).toEqual(["Ask", "Fixed"]);
  });
});
