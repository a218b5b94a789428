import { describe, expect, test } from "vitest";
import { checkOrchestration } from "../../lib/check/check-orchestration";
import { problemsOf } from "../../lib/check/problems-of";
import { definitionSchema } from "../../lib/definitions/schema";
import type { Orchestration } from "../../lib/engine/definition";
import {
  aBackgroundStep,
  anApprovalProcess,
  anApprovalStep,
  anInteractiveStep,
  anOrchestration,
  aStage,
  aWorld,
} from "../builders/definitions";
import { aBackgroundFlow, aScreenFlow } from "../builders/flows";

const problems = (definition: Orchestration) => checkOrchestration(definition, aWorld()).problems;
const paths = (definition: Orchestration) => problems(definition).map(({ path }) => path);
const requirements = (left: string, operator = "equals", right: unknown = { literal: "Done" }) => ({
  type: "requirements",
  condition: { requirements: [{ left, operator, right }] },
});
const one = (step: object, stage: object = {}, more: object = {}) =>
  anOrchestration(
    [aStage("First", [anInteractiveStep("Step", step as Record<string, unknown>)], stage as Record<string, unknown>)],
    more as Record<string, unknown>,
  );

test("a lock needs a record, whatever kind of step wants it", () => {
  const steps = [
    anInteractiveStep("Ask", { record: "about", locksRecord: true }),
    aBackgroundStep("Work", { locksRecord: true }),
  ];
  const variables = [{ name: "about", type: "record", isInput: true }];
  const start = { type: "autolaunched", next: "S" };
  const found = problems(anOrchestration([aStage("S", steps)], { start, variables }));
  expect(found.filter(({ message }) => message.includes("no record to lock")).map(({ path }) => path)).toEqual([
    "elements[0].steps[0].locksRecord",
    "elements[0].steps[1].locksRecord",
  ]);
});

test("a step whose record is a text that whoever starts gives is warned of, a record is not", () => {
  const about = (type: string) =>
    anOrchestration([aStage("First", [anInteractiveStep("Fill", { record: "about" })])], {
      variables: [{ name: "about", type, isInput: true }],
    });
  expect(checkOrchestration(about("record"), aWorld())).toEqual({ problems: [], warnings: [] });
  expect(checkOrchestration(about("text"), aWorld()).warnings).toEqual([
    {
      path: "elements[0].steps[0].record",
      message: expect.stringContaining("about is a text that whoever starts gives"),
    },
  ]);
});

test("a plain orchestration and a plain approval process have no problem and no warning", () => {
  expect(checkOrchestration(anOrchestration(), aWorld())).toEqual({ problems: [], warnings: [] });
  expect(checkOrchestration(anApprovalProcess(), aWorld())).toEqual({ problems: [], warnings: [] });
});

describe("form: every mistake of a malformed definition is told at its path in words", () => {
  const malformed = {
    kind: "orchestration",
    processType: "orchestratr",
    name: "two words",
    label: "",
    start: { type: "record_trigered" },
    elements: [
      {
        type: "stage",
        name: "S",
        label: "S",
        next: null,
        steps: [
          { kind: "robot" },
          {
            kind: "interactive",
            name: "s",
            label: "s",
            flow: 5,
            colour: 1,
            assignee: { type: "user", value: { ref: "$.x" } },
            entry: { type: "requirements", condition: { requirements: [] } },
          },
        ],
      },
    ],
  };
  const found = (body: unknown) =>
    Object.fromEntries(
      problemsOf(definitionSchema.safeParse(body).error as never, body).map(({ path, message }) => [path, message]),
    );
  test("all at once", () => {
    expect(found(malformed)).toEqual({
      processType: 'must be one of "orchestrator", "approval"',
      name: "must begin with a letter and hold only letters, digits and single underscores",
      label: "must not be empty",
      "start.type": 'must be one of "record_triggered", "autolaunched"',
      "elements[0].steps[0].kind": 'must be one of "interactive", "approval", "background", "external"',
      "elements[0].steps[1].flow": "must be a text",
      "elements[0].steps[1].colour": "is not a property that is known here",
      "elements[0].steps[1].assignee.value.ref": "must be names joined by dots, such as $Record.Owner.Manager",
      "elements[0].steps[1].entry.condition.requirements": "needs at least one requirement",
    });
  });
  test("what is missing is said to be missing", () => {
    expect(found({ kind: "orchestration", processType: "orchestrator", name: "P" })).toMatchObject({
      label: "is missing",
      start: "is missing",
      elements: "is missing",
    });
    expect(found({})).toEqual({ kind: 'is missing; it must be one of "orchestration", "flow"' });
  });
  test("limits are told with their number", () => {
    const step = (index: number) => anInteractiveStep(`Step${index}`);
    const wide = {
      ...anOrchestration(),
      elements: [
        aStage(
          "S",
          Array.from({ length: 101 }, (_, index) => step(index)),
        ),
      ],
    };
    expect(found(wide)).toEqual({ "elements[0].steps": "a stage may have at most 100 steps" });
    const requirement = { left: "$Record.Status", operator: "equals", right: { literal: "Done" } };
    const eleven = {
      ...anOrchestration(),
      elements: [
        aStage("S", [step(1)], {
          exit: { type: "requirements", condition: { requirements: Array(11).fill(requirement) } },
        }),
      ],
    };
    expect(found(eleven)).toEqual({ "elements[0].exit.condition.requirements": "may have at most 10 requirements" });
  });
});

describe("connectors", () => {
  const next = (name: string, to: string | null) => aStage(name, [anInteractiveStep(`${name}_Step`)], { next: to });
  const decision = (name: string, to: string | null, otherwise: string | null) => ({
    type: "decision",
    name,
    label: name,
    outcomes: [
      {
        name: `${name}_Yes`,
        label: "Yes",
        when: { requirements: [{ left: "$Record.Amount", operator: "greater_than", right: { literal: 1 } }] },
        next: to,
      },
    ],
    defaultNext: otherwise,
  });
  test.each<[string, Orchestration, string[]]>([
    ["lead somewhere", anOrchestration([next("A", "Nowhere")]), ["elements[0].next"]],
    [
      "an outcome leads somewhere",
      anOrchestration([next("A", "D"), decision("D", "Lost", null)]),
      ["elements[1].outcomes[0].next"],
    ],
    ["a stage is reached from the start", anOrchestration([decision("D", null, null)]), ["start.next"]],
    [
      "the start leads to one",
      anOrchestration([next("A", null)], { start: { type: "autolaunched", object: "Thing", next: null } }),
      ["start.next"],
    ],
    ["the end can be reached", anOrchestration([next("A", "B"), next("B", "A")]), ["elements"]],
    [
      "a circle of decisions has a stage in it",
      anOrchestration([next("A", "D"), decision("D", "E", null), decision("E", "D", null)]),
      ["elements[1]"],
    ],
  ])("%s", (_, definition, expected) => {
    expect(paths(definition)).toEqual(expected);
  });
  test("a way back to an earlier stage is allowed", () => {
    expect(paths(anOrchestration([next("A", "D"), decision("D", "A", null)]))).toEqual([]);
  });
  test("no more than 50 stages, with the number", () => {
    const stages = Array.from({ length: 51 }, (_, index) => next(`S${index}`, index < 50 ? `S${index + 1}` : null));
    expect(problems(anOrchestration(stages))).toEqual([
      { path: "elements", message: "has 51 stages; at most 50 are allowed" },
    ]);
  });
});

describe("names", () => {
  test("are unique over variables, elements and steps, whatever their case", () => {
    const definition = anOrchestration([aStage("First", [anInteractiveStep("first"), anInteractiveStep("total")])], {
      variables: [{ name: "Total", type: "number" }],
    });
    expect(problems(definition)).toEqual([
      { path: "elements[0].steps[0].name", message: "first is the name of elements[0] already" },
      { path: "elements[0].steps[1].name", message: "total is the name of variables[0] already" },
    ]);
  });
});

describe("called flows", () => {
  test.each<[string, object, string, RegExp]>([
    ["exist", { flow: "Nothing" }, "elements[0].steps[0].flow", /no flow called Nothing/],
    ["are active", { flow: "Asleep" }, "elements[0].steps[0].flow", /no version of the flow Asleep is active/],
    [
      "are screen flows for a person",
      { flow: "Do" },
      "elements[0].steps[0].flow",
      /autolaunched flow, but a screen flow is wanted/,
    ],
    [
      "have the inputs they are given",
      { inputs: { colour: { literal: "red" } } },
      "elements[0].steps[0].inputs.colour",
      /no input of that name/,
    ],
    [
      "are given values that fit",
      { inputs: { recordId: { ref: "$Record.Amount" } } },
      "elements[0].steps[0].inputs.recordId.ref",
      /an amount, but a text is wanted/,
    ],
    [
      "are evaluation flows in conditions",
      { entry: { type: "evaluation_flow", flow: "Ask" } },
      "elements[0].steps[0].entry.flow",
      /an evaluation flow is wanted/,
    ],
    [
      "give the outputs that are mapped",
      { outputs: [{ from: "colour", to: "x" }] },
      "elements[0].steps[0].outputs[0].from",
      /no output colour/,
    ],
  ])("%s", (_, step, path, message) => {
    expect(problems(one(step))).toContainEqual({ path, message: expect.stringMatching(message) });
  });
  test("a background step calls an autolaunched flow", () => {
    expect(paths(anOrchestration([aStage("First", [aBackgroundStep("Step", { flow: "Ask" })])]))).toEqual([
      "elements[0].steps[0].flow",
    ]);
  });
  test("outputs go into variables that exist and fit", () => {
    const definition = one(
      {
        outputs: [
          { from: "comment", to: "gone" },
          { from: "comment", to: "count" },
        ],
      },
      {},
      { variables: [{ name: "count", type: "number" }] },
    );
    expect(paths(definition)).toEqual(["elements[0].steps[0].outputs[0].to", "elements[0].steps[0].outputs[1]"]);
  });
});

describe("assignees", () => {
  test.each<[string, object, RegExp | null]>([
    ["an unknown person is named", { type: "user", value: { literal: "nobody" } }, /there is no person called nobody/],
    ["somebody who has left is refused", { type: "user", value: { literal: "lea" } }, /lea is no longer active/],
    [
      "an unknown group is named",
      { type: "group", value: { literal: "Nobodies" } },
      /there is no group called Nobodies/,
    ],
    ["an unknown queue is named", { type: "queue", value: { literal: "Team" } }, /there is no queue called Team/],
    [
      "a field that is no person cannot be one",
      { type: "user", value: { ref: "$Record.Amount" } },
      /an amount, but a person is wanted/,
    ],
    [
      "a path that ends nowhere is refused",
      { type: "user", value: { ref: "$Record.Owner.Boss" } },
      /a person has no Boss/,
    ],
    ["a person, group or queue that is there is fine", { type: "resource", value: { literal: "Desk" } }, null],
    ["the owner's manager is fine", { type: "user", value: { ref: "$Record.Owner.Manager" } }, null],
  ])("%s", (_, assignee, message) => {
    const found = problems(one({ assignee }));
    expect(found.map((problem) => problem.message)).toEqual(message ? [expect.stringMatching(message)] : []);
    if (message) expect(found[0]?.path).toMatch(/^elements\[0\]\.steps\[0\]\.assignee\.value/);
  });
  test("the fallback assignee must be there too", () => {
    expect(paths(one({}, {}, { fallbackAssignee: { type: "queue", value: "Gone" } }))).toEqual([
      "fallbackAssignee.value",
    ]);
  });
});

describe("conditions", () => {
  test.each<[string, object, RegExp | null]>([
    ["a field that does not exist", requirements("$Record.Colour"), /Thing has no field Colour/],
    [
      "a value that the picklist does not have",
      requirements("$Record.Status", "equals", { literal: "Lost" }),
      /not one of its values: New, Done/,
    ],
    [
      "an operator without meaning",
      requirements("$Record.Amount", "starts_with", { literal: "1" }),
      /starts_with has no meaning/,
    ],
    [
      "a number compared with a text",
      requirements("$Record.Amount", "greater_than", { literal: "much" }),
      /must be an amount, not "much"/,
    ],
    [
      "is_blank with something else than true or false",
      requirements("$Record.Status", "is_blank", { literal: "yes" }),
      /takes \{ "literal": true \}/,
    ],
    [
      "a change asked of a waiting step",
      requirements("$Record.Status", "is_changed", { literal: true }),
      /only of the record's own fields, in the start/,
    ],
    ["a record behind a lookup is fine", requirements("$Record.Owner.Manager", "is_null", { literal: false }), null],
    ["the clock is fine", requirements("$Flow.CurrentDate", "is_null", { literal: false }), null],
    ["an unknown name", requirements("Budget"), /no variable, step or stage called Budget/],
    ["an output that the flow has not", requirements("Step.Outputs.colour"), /has no output colour/],
    [
      "a status that does not exist",
      requirements("Step.Status", "equals", { literal: "Done" }),
      /not one of its values: Not Started/,
    ],
    ["the record's own field is fine", requirements("$Record.Status"), null],
    ["a date written as one is fine", requirements("$Record.Due", "less_than", { literal: "2026-12-01" }), null],
  ])("%s", (_, exit, message) => {
    expect(problems(one({}, { exit })).map((problem) => problem.message)).toEqual(
      message ? [expect.stringMatching(message)] : [],
    );
  });
  test("a decision may look behind a lookup, because it is taken at once", () => {
    const decision = {
      type: "decision",
      name: "D",
      label: "D",
      outcomes: [
        {
          name: "Yes",
          label: "Yes",
          when: { requirements: [{ left: "$Record.Parent.Amount", operator: "greater_than", right: { literal: 1 } }] },
          next: null,
        },
      ],
      defaultNext: null,
    };
    expect(paths(anOrchestration([aStage("First", [anInteractiveStep()], { next: "D" }), decision]))).toEqual([]);
  });
  test("a step of a stage that never comes before is refused", () => {
    const definition = anOrchestration([
      aStage(
        "First",
        [anInteractiveStep("A", { entry: requirements("B.Status", "equals", { literal: "Completed" }) })],
        { next: "Second" },
      ),
      aStage("Second", [anInteractiveStep("B")]),
    ]);
    expect(problems(definition)).toEqual([
      {
        path: "elements[0].steps[0].entry.condition.requirements[0].left",
        message: "B.Status: the step B belongs to the stage Second, which never comes before this",
      },
    ]);
  });
  test("the start reads the saved record and its change, nothing else", () => {
    const start = (left: string, operator = "is_changed") =>
      anOrchestration([aStage("First", [anInteractiveStep()])], {
        start: {
          type: "record_triggered",
          object: "Thing",
          on: "update",
          when: { requirements: [{ left, operator, right: { literal: true } }] },
          next: "First",
        },
      });
    expect(paths(start("$Record.Status"))).toEqual([]);
    expect(paths(start("$Record.Owner.Manager", "is_null"))).toEqual(["start.when.requirements[0].left"]);
    expect(paths(start("Step.Status", "is_null"))).toContain("start.when.requirements[0].left");
  });
  test("an outcome may ask for a change only where a change of the record starts it, and it reads the record", () => {
    const decided = (left: string, start: object) =>
      anOrchestration(
        [
          {
            type: "decision",
            name: "D",
            label: "D",
            outcomes: [
              {
                name: "Yes",
                label: "Yes",
                when: { requirements: [{ left, operator: "equals", right: { literal: "New" } }] },
                onlyWhenChangedToMeet: true,
                next: null,
              },
            ],
            defaultNext: "First",
          },
          aStage("First", [anInteractiveStep()]),
        ],
        { start: { object: "Thing", next: "D", ...start } },
      );
    const byChange = { type: "record_triggered", on: "update" };
    const flag = "elements[0].outcomes[0].onlyWhenChangedToMeet";
    expect(paths(decided("$Record.Status", byChange))).toEqual([]);
    expect(paths(decided("$Record.Status", { type: "autolaunched" }))).toEqual([flag]);
    expect(paths(decided("$Orchestration.Instance", byChange))).toEqual([flag]);
  });
  test("what is started by hand reads the record as it is, and has one", () => {
    const start = (left: string, object: string | null = "Thing") =>
      anOrchestration([aStage("First", [anInteractiveStep()])], {
        start: {
          type: "autolaunched",
          object,
          when: { requirements: [{ left, operator: "is_null", right: { literal: true } }] },
          next: "First",
        },
      });
    expect(paths(start("$Record.Status"))).toEqual([]);
    expect(paths(start("$Record__Prior.Status"))).toContain("start.when.requirements[0].left");
    expect(paths(start("$Record.Status", null))).toContain("start.when");
  });
});

describe("order of steps", () => {
  const waitFor = (step: string) => ({ entry: { type: "step_completed", step } });
  test("a step waits only for a step of its stage", () => {
    const definition = anOrchestration([
      aStage("First", [anInteractiveStep("A")], { next: "Second" }),
      aStage("Second", [anInteractiveStep("B", waitFor("A"))]),
    ]);
    expect(paths(definition)).toEqual(["elements[1].steps[0].entry.step"]);
  });
  test("steps do not wait for one another in a circle", () => {
    const definition = anOrchestration([
      aStage("First", [anInteractiveStep("A", waitFor("B")), anInteractiveStep("B", waitFor("A"))]),
    ]);
    expect(problems(definition)).toEqual([
      {
        path: "elements[0].steps[0].entry.step",
        message: "the steps A → B → A wait for one another, so none of them could start",
      },
    ]);
  });
});

describe("approval processes", () => {
  test("have their four inputs", () => {
    expect(problems(anApprovalProcess(undefined, { variables: [] })).map(({ message }) => message)).toHaveLength(4);
  });
  test("have approval steps and no interactive ones, and the reverse", () => {
    expect(paths(anApprovalProcess([aStage("First", [anInteractiveStep()])]))).toEqual(["elements[0].steps[0].kind"]);
    expect(paths(anOrchestration([aStage("First", [anApprovalStep()])]))).toEqual(["elements[0].steps[0].kind"]);
  });
  test("are started by a request about an object's record, or by its change", () => {
    expect(
      paths(anApprovalProcess(undefined, { start: { type: "autolaunched", object: null, next: "First" } })),
    ).toContain("start.object");
    expect(
      paths(
        anApprovalProcess(undefined, {
          start: { type: "record_triggered", object: "Thing", on: "create", next: "First" },
        }),
      ),
    ).toEqual([]);
  });
  test("call flows that decide", () => {
    expect(problems(anApprovalProcess([aStage("First", [anApprovalStep("Step", { flow: "Ask" })])]))).toEqual([
      {
        path: "elements[0].steps[0].flow",
        message: "Ask must have a text output approvalDecision, which is Approve or Reject",
      },
    ]);
  });
});

describe("warnings", () => {
  const warnings = (definition: Orchestration) =>
    checkOrchestration(definition, aWorld([aScreenFlow(), aBackgroundFlow()])).warnings;
  test("an approval with screens can be decided without them, by reply for one (semantics 6.5)", () => {
    const withFlow = anApprovalProcess([aStage("First", [anApprovalStep("Step", { flow: "Ask" })])]);
    expect(warnings(withFlow)).toEqual([
      { path: "elements[0].steps[0].flow", message: expect.stringContaining("without its screens: from a list") },
    ]);
  });
  test("a first approver whom submitters choose and no step uses, not even by another name", () => {
    const choosing = (step: { readonly [key: string]: unknown }, chooseApprover = "must") =>
      warnings(anApprovalProcess([aStage("First", [anApprovalStep("Step", step)])], { approval: { chooseApprover } }));
    const toUser = (value: object) => ({ assignee: { type: "user", value } });
    expect(choosing({})).toEqual([
      { path: "approval.chooseApprover", message: expect.stringContaining("no step has firstApprover") },
    ]);
    expect(choosing(toUser({ ref: "submitter" }), "may")).toHaveLength(1);
    expect(choosing(toUser({ ref: "firstApprover" }))).toEqual([]);
    expect(choosing(toUser({ formula: "IF(ISBLANK(firstApprover), submitter, firstApprover)" }), "may")).toEqual([]);
    expect(choosing({}, "no")).toEqual([]);
  });
  test("a first approver to be chosen where a change of the record submits", () => {
    const step = anApprovalStep("Step", { assignee: { type: "user", value: { ref: "firstApprover" } } });
    const start = { type: "record_triggered", object: "Thing", on: "update", next: "First" };
    const triggered = (chooseApprover: string) =>
      warnings(anApprovalProcess([aStage("First", [step])], { start, approval: { chooseApprover } }));
    expect(triggered("must")).toEqual([
      { path: "approval.chooseApprover", message: expect.stringContaining("nobody is asked who decides first") },
    ]);
    expect(triggered("no")).toEqual([]);
  });
  test("a step that may never start, with the counter-example", () => {
    expect(warnings(one({ entry: requirements("$Record.Status") }))).toEqual([
      {
        path: "elements[0].steps[0].entry",
        message: expect.stringMatching(
          /^if \$Record\.Status is never as its entry condition wants it, Step never starts and First never ends/,
        ),
      },
    ]);
    expect(warnings(one({ entry: requirements("$Record.Status"), optional: true }))).toEqual([]);
  });
  test("two steps that may run at once and write one variable", () => {
    const outputs = [{ from: "comment", to: "note" }];
    const both = (entry: object) =>
      anOrchestration(
        [aStage("First", [anInteractiveStep("A", { outputs }), anInteractiveStep("B", { outputs, ...entry })])],
        { variables: [{ name: "note", type: "text" }] },
      );
    expect(warnings(both({})).map(({ path }) => path)).toEqual(["elements[0].steps[1].outputs[0].to"]);
    expect(warnings(both({ entry: { type: "step_completed", step: "A" } }))).toEqual([]);
  });
  test("an approval process on which nobody may be asked", () => {
    const background = anApprovalProcess([aStage("First", [aBackgroundStep()])]);
    expect(warnings(background).map(({ path }) => path)).toEqual(["elements"]);
    const decision = {
      type: "decision",
      name: "D",
      label: "D",
      outcomes: [
        {
          name: "Small",
          label: "Small",
          when: { requirements: [{ left: "$Record.Amount", operator: "less_than", right: { literal: 5 } }] },
          next: null,
        },
      ],
      defaultNext: "First",
    };
    const around = anApprovalProcess([decision, aStage("First", [anApprovalStep()])], {
      start: { type: "autolaunched", object: "Thing", next: "D" },
    });
    expect(warnings(around).map(({ path }) => path)).toEqual(["start.next"]);
  });
  test("an element that nothing leads to", () => {
    expect(
      warnings(
        anOrchestration([aStage("First", [anInteractiveStep()]), aStage("Lost", [anInteractiveStep("Other")])]),
      ).map(({ path }) => path),
    ).toEqual(["elements[1]"]);
  });
});
