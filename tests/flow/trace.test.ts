import { describe, expect, test } from "vitest";
import { advance } from "../../lib/flow/advance";
import { begin } from "../../lib/flow/begin";
import type { Answer, Step } from "../../lib/flow/interview";
import { MAX_TRACED } from "../../lib/flow/trace";
import { AT, flowOf, when } from "./build";

const TRACED = { ...AT, trace: [] };
const size = (value: string) => [{ name: "size", type: "text", default: value }];
const set = (name: string, next: string | null, value = name) => ({
  ...{ type: "assignment", name, next },
  assignments: [{ variable: "size", value: { literal: value } }],
});
const decide = (next: string | null = null) => ({
  ...{ type: "decision", name: "How", defaultNext: next },
  outcomes: [
    { name: "Big", label: "Big", when: when("size", "equals", "big"), next: "A" },
    { name: "Small", label: "Small", when: when("size", "equals", "small"), next: "B" },
  ],
});
const told = ({ state }: Step) => state.trace;

describe("the trace of a debug run's flow", () => {
  test("has every element in order, and of a decision what each outcome saw that was asked", () => {
    const flow = flowOf("autolaunched", [decide(), set("A", "B"), set("B", null)], size("small"));
    expect(told(begin(flow, {}, TRACED))).toMatchObject([
      {
        element: "How",
        took: "Small",
        asked: [
          { outcome: "Big", proof: { met: false, requirements: [{ leftValue: "small", rightValue: "big" }] } },
          { outcome: "Small", proof: { met: true } },
        ],
      },
      { flow: "Test", element: "B" },
    ]);
    const otherwise = flowOf("autolaunched", [decide(), set("A", "B"), set("B", null)], size("none"));
    expect(told(begin(otherwise, {}, TRACED))).toMatchObject([{ element: "How", took: null, asked: [{}, {}] }]);
  });

  test("says why an element failed, caught or not", () => {
    const failed: Answer = { type: "failed", message: "closed" };
    const make = { type: "create_records", name: "Make", object: "Case", values: {} };
    for (const [more, after] of [
      [{}, []],
      [{ faultNext: "Tell" }, [{ element: "Tell" }]],
    ] as const) {
      const flow = flowOf("autolaunched", [{ ...make, ...more }, set("Tell", null)], size(""));
      const step = advance(flow, begin(flow, {}, TRACED).state, failed);
      expect(told(step)).toMatchObject([{ element: "Make", fault: "closed" }, ...after]);
    }
  });

  test("notes an element once that is entered again to look behind an id", () => {
    const ask = {
      ...{ type: "assignment", name: "Copy", next: null },
      assignments: [{ variable: "size", value: { ref: "it.Name" } }],
    };
    const flow = flowOf(
      "autolaunched",
      [ask],
      [...size(""), { name: "it", type: "record", object: "Case", default: "rec_1" }],
    );
    const asked = begin(flow, {}, TRACED);
    expect(asked.request.type).toBe("look_behind");
    const found = [{ id: "rec_1", path: "Name", value: "x" }];
    expect(told(advance(flow, asked.state, { type: "found_behind", found }))).toEqual([
      { flow: "Test", element: "Copy" },
    ]);
  });

  test("is bounded, in elements and in what values it keeps", () => {
    const circle = flowOf("autolaunched", [set("A", "B"), set("B", "A")], size(""));
    expect(told(begin(circle, {}, TRACED))).toHaveLength(MAX_TRACED);
    const long = flowOf("autolaunched", [decide(), set("A", null), set("B", null)], size("x".repeat(50_000)));
    expect(JSON.stringify(told(begin(long, {}, TRACED))).length).toBeLessThan(2_000);
  });

  test("is kept of no other run", () => {
    const flow = flowOf("autolaunched", [decide("A"), set("A", null), set("B", null)], size(""));
    const step = begin(flow, {}, AT);
    expect(step.request.type).toBe("end");
    expect(told(step)).toBeUndefined();
  });
});
