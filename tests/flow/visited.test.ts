import { describe, expect, test } from "vitest";
import { advance } from "../../lib/flow/advance";
import { begin } from "../../lib/flow/begin";
import type { Answer, Step } from "../../lib/flow/interview";
import { AT, flowOf, screenOf, shownBy, when } from "./build";

const variables = [
  { name: "way", type: "text", isInput: true },
  { name: "said", type: "text", isOutput: true, default: "" },
];
const say = (name: string, next: string | null = null) => ({
  ...{ type: "assignment", name, next },
  assignments: [{ variable: "said", operator: "add", value: { literal: `${name} ` } }],
});
const decide = (name: string, outcomes: unknown[], defaultNext: string | null) => ({
  ...{ type: "decision", name, defaultNext },
  outcomes,
});
const way = (name: string, condition: object, next: string | null) => ({ name, label: name, when: condition, next });
const outputs = ({ request }: Step) => (request.type === "end" ? request.outputs : request);

describe("was_visited, asked in a flow (B 4.1)", () => {
  /** Goes by Left or not, and tells afterwards of which element or outcome it holds. */
  const flow = (left: string, wanted: boolean) =>
    flowOf(
      "autolaunched",
      [
        decide("Fork", [way("One", when("way", "equals", "left"), "Left")], "Asked"),
        say("Left", "Asked"),
        decide("Asked", [way("Held", when(left, "was_visited", wanted), "Yes")], "No"),
        ...[say("Yes"), say("No")],
      ],
      variables,
    );

  test.each([
    ["Left", "left", "Left Yes "],
    ["Left", "right", "No "],
    ["Fork", "right", "Yes "],
    ["Fork.One", "left", "Left Yes "],
    ["Fork.One", "right", "No "],
    ["Asked", "right", "Yes "],
    ["Yes", "right", "No "],
  ])("of %s, gone by the %s way, leads to %s", (asked, gone, said) => {
    expect(outputs(begin(flow(asked, true), { way: gone }, AT))).toEqual({ said });
  });

  test("is false, not unknown, of what was not reached", () => {
    expect(outputs(begin(flow("Left", false), { way: "right" }, AT))).toEqual({ said: "Yes " });
    expect(outputs(begin(flow("Fork.One", false), { way: "left" }, AT))).toEqual({ said: "Left No " });
  });

  test("stands in formulas and templates too", () => {
    const element = {
      ...{ type: "assignment", name: "Tell" },
      assignments: [{ variable: "said", value: { formula: 'IF(Left.WasVisited, "seen", "not seen")' } }],
    };
    expect(outputs(begin(flowOf("autolaunched", [element, say("Left")], variables), {}, AT))).toEqual({
      said: "not seen",
    });
  });

  test("Back makes not visited what was visited since, and the next screen shows what fits the way taken now", () => {
    const fields = [
      { name: "other", type: "text", visibleWhen: when("Fork.One", "was_visited", true) },
      { name: "more", type: "text" },
    ];
    const form = flowOf(
      "screen",
      [
        { ...screenOf([{ name: "side" }]), next: "Fork" },
        decide("Fork", [way("One", when("side", "equals", "left"), "Told")], "Told"),
        { ...screenOf(fields), name: "Told" },
      ],
      variables,
    );
    const next = (step: Step, values: Extract<Answer, { type: "next" }>["values"]) =>
      advance(form, step.state, { type: "next", values });
    const left = next(begin(form, {}, AT), { side: "left" });
    expect(shownBy(form, left).name).toBe("Told");
    expect(next(left, { other: "x", more: "y" }).request).toMatchObject({ type: "end" });
    const back = advance(form, left.state, { type: "back", values: {} });
    expect(shownBy(form, back).name).toBe("Ask");
    const right = next(back, { side: "right" });
    expect(next(right, { other: "x", more: "y" }).state.values).toMatchObject({ other: null, more: "y" });
  });
});

describe("has_error, asked in a flow (B 4.1)", () => {
  /** Makes a record, perhaps again after it failed, and asks then whether the making has an error. */
  const making = flowOf(
    "autolaunched",
    [
      { type: "create_records", name: "Make", object: "Case", values: {}, faultNext: "Asked", next: "Asked" },
      decide(
        "Asked",
        [
          way(
            "Again",
            {
              requirements: [
                ...when("Make", "has_error", true).requirements,
                ...when("said", "equals", "").requirements,
              ],
            },
            "Once_More",
          ),
          way("Failed", when("Make", "has_error", true), "Bad"),
          way("Fine", when("Make", "has_error", false), "Good"),
        ],
        null,
      ),
      ...[say("Once_More", "Make"), say("Bad"), say("Good")],
    ],
    variables,
  );
  const failed: Answer = { type: "failed", message: "closed" };
  const created: Answer = { type: "created", id: "rec_1" };
  const answered = (...answers: readonly Answer[]) =>
    outputs(answers.reduce((step, answer) => advance(making, step.state, answer), begin(making, {}, AT)));

  test("holds where an element failed and the flow went on by its fault connector", () => {
    expect(answered(failed, failed)).toEqual({ said: "Once_More Bad " });
  });

  test("is false where it did what it is for, or did so at another try", () => {
    expect(answered(created)).toEqual({ said: "Good " });
    expect(answered(failed, created)).toEqual({ said: "Once_More Good " });
  });
});
