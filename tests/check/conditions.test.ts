import { describe, expect, test } from "vitest";
import { checkCondition, unusedRows } from "../../lib/check/check-condition";
import { checkExpression } from "../../lib/check/check-expression";
import { checkOrchestration } from "../../lib/check/check-orchestration";
import type { Kind } from "../../lib/check/kind";
import { globalOf, type Scope } from "../../lib/check/scope";
import { condition, expression } from "../../lib/logic/schema";
import { anInteractiveStep, anOrchestration, aStage, aWorld } from "../builders/definitions";

const KINDS: Readonly<Record<string, Kind>> = {
  amount: { type: "currency" },
  word: { type: "text" },
  status: { type: "text", values: ["New", "Done"] },
  day: { type: "date" },
  moment: { type: "datetime" },
  yes: { type: "boolean" },
  colours: { type: "text_list" },
  things: { type: "record_list", object: "Thing" },
  thing: { type: "record", object: "Thing" },
  other: { type: "record", object: "Other" },
  owner: { type: "user" },
  unknown: { type: "any" },
  "$Record.Amount": { type: "currency" },
  "Stage.WasVisited": { type: "boolean" },
  "Stage.HasError": { type: "boolean" },
};
const scope: Scope = (path) =>
  KINDS[path] ?? (path.startsWith("$") ? globalOf(path) : { problem: `there is no variable called ${path}` });
const problems = (given: object, rules = {}) =>
  checkCondition(condition.parse(given), { path: "when", rules }, scope).map(
    ({ path, message }) => `${path}: ${message}`,
  );
const row = (left: string, operator = "equals", right: object = { literal: "x" }) => ({ left, operator, right });
const YES = { literal: true };

describe("operators by type", () => {
  test.each([
    [row("word", "in", { literal: ["a", "b"] })],
    [row("status", "not_in", { literal: ["New"] })],
    [row("status", "in", { ref: "colours" })],
    [row("colours", "includes", { literal: "red" })],
    [row("word", "includes", { literal: "red" })],
    [row("colours", "is_empty", YES)],
    [row("things", "is_empty", YES)],
    [row("things", "contains", { ref: "thing" })],
    [row("things", "contains", { ref: "word" })],
    [row("amount", "was_set", YES)],
    [row("Stage", "was_visited", YES)],
    [row("Stage", "has_error", { literal: false })],
    [row("moment", "less_than", { ref: "$Flow.CurrentDateTime" })],
    [row("$Flow.CurrentDate", "greater_than", { ref: "day" })],
    [row("yes", "equals", { ref: "$GlobalConstant.True" })],
    [row("amount", "greater_than", { formula: "2 * amount" })],
  ])("%j has no problem", (requirement) => {
    expect(problems({ requirements: [requirement] })).toEqual([]);
  });
  test.each<[ReturnType<typeof row>, string]>([
    [row("status", "in", { literal: ["New", "Old"] }), 'right.literal[1]: "Old" is not one of its values: New, Done'],
    [row("word", "in", { literal: "a" }), 'right.literal: must be a list of texts, not "a"'],
    [row("amount", "in", { literal: ["1"] }), "operator: in has no meaning for amount, which is an amount"],
    [row("word", "is_empty", YES), "operator: is_empty has no meaning for word, which is a text"],
    [row("amount", "includes", { literal: "1" }), "operator: includes has no meaning for amount, which is an amount"],
    [
      row("things", "contains", { ref: "other" }),
      "right.ref: other is a record (Other), but a record (Thing) is wanted",
    ],
    [
      row("things", "includes", { literal: "x" }),
      "operator: includes has no meaning for things, which is a list of records (Thing)",
    ],
    [row("word", "was_set", { literal: "yes" }), 'right: was_set takes { "literal": true } or { "literal": false }'],
    [row("word", "was_visited", YES), "left: word: there is no variable called word.WasVisited"],
    [
      row("amount", "equals", { formula: "'x' & word" }),
      "right.formula: the formula gives a text, but an amount is wanted",
    ],
    [row("word", "equals", { ref: "$User.Id" }), "right.ref: $User is not known here"],
  ])("%j is refused", (requirement, message) => {
    const told = problems({ requirements: [requirement] });
    expect(told.map((text) => text.replace("when.requirements[0].", ""))).toContain(message);
  });
});

describe("custom logic", () => {
  const requirements = [row("word"), row("amount", "is_null", YES), row("yes", "equals", YES)];
  test("that can be read and names rows that are there has no problem", () => {
    expect(problems({ logic: "custom", custom: "1 AND (2 OR NOT 3)", requirements })).toEqual([]);
  });
  test("is told at its path when it cannot be read or names a row too many", () => {
    expect(problems({ logic: "custom", custom: "1 AND (2", requirements })).toEqual([
      "when.custom: A bracket is not closed",
    ]);
    expect(problems({ logic: "custom", custom: "1 OR 4", requirements })).toEqual([
      "when.custom: names row 4, but there are 3 requirements",
    ]);
  });
  test("has its rows checked like any others", () => {
    expect(problems({ logic: "custom", custom: "1", requirements: [row("colour")] })).toEqual([
      "when.requirements[0].left: colour: there is no variable called colour",
    ]);
  });
  test("warns of a row that it leaves out, wherever the condition stands", () => {
    const exit = {
      type: "requirements",
      condition: { logic: "custom", custom: "1 OR 3", requirements: [1, 2, 3].map(() => row("$Record.Status")) },
    };
    const definition = anOrchestration([aStage("First", [anInteractiveStep("Step", { exit })])]);
    expect(checkOrchestration(definition, aWorld()).warnings).toEqual([
      {
        path: "elements[0].steps[0].exit.condition.requirements[1]",
        message: "the custom logic does not use row 2",
      },
    ]);
    expect(unusedRows({ when: { logic: "custom", custom: "1 AND", requirements: [row("a"), row("b")] } })).toEqual([]);
  });
});

describe("formulas", () => {
  const formula = (text: string, rules = {}) => problems({ logic: "formula", formula: text }, rules);

  test.each([
    "amount > 5 && word = 'x'",
    "AND(ISBLANK(word), NOT(yes), day <= TODAY() + 3)",
    "moment < NOW() - 0.5",
    "DATEVALUE(moment) = day",
    "CASE(status, 'New', TRUE, 'Done', FALSE, FALSE)",
    "IF(ISBLANK(word), NULL, yes)",
    "INCLUDES(colours, 'red') || colours = 'red;green'",
    "TEXT(amount) & ' EUR' <> BLANKVALUE(word, '')",
    "owner = 'usr_1'",
    "unknown + unknown > 3",
    "unknown",
    "$Flow.CurrentDate > day || $GlobalConstant.False",
    "YEAR(moment) = 2026 && HOUR(moment) > 8",
    "ROUND(amount / 3, 2) = MAX(1, 2, amount)",
    "ADDMONTHS(moment, 1) > moment",
  ])("%s has no problem", (text) => {
    expect(formula(text)).toEqual([]);
  });

  test.each([
    ["amount >", /It ends where a value is wanted \(at character 9\)/],
    ["Amount > 5", /Amount: there is no variable called Amount \(at character 1\)/],
    ["$User.Id = word", /\$User is not known here/],
    ["FROB(1)", /There is no function FROB\(\) \(at character 1\)/],
    ["REGEX(word, 'a+')", /REGEX\(\) cannot be used: patterns are not offered/],
    ["IMAGE('x', 'y') = word", /markup would be shown as it is written/],
    ["GETSESSIONID() = word", /nobody's session is ever given out/],
    ["IF(yes, TRUE)", /IF\(\) takes 3 values, not 2/],
    ["CASE(status, 'a', TRUE)", /CASE\(\) takes 4 to 201 values, not 3|CASE\(\) takes a value, pairs/],
    ["amount", /the formula gives a number, but true or false is wanted/],
    ["word & amount = 'x'", /“&” takes a text, not a number; write TEXT\(…\) around it \(at character 6\)/],
    ["word + 1 = 'x'", /“\+” cannot be put between a text and a number; write TEXT\(…\) around what is no text/],
    ["word > 'a'", /“>” has no meaning for a text/],
    ["day = moment", /between a date and a date and time; write DATEVALUE\(…\) around the date and time/],
    ["day = '2026-11-21'", /write DATEVALUE\(…\) or DATETIMEVALUE\(…\) around the text/],
    ["amount = '5'", /write VALUE\(…\) around the text/],
    ["yes = 1", /“=” cannot be put between true or false and a number/],
    ["NOT(word)", /NOT\(\) takes true or false, not a text/],
    ["LEN(amount) > 1", /LEN\(\) takes a text, not a number; write TEXT\(…\) around it/],
    ["ROUND(word, 2) = 1", /ROUND\(\) takes a number, not a text; write VALUE\(…\) around it/],
    ["YEAR(word) = 1", /YEAR\(\) takes a date, not a text; write DATEVALUE\(…\) around it/],
    ["TEXT(yes) = 'x'", /TEXT\(\) takes a number, a date, a time or a choice, not true or false/],
    ["IF(yes, 1, 'a') = 1", /IF\(\) gives a number in one case and a text in another/],
    ["CASE(status, 1, TRUE, FALSE)", /CASE\(\) takes a text, not a number/],
    ["ISCHANGED(amount)", /can be asked only where a change of a record is at hand/],
    ["-word = 1", /“-” takes a number, not a text/],
  ])("%s is refused", (text, message) => {
    expect(formula(text)).toEqual([expect.stringMatching(message)]);
    expect(formula(text)[0]).toMatch(/^when\.formula: /);
  });

  test("every mistake is told, not only the first", () => {
    expect(formula("AND(foo, bar > 1, LEN(amount) > 2)")).toHaveLength(3);
  });
  test("may ask for a change where one is at hand, and of a field alone", () => {
    const rules = { mayAskForChange: true };
    expect(formula("ISCHANGED($Record.Amount) && ISNEW() || PRIORVALUE(amount) < amount", rules)).toEqual([]);
    expect(formula("ISCHANGED(amount + 1)", rules)).toEqual([expect.stringMatching(/takes the name of a field/)]);
  });
  test("may read no more than a requirement may, on its right side either", () => {
    const rules = { refuses: (ref: string) => (ref === "word" ? "word may not be read here" : null) };
    const refused = ["when.formula: word may not be read here"];
    expect(formula("yes && word = 'x'", rules)).toEqual(refused);
    for (const right of [{ formula: "word & 'x'" }, { template: "{!word}" }, { ref: "word" }])
      expect(problems({ requirements: [row("status", "equals", right)] }, rules)).toEqual([
        expect.stringMatching(/right\.\w+: word may not be read here/),
      ]);
  });
  test("give what the place wants, as inputs and elsewhere", () => {
    const check = (text: string, wanted: Kind) =>
      checkExpression(expression.parse({ formula: text }), { path: "inputs.x", wanted }, scope);
    expect(check("TODAY() + 3", { type: "date" })).toEqual([]);
    expect(check("TODAY() + 3", { type: "datetime" })).toEqual([]);
    expect(check("TIMENOW()", { type: "text" })).toEqual([]);
    expect(check("amount * 2", { type: "number" })).toEqual([]);
    expect(check("amount * 2", { type: "date" })).toEqual([
      { path: "inputs.x.formula", message: "the formula gives a number, but a date is wanted" },
    ]);
  });
});

test("an orchestration may wait for a formula over records, steps and the clock, and start by one over its own record", () => {
  const exit = {
    type: "requirements",
    condition: {
      logic: "formula",
      formula: "OR(Step.Status = 'Completed', AND($Record.Amount > 5, TODAY() > $Record.Due))",
    },
  };
  const stage = aStage("First", [anInteractiveStep("Step")], { exit });
  const start = (text: string) => ({
    start: {
      type: "record_triggered",
      object: "Thing",
      on: "update",
      next: "First",
      when: { logic: "formula", formula: text },
    },
  });
  const told = (text: string) => checkOrchestration(anOrchestration([stage], start(text)), aWorld()).problems;
  expect(told("ISCHANGED($Record.Amount) && NOT(ISNEW()) && $Record.Due > TODAY()")).toEqual([]);
  expect(told("Step.Status = 'Completed'").map(({ path }) => path)).toContain("start.when.formula");
});
