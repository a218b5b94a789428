import { describe, expect, test } from "vitest";
import {
  afterStep,
  approval,
  approve,
  background,
  finish,
  flowEnds,
  flowFails,
  human,
  orchestration,
  picture,
  requires,
  runOf,
  stage,
  start,
  stepOf,
  tell,
  wake,
} from "./play";

describe("entry conditions", () => {
  test("steps that start with their stage run side by side", () => {
    const play = start(orchestration({ elements: [stage("S", [human("A"), human("B")])] }));
    expect(picture(play)).toMatchObject({ A: "in_progress", B: "in_progress" });
  });

  test("a step that waits for another starts when that one is completed, in the same decision", () => {
    const play = start(orchestration({ elements: [stage("S", [human("A"), human("B", afterStep("A"))])] }));
    expect(picture(play)).toMatchObject({ B: "not_started" });
    finish(play, "A");
    expect(picture(play)).toMatchObject({ A: "completed", B: "in_progress", "B item": "assigned" });
  });

  test("a step of an earlier round or another stage starts nothing that waits for its namesake", () => {
    const again = {
      type: "decision",
      name: "Again",
      label: "Again",
      outcomes: [{ name: "Yes", label: "Yes", when: requires("A.Outputs.again", "equals", true).condition, next: "S" }],
      defaultNext: null,
    };
    const play = start(
      orchestration({ elements: [stage("S", [human("A"), human("B", afterStep("A"))], { next: "Again" }), again] }),
    );
    finish(play, "A", { again: true });
    finish(play, "B");
    expect(picture(play)).toMatchObject({ "S 2 A": "in_progress", "S 2 B": "not_started" });
  });

  test("requirements see what other steps put out, and start the step when they hold", () => {
    const step = human("B", { entry: requires("A.Outputs.amount", "greater_than", 500) });
    const play = start(orchestration({ elements: [stage("S", [human("A"), step])] }));
    finish(play, "A", { amount: 800 });
    expect(picture(play)).toMatchObject({ B: "in_progress" });
    expect(stepOf(play, "B").entryProof).toMatchObject({
      met: true,
      requirements: [{ left: "A.Outputs.amount", leftValue: 800 }],
    });
  });

  test("requirements on the record wait for it to change", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { entry: requires("$Record.Status", "equals", "Open") })])] }),
      { record: { Status: "New" } },
    );
    expect(runOf(play)).toMatchObject({ waits: { records: ["rec_1"] }, stalledSince: null });
    wake(play, { Status: "Open" });
    expect(picture(play)).toMatchObject({ A: "in_progress" });
    expect(runOf(play).waits.records).toEqual([]);
  });

  test("an evaluation flow is asked at every evaluation until it says yes", () => {
    const play = start(
      orchestration({
        elements: [
          stage("S", [
            human("A"),
            human("B", { entry: { type: "evaluation_flow", flow: "Judge", inputs: { id: { ref: "$Record.Id" } } } }),
          ]),
        ],
      }),
    );
    expect(picture(play)).toMatchObject({ B: "not_started" });
    play.world.answers.Judge = true;
    finish(play, "A");
    expect(picture(play)).toMatchObject({ B: "in_progress" });
    expect(stepOf(play, "B").entryProof?.logic).toBe("flow");
    expect(play.asked.find(({ type }) => type === "evaluate-flow")).toMatchObject({
      flow: "Judge",
      inputs: { id: "rec_1" },
    });
  });
});

describe("exit conditions of steps", () => {
  test("by default the finished flow completes the step", () => {
    expect(picture(finish(start(orchestration({ elements: [stage("S", [human("A")])] })), "A"))).toMatchObject({
      A: "completed",
      run: "completed",
    });
  });

  test("with requirements a step stays in progress after its item was finished", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { exit: requires("$Record.Status", "equals", "Done") })])] }),
    );
    finish(play, "A");
    expect(picture(play)).toMatchObject({ A: "in_progress", "A item": "done" });
    wake(play, { Status: "Done" });
    expect(picture(play)).toMatchObject({ A: "completed", run: "completed" });
    expect(stepOf(play, "A").exitProof).toMatchObject({ met: true });
  });

  test("with requirements a step may complete without its item being touched, which is withdrawn", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { exit: requires("$Record.Status", "equals", "Done") })])] }),
    );
    wake(play, { Status: "Done" });
    expect(picture(play)).toMatchObject({ A: "completed", "A item": "withdrawn" });
  });

  test("with an evaluation flow likewise", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A", { exit: { type: "evaluation_flow", flow: "Judge" } })])] }),
    );
    finish(play, "A");
    expect(picture(play)).toMatchObject({ A: "in_progress" });
    play.world.answers.Judge = true;
    wake(play);
    expect(picture(play)).toMatchObject({ A: "completed" });
  });
});

describe("exit conditions of stages", () => {
  test("a stage that completes discontinues what still runs in it and withdraws the items", () => {
    const play = start(
      orchestration({
        elements: [
          stage("S", [human("A"), human("B"), human("C", afterStep("B"))], {
            exit: requires("A.Status", "equals", "Completed"),
          }),
        ],
      }),
    );
    finish(play, "A");
    expect(picture(play)).toEqual({
      run: "completed",
      S: "completed",
      A: "completed",
      "A item": "done",
      B: "discontinued",
      "B item": "withdrawn",
      C: "not_started",
    });
    expect(play.deferred).toContainEqual({ type: "withdraw-assignment", workItemId: expect.any(String) });
  });

  test("a stage's evaluation flow is asked again after each event, and not when nothing happened", () => {
    const play = start(
      orchestration({
        elements: [stage("S", [human("A"), human("B")], { exit: { type: "evaluation_flow", flow: "Judge" } })],
      }),
    );
    const asked = () => play.asked.filter(({ type }) => type === "evaluate-flow").length;
    const before = asked();
    finish(play, "A");
    expect(asked()).toBeGreaterThan(before);
    play.world.answers.Judge = true;
    finish(play, "B");
    expect(picture(play)).toMatchObject({ S: "completed", run: "completed" });
  });

  test("an optional step whose entry does not hold when all else is done does not hold the stage", () => {
    const optional = human("B", { optional: true, entry: requires("A.Outputs.more", "equals", true) });
    const elements = [stage("S", [human("A"), optional])];
    expect(picture(finish(start(orchestration({ elements })), "A"))).toMatchObject({
      run: "completed",
      B: "not_started",
    });
    expect(picture(finish(start(orchestration({ elements })), "A", { more: true }))).toMatchObject({
      run: "in_progress",
      B: "in_progress",
    });
  });

  test("a step that is not optional does", () => {
    const play = start(
      orchestration({
        elements: [stage("S", [human("A"), human("B", { entry: requires("A.Outputs.more", "equals", true) })])],
      }),
    );
    finish(play, "A");
    expect(picture(play)).toMatchObject({ run: "in_progress", S: "in_progress" });
    expect(runOf(play).stalledReason).toContain("A.Outputs.more");
  });

  test("a stage whose exit holds at once starts no step", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A")], { exit: requires("S.Status", "equals", "In Progress") })] }),
    );
    expect(picture(play)).toEqual({ run: "completed", S: "completed", A: "not_started" });
  });
});

describe("background steps", () => {
  test("a synchronous flow ends in the same command", () => {
    const play = start(orchestration({ elements: [stage("S", [background("A"), human("B", afterStep("A"))])] }), {
      flows: { Work: { outputs: { sum: 3 } } },
    });
    expect(picture(play)).toMatchObject({ A: "completed", B: "in_progress" });
    expect(stepOf(play, "A").outputs).toEqual({ sum: 3 });
  });

  test("a flow with an action, or one that is forced, is a job; its end goes on with the run", () => {
    for (const [step, flows] of [
      [background("A"), { Work: { isAsynchronous: true } }],
      [background("A", { processing: "asynchronous" }), {}],
    ] as const) {
      const play = start(orchestration({ elements: [stage("S", [step])] }), { flows });
      expect(stepOf(play, "A")).toMatchObject({ status: "in_progress", isAsynchronous: true });
      expect(play.deferred).toEqual([
        { type: "queue-flow", stepRunId: stepOf(play, "A").id, flow: "Work", version: 1, runAs: null },
      ]);
      expect(runOf(play).stalledSince).toBeNull();
      expect(picture(flowEnds(play, "A"))).toMatchObject({ A: "completed", run: "completed" });
    }
  });

  test("a synchronous flow that is left to a job is asynchronous from then on, and what is beside it waits and starts meanwhile", () => {
    const step = background("A");
    const definition = orchestration({
      elements: [stage("S", [step, human("B", { entry: requires("$Record.Go", "equals", true) })])],
    });
    const play = start(definition, { flows: { Work: { isHandedOn: true } } });
    expect(stepOf(play, "A")).toMatchObject({ status: "in_progress", isAsynchronous: true });
    expect(play.deferred).toContainEqual({
      ...{ type: "queue-flow", stepRunId: stepOf(play, "A").id, flow: "Work", version: 1, runAs: null },
    });
    expect(play.history.filter(({ event }) => event.type === "step-handed-on")).toHaveLength(1);
    expect(runOf(play).waits.records).toHaveLength(1);
    expect(picture(wake(play, { Go: true }))).toMatchObject({ A: "in_progress", B: "in_progress" });
    expect(picture(flowEnds(play, "A"))).toMatchObject({ A: "completed", B: "in_progress" });
    tell(play, { type: "flow-handed-on", stepRunId: stepOf(play, "A").id });
    expect(play.refusal?.code).toBe("step-not-open");
  });

  test("the end of a flow whose step is no longer open is refused", () => {
    const play = start(
      orchestration({
        elements: [
          stage("S", [background("A", { processing: "asynchronous" }), human("B")], {
            exit: requires("B.Status", "equals", "Completed"),
            next: "T",
          }),
          stage("T", [human("C")]),
        ],
      }),
    );
    finish(play, "B");
    expect(stepOf(play, "A").status).toBe("discontinued");
    expect(flowEnds(play, "A").refusal?.code).toBe("step-not-open");
    expect(flowFails(play, "A").refusal?.code).toBe("step-not-open");
  });

  test("steps that a failing sibling discontinues never run their flow", () => {
    let ran = 0;
    const play = start(orchestration({ elements: [stage("S", [background("A", { flow: "Bad" }), background("B")])] }), {
      flows: { Bad: { error: "boom" }, Work: { onRun: () => ran++ } },
    });
    expect(picture(play)).toMatchObject({ A: "error", B: "discontinued", run: "error" });
    expect(ran).toBe(0);
  });
});

describe("outputs and variables", () => {
  const mapped = { outputs: [{ from: "size", to: "chosen" }] };
  const variables = [{ name: "chosen", type: "text", isInput: true, default: "M" }];

  test("an output goes into the variable that the step names, when the step completes", () => {
    const play = start(
      orchestration({ variables, elements: [stage("S", [human("A", mapped), human("B", afterStep("A"))])] }),
    );
    expect(runOf(play).variables).toEqual({ chosen: "M" });
    finish(play, "A", { size: "XL" });
    expect(runOf(play).variables).toEqual({ chosen: "XL" });
  });

  test("an approval's decision can be mapped as well", () => {
    const step = approval("A", { outputs: [{ from: "approvalDecision", to: "chosen" }] });
    const play = start(
      orchestration({ processType: "approval", variables, elements: [stage("S", [step, approval("B")])] }),
    );
    approve(play, "A");
    expect(runOf(play).variables).toEqual({ chosen: "Approve" });
  });

  test("inputs are evaluated when the step starts and see the run, its record, its past and earlier steps", () => {
    const inputs = {
      run: { ref: "$Orchestration.Instance" },
      name: { template: "{!$Record.Name} was {!$Record__Prior.Name}" },
      said: { ref: "A.Outputs.word" },
      state: { ref: "S.Status" },
      mine: { ref: "chosen" },
    };
    const play = start(
      orchestration({ variables, elements: [stage("S", [human("A"), human("B", { ...afterStep("A"), inputs })])] }),
      { record: { Name: "New" } },
      { recordPrior: { Name: "Old" }, inputs: { chosen: "S" } },
    );
    finish(play, "A", { word: "hi" });
    expect(stepOf(play, "B").inputs).toEqual({
      run: "run_1",
      name: "New was Old",
      said: "hi",
      state: "In Progress",
      mine: "S",
    });
  });

  test("an input that the definition does not have, or of another type, is refused", () => {
    const definition = orchestration({ variables, elements: [stage("S", [human("A")])] });
    expect(start(definition, {}, { inputs: { other: 1 } }).refusal?.code).toBe("unknown-input");
    expect(start(definition, {}, { inputs: { chosen: 1 } }).refusal?.code).toBe("wrong-input");
  });

  test.each([
    ["date", "2026-11-21", "21.11.2026"],
    ["date", null, "2026-11-21T08:00:00Z"],
    ["date", null, "2026-02-30"],
    ["datetime", "2026-11-21T08:00:00Z", "tomorrow"],
    ["datetime", "2026-11-21", "2026-11-21T08:00"],
  ])("an input of type %s may be %j and not %j (A26)", (type, right, wrong) => {
    const variables = [{ name: "due", type, isInput: true }];
    const definition = orchestration({ variables, elements: [stage("S", [human("A")])] });
    expect(runOf(start(definition, {}, { inputs: { due: right } })).variables).toEqual({ due: right });
    expect(start(definition, {}, { inputs: { due: wrong } }).refusal).toMatchObject({
      code: "wrong-input",
      details: { name: "due", type },
    });
  });

  test("an approval process is told record, submitter and comments where it asks for them", () => {
    const asked = ["recordId", "submitter", "submissionComments"].map((name) => ({
      name,
      type: "text",
      isInput: true,
    }));
    const play = start(
      orchestration({ processType: "approval", variables: asked, elements: [stage("S", [approval("A")])] }),
    );
    expect(runOf(play).variables).toEqual({ recordId: "rec_1", submitter: "ann", submissionComments: "please" });
  });
});
