import { describe, expect, test } from "vitest";
import { evaluate } from "../../lib/logic/evaluate";
import { valueFrom } from "../../lib/logic/express";
import { reckon } from "../../lib/logic/formula/reckon";
import { pathsOf } from "../../lib/logic/reads";
import { lookupIn } from "../../lib/logic/references";
import type { Value } from "../../lib/logic/value";

const lookup = lookupIn({
  nothing: null,
  empty: "",
  blank: "  ",
  word: "Approve",
  long: "one;two;three",
  amount: 1250.5,
  day: "2026-11-25",
  moment: "2026-11-21T22:30:00.000Z",
  yes: true,
  list: ["red", "green"],
  person: { Id: "usr_1", Name: "Ada" },
  $Record: { Owner: { Name: "Ada" }, Id: "rec_1" },
});
const clock = { now: "2026-11-21T22:30:00.000Z", timeZone: "Europe/Berlin" };
const give = (formula: string): Value => {
  const { value, error } = reckon(formula, lookup, { clock });
  return error === null ? value : `error: ${error}`;
};
const table = (rows: readonly (readonly [string, Value])[]) =>
  test.each(rows)("%s is %j", (formula, value) => {
    expect(give(formula)).toEqual(value);
  });

describe("how a formula is read", () => {
  table([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["2 ^ 3 ^ 2", 64],
    ["-2 ^ 2", 4],
    ["10 - 3 - 2", 5],
    ["8 / 4 / 2", 1],
    ["1 + 2 = 3", true],
    ["1 < 2 && 2 < 3 || FALSE", true],
    ["!yes || yes", true],
    ["NOT(yes) = FALSE", true],
    ["1 == 1 && 1 != 2 && 1 <> 2", true],
    ["true", true],
    ["Null", null],
    ["/* why */ 1 /* and */ + .5", 1.5],
    ["{!amount} * 2", 2501],
    ["{! $Record.Owner.Name } & '!'", "Ada!"],
    ['"he said \\"no\\""', 'he said "no"'],
    ["'it''s'", "error: An operator is missing before “s” (at character 5)."],
    ['"a\\\\b" & "\\n"', "a\\b\n"],
    ["iF(trUE, 1, 2)", 1],
  ]);
});

describe("numbers are decimals", () => {
  table([
    ["0.1 + 0.2", 0.3],
    ["0.1 + 0.2 = 0.3", true],
    ["1 / 3 * 3 = 1", false],
    ["ROUND(1 / 3 * 3, 10)", 1],
    ["1.005 * 1000", 1005],
    ["ROUND(1.005, 2)", 1.01],
    ["ROUND(2.5, 0)", 3],
    ["ROUND(-2.5, 0)", -3],
    ["ROUND(1250, -2)", 1300],
    ["TRUNC(-1.59, 1)", -1.5],
    ["FLOOR(-1.5)", -1],
    ["CEILING(-1.5)", -2],
    ["MFLOOR(-1.5)", -2],
    ["MCEILING(-1.5)", -1],
    ["MOD(7, 3)", 1],
    ["MOD(-7, 3)", -1],
    ["MOD(0.3, 0.1)", 0],
    ["ABS(-1.5)", 1.5],
    ["MAX(1, 3, 2)", 3],
    ["MIN(1, 3, -2)", -2],
    ["POWER(2, 10)", 1024],
    ["1.1 ^ 2", 1.21],
    ["2 ^ -1", 0.5],
    ["SQRT(16)", 4],
    ["LOG(1000)", 3],
    ["LN(EXP(2))", 2],
    ["99999999999999999999 + 1 - 99999999999999999999", 1],
    ["TEXT(1000000 * 1000000 * 1000000 * 1000000)", "1000000000000000000000000"],
    ["1 / 0", "error: Something is divided by zero."],
    ["MOD(1, 0)", "error: MOD() divides by zero."],
    ["0 ^ -1", "error: Something is divided by zero."],
    ["SQRT(-1)", "error: A negative number has no square root."],
    ["LN(0)", "error: Only a number above zero has a logarithm."],
    ["10 ^ 400", "error: A number is too large."],
    ["10 ^ 399 > 10 ^ 398", true],
    ["10 ^ 399", null],
  ]);
});

describe("null", () => {
  table([
    ["nothing = NULL", true],
    ["nothing <> NULL", false],
    ['nothing = "x"', false],
    ['nothing <> "x"', true],
    ['nothing = ""', false],
    ["nothing < 1", false],
    ["nothing >= 1", false],
    ["nothing + 1", null],
    ["nothing * 1", null],
    ["1 / nothing", null],
    ["ROUND(nothing, 2)", null],
    ["MAX(1, nothing)", null],
    ['nothing & "x"', "x"],
    ['"x" + nothing', "x"],
    ["LEN(nothing)", 0],
    ['CONTAINS(nothing, "Reject")', false],
    ["TEXT(nothing)", ""],
    ['IF(nothing, "a", "b")', "b"],
    ["NOT(nothing)", true],
    ["AND(nothing, TRUE)", false],
    ["OR(nothing, TRUE)", true],
    ['CASE(nothing, "x", 1, NULL, 2, 3)', 2],
    ["ISNULL(nothing)", true],
    ["ISNULL(empty)", false],
    ["ISBLANK(nothing)", true],
    ["ISBLANK(empty)", true],
    ["ISBLANK(blank)", true],
    ["ISBLANK(0)", false],
    ["BLANKVALUE(empty, 5)", 5],
    ["NULLVALUE(empty, 5)", ""],
    ["NULLVALUE(nothing, 5)", 5],
    ["nothing - day", null],
    ["day + nothing", null],
    ["nothing + day", null],
    ["TODAY() + nothing", null],
    ["YEAR(nothing)", null],
    ["DATEVALUE(nothing)", null],
    ["VALUE(nothing)", null],
    ["nowhere.at.all", null],
  ]);
});

describe("texts", () => {
  table([
    ['word & " it"', "Approve it"],
    ["word + word", "ApproveApprove"],
    ['"1" & TEXT(2)', "12"],
    ["LEN(word)", 7],
    ["LEFT(word, 3)", "App"],
    ["LEFT(word, -3)", ""],
    ["RIGHT(word, 4)", "rove"],
    ["MID(word, 2, 3)", "ppr"],
    ["MID(word, 0, 2)", "Ap"],
    ["UPPER(word)", "APPROVE"],
    ["LOWER(word)", "approve"],
    ["INITCAP('hello wORLD')", "Hello World"],
    ["TRIM(blank)", ""],
    ["REVERSE('abc')", "cba"],
    ["CONTAINS(word, 'rove')", true],
    ["CONTAINS(word, 'ROVE')", false],
    ["BEGINS(word, 'App')", true],
    ["FIND('p', word)", 2],
    ["FIND('p', word, 3)", 3],
    ["FIND('z', word)", 0],
    ["FIND('', word)", 0],
    ["SUBSTITUTE(long, ';', ', ')", "one, two, three"],
    ["SUBSTITUTE(word, '', 'x')", "Approve"],
    ["LPAD('7', 3, '0')", "007"],
    ["RPAD('7', 3)", "7  "],
    ["LPAD('12345', 3)", "123"],
    ["VALUE(' 12.50 ')", 12.5],
    ["VALUE('-.5')", -0.5],
    ["VALUE('')", null],
    ["VALUE('1e3')", "error: VALUE() finds no number in “1e3”."],
    ["VALUE('twelve')", "error: VALUE() finds no number in “twelve”."],
    ["ISNUMBER('1.5')", true],
    ["ISNUMBER('1,5')", false],
    ["ISNUMBER(amount)", true],
    ["TEXT(1.50)", "1.5"],
    ["TEXT(day)", "2026-11-25"],
    ["TEXT(NOW())", "2026-11-21 22:30:00Z"],
    ["TEXT(TODAY())", "2026-11-21"],
    ["INCLUDES(list, 'red')", true],
    ["INCLUDES(long, 'tw')", false],
    ["INCLUDES(long, 'two')", true],
    ["ISPICKVAL(word, 'Approve')", true],
    ["ISPICKVAL(nothing, '')", true],
    ["PICKLISTCOUNT(list)", 2],
    ["list = 'red;green'", true],
    ["word = 'approve'", false],
    ["'b' > 'a'", false],
    ["CASE(word, 'Reject', 'no', 'Approve', 'yes', 'what')", "yes"],
    ["'a' & BR() & 'b'", "a\nb"],
    ["HTMLENCODE('<a href=\"x\">&')", "&lt;a href=&quot;x&quot;&gt;&amp;"],
    ["URLENCODE('a b/ü')", "a+b%2F%C3%BC"],
    ['JSENCODE("it\'s </script>")', "it\\'s \\x3C/script\\x3E"],
    ["CASESAFEID('001A0000006Vm9r')", "001A0000006Vm9rIAC"],
    ["CASESAFEID(word)", "Approve"],
    ["person & ''", "Ada"],
    ["person = 'usr_1'", true],
    ["LEFT('😀', 1)", "\uFFFD"],
  ]);
});

describe("days, instants and times", () => {
  table([
    ["TODAY()", "2026-11-21"],
    ["NOW()", "2026-11-21T22:30:00.000Z"],
    ["DATEVALUE(NOW())", "2026-11-21"],
    ["HOUR(NOW())", 23],
    ["HOUR(TIMENOW())", 23],
    ["$Flow.CurrentDate = TODAY()", true],
    ["day - TODAY()", 4],
    ["day + 1", "2026-11-26"],
    ["day + 1.9", "2026-11-26"],
    ["day - 25", "2026-10-31"],
    ["moment + 0.5", "2026-11-22T10:30:00.000Z"],
    ["moment - (moment - 1.25)", 1.25],
    ["day > TODAY()", true],
    ["day = DATE(2026, 11, 25)", true],
    ["DATE(2024, 2, 29)", "2024-02-29"],
    ["DATE(2026, 2, 29)", "error: There is no day 2026-2-29."],
    ["DATE(2026, 13, 1)", "error: There is no day 2026-13-1."],
    ["DATEVALUE('2026-11-25')", "2026-11-25"],
    ["DATEVALUE('25.11.2026')", "error: DATEVALUE() finds no date in “25.11.2026”; dates are written as 2026-11-21."],
    ["DATETIMEVALUE('2026-11-25 08:00:00')", "2026-11-25T08:00:00.000Z"],
    ["DATETIMEVALUE(day)", "2026-11-25T00:00:00.000Z"],
    ["TIMEVALUE('14:30:05.250')", "14:30:05.250"],
    ["TIMEVALUE('23:59:00') + 120000", "00:01:00.000"],
    ["TIMEVALUE('14:00') - TIMEVALUE('13:00')", 3_600_000],
    ["TIMEVALUE('9:00')", "error: TIMEVALUE() finds no time of day in “9:00”; write it as 14:30:00."],
    ["MINUTE(TIMEVALUE('14:30:05')) + SECOND(TIMEVALUE('14:30:05'))", 35],
    ["MILLISECOND(TIMEVALUE('14:30:05.250'))", 250],
    ["YEAR(day) * 10000 + MONTH(day) * 100 + DAY(day)", 20_261_125],
    ["WEEKDAY(DATE(2026, 11, 22))", 1],
    ["WEEKDAY(day)", 4],
    ["DAYOFYEAR(DATE(2024, 12, 31))", 366],
    ["ISOWEEK(DATE(2027, 1, 1))", 53],
    ["ISOYEAR(DATE(2027, 1, 1))", 2026],
    ["ADDMONTHS(DATE(2026, 1, 31), 1)", "2026-02-28"],
    ["ADDMONTHS(DATE(2024, 2, 29), 12)", "2025-02-28"],
    ["ADDMONTHS(DATE(2026, 3, 15), -3)", "2025-12-15"],
    ["ADDMONTHS(moment, 1)", "2026-12-21T22:30:00.000Z"],
    ["UNIXTIMESTAMP(moment)", 1_795_300_200],
    ["FROMUNIXTIME(1795300200) = moment", true],
    ["TODAY() - MOD(TODAY() - DATE(1900, 1, 8), 7)", "2026-11-16"],
    ["day + 10000000", "error: A date lies outside of the years 1000 to 9999."],
    ["YEAR(amount)", "error: YEAR() takes a date, not a number."],
  ]);

  test.each([
    ["2026-03-29T00:30:00Z", "Europe/Berlin", "2026-03-29", 1],
    ["2026-03-29T01:30:00Z", "Europe/Berlin", "2026-03-29", 3],
    ["2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25", 2],
    ["2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25", 2],
    ["2026-11-21T22:59:59Z", "Europe/Berlin", "2026-11-21", 23],
    ["2026-11-21T23:00:00Z", "Europe/Berlin", "2026-11-22", 0],
    ["2026-11-21T04:59:59Z", "America/New_York", "2026-11-20", 23],
    ["2026-11-21T18:30:00Z", "Asia/Kolkata", "2026-11-22", 0],
    ["2026-11-21T10:00:00Z", "Pacific/Kiritimati", "2026-11-22", 0],
    ["2026-11-21T10:00:00Z", "Nowhere/Else", "2026-11-21", 10],
  ])("at %s in %s it is %s, hour %i", (now, timeZone, today, hour) => {
    const at = { clock: { now, timeZone } };
    expect(reckon("TODAY()", lookup, at).value).toBe(today);
    expect(reckon("DATEVALUE(NOW())", lookup, at).value).toBe(today);
    expect(reckon("HOUR(NOW())", lookup, at).value).toBe(hour);
  });
  test("without a clock the lookup is asked for it, and without that nothing is guessed", () => {
    const told = lookupIn({ "$Flow.CurrentDate": "2026-01-02", "$Flow.CurrentDateTime": "2026-01-02T03:04:05.000Z" });
    expect(reckon("TODAY() + 1", told, {}).value).toBe("2026-01-03");
    expect(reckon("HOUR(TIMENOW())", told, {}).value).toBe(3);
    expect(reckon("TODAY()", () => null, {})).toEqual({ value: null, error: "The time is not known here." });
  });
});

describe("changes", () => {
  const prior = lookupIn({ amount: 7, word: "Approve", $Record: { Id: "rec_1" } });
  test("are seen against a past only", () => {
    expect(reckon("ISCHANGED(amount)", lookup, { prior }).value).toBe(true);
    expect(reckon("ISCHANGED(word)", lookup, { prior }).value).toBe(false);
    expect(reckon("PRIORVALUE(amount) + 1", lookup, { prior }).value).toBe(8);
    expect(reckon("ISNEW()", lookup, { prior }).value).toBe(false);
    expect(reckon("ISNEW()", lookup, { prior: () => null }).value).toBe(true);
    expect(reckon("OR(ISCHANGED(amount), ISNEW())", lookup, {}).value).toBe(false);
  });
});

describe("what cannot be reckoned", () => {
  table([
    ["", "error: It ends where a value is wanted (at character 1)."],
    ["1 +", "error: It ends where a value is wanted (at character 4)."],
    ["IF(yes, 1", "error: A bracket is not closed (at character 1)."],
    ["IF(yes, 1 2)", "error: “,” or “)” is wanted before “2” (at character 11)."],
    ["1 2", "error: An operator is missing before “2” (at character 3)."],
    ['"abc', "error: A text is not closed with a quotation mark (at character 1)."],
    ["“abc”", 'error: Texts stand between straight quotation marks: "…" (at character 1).'],
    ["/* abc", "error: A comment is not closed with */ (at character 1)."],
    ["1e400", "error: “1e400” is nothing that a formula may hold (at character 1)."],
    ["FROBNICATE(1)", "error: There is no function FROBNICATE()."],
    ["GETSESSIONID()", "error: GETSESSIONID() cannot be used: nobody's session is ever given out."],
    ["IF(TRUE)", "error: IF() takes 3 values, not 1."],
    ["CASE(1, 2, 3)", "error: CASE() takes a value, pairs of a value and a result, and a last result."],
    ["word - 1", "error: “-” cannot be put between a text and a number."],
    ["yes + 1", "error: “+” cannot be put between true or false and a number."],
    ["-word", "error: “-” stands before a text."],
    ["IF(word, 1, 2)", "error: True or false is wanted, not a text."],
    ["IF(TRUE, 1, 1 / 0)", 1],
    ["OR(TRUE, 1 / 0 = 1)", true],
    ["FALSE && 1 / 0 = 1", false],
    ["ISBLANK(1 / 0)", "error: Something is divided by zero."],
  ]);
});

describe("a condition by formula", () => {
  const of = (formula: string) => evaluate({ logic: "formula", formula, requirements: [] }, lookup, { clock });

  test("holds when it gives true, and shows what it read", () => {
    expect(of("AND(amount > 1000, NOT(ISBLANK($Record.Owner.Name)))")).toEqual({
      met: true,
      logic: "formula",
      formula: "AND(amount > 1000, NOT(ISBLANK($Record.Owner.Name)))",
      requirements: [
        { left: "amount", leftValue: 1250.5, operator: "reads", rightValue: null, met: true },
        { left: "$Record.Owner.Name", leftValue: "Ada", operator: "reads", rightValue: null, met: true },
      ],
    });
  });
  test("shows the day that it was reckoned for", () => {
    expect(of("TODAY() > day").requirements.map(({ left, leftValue }) => [left, leftValue])).toEqual([
      ["$Flow.CurrentDate", "2026-11-21"],
      ["day", "2026-11-25"],
    ]);
  });
  test("is not met by null, by something else than true, or by what cannot be reckoned, and says why", () => {
    expect(of("nothing")).toMatchObject({ met: false });
    expect(of("nothing")).not.toHaveProperty("error");
    expect(of("amount")).toMatchObject({ met: false, error: "The formula gives neither true nor false." });
    expect(of("1 / 0 = 1")).toMatchObject({ met: false, error: "Something is divided by zero." });
    expect(of("amount >")).toMatchObject({
      met: false,
      requirements: [],
      error: expect.stringMatching(/at character 9/),
    });
  });
  test("beside others, as the right side of a requirement", () => {
    const right = { formula: "2 * 600" };
    const proof = evaluate(
      { logic: "all", requirements: [{ left: "amount", operator: "greater_than", right }] },
      lookup,
    );
    expect(proof.requirements).toEqual([
      { left: "amount", leftValue: 1250.5, operator: "greater_than", rightValue: 1200, met: true },
    ]);
    const wrong = { left: "amount", operator: "greater_than" as const, right: { formula: "1 / 0" } };
    expect(evaluate({ logic: "all", requirements: [wrong] }, lookup)).toMatchObject({
      met: false,
      error: "Something is divided by zero.",
    });
  });
});

test("a value by formula is null where it cannot be reckoned, and its paths are known before", () => {
  expect(valueFrom({ formula: "TODAY() + 1" }, lookup, { clock })).toBe("2026-11-22");
  expect(valueFrom({ formula: "1 / 0" }, lookup, { clock })).toBeNull();
  expect(pathsOf({ formula: "IF($Record.Owner.Name = word, amount, {!amount}) + TODAY()" })).toEqual([
    "$Record.Owner.Name",
    "word",
    "amount",
    "$Flow.CurrentDate",
  ]);
  expect(pathsOf({ formula: "IF(" })).toEqual([]);
});
