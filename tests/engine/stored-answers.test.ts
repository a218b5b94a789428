import { describe, expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import type { Command } from "../../lib/engine/command";
import {
  background,
  finish,
  flowEnds,
  flowFails,
  human,
  orchestration,
  type Play,
  picture,
  retry,
  runOf,
  stage,
  start,
  stepOf,
  tell,
} from "./play";

const ASYNC = { flows: { Work: { isAsynchronous: true } } };
const say = (play: Play, command: Command) => tell(play, command);
const suspended = (play: Play) => say(play, { type: "suspend", reason: "audit" });
const resumed = (play: Play) => say(play, { type: "resume", reason: "go on" });
const chosen = { outputs: [{ from: "size", to: "chosen" }] };
const by = (user: string) => ({ assignee: { type: "user", value: { literal: user } } });
const VARIABLES = { variables: [{ name: "chosen", type: "text" }] };

/** One and Two by people, both of which write one variable, then who did the last of it does Next. */
const pair = () =>
  start(
    orchestration({
      ...VARIABLES,
      elements: [
        stage("S", [human("One", { ...chosen, ...by("one") }), human("Two", { ...chosen, ...by("two") })], {
          next: "T",
        }),
        stage("T", [background("Next", { runAs: "latest_completer" })]),
      ],
    }),
    ASYNC,
  );

describe("what was stored while a run was suspended takes effect in the order in which it came (2.8, A20b)", () => {
  test.each([
    [["One", "Two"], "of Two", "two"],
    [["Two", "One"], "of One", "one"],
  ])(
    "done as %j: the later one's value stays (A26), and who did it counts as the latest (3.5)",
    (order, value, who) => {
      const play = suspended(pair());
      for (const name of order) finish(play, name, { size: `of ${name}` }, name.toLowerCase());
      resumed(play);
      expect(runOf(play).variables.chosen).toBe(value);
      expect(stepOf(play, "Next").runAs).toBe(who);
      expect(fold(play.history)).toEqual(play.state);
    },
  );

  test.each([
    [["Job", "One"], "One"],
    [["One", "Job"], "Job"],
  ])("a failure, too: after %j the value is that of whoever came last before it", (order, last) => {
    const play = suspended(
      start(
        orchestration({
          ...VARIABLES,
          elements: [stage("S", [background("Bad"), background("Job", chosen), human("One", chosen)])],
        }),
        ASYNC,
      ),
    );
    for (const name of order) (name === "Job" ? flowEnds : finish)(play, name, { size: name });
    flowFails(play, "Bad");
    resumed(play);
    expect(picture(play)).toMatchObject({ run: "error", Bad: "error", Job: "completed", One: "completed" });
    expect(runOf(play).variables.chosen).toBe(last);
  });

  test("what came after a failure has no effect before the failed step is tried again, and then its turn comes first", () => {
    const play = suspended(
      start(
        orchestration({
          ...VARIABLES,
          elements: [stage("S", [background("Bad", chosen), human("One", chosen), human("Two", chosen)])],
        }),
        ASYNC,
      ),
    );
    flowFails(play, "Bad");
    finish(play, "Two", { size: "two" });
    finish(play, "One", { size: "one" });
    resumed(play);
    expect(runOf(play)).toMatchObject({ status: "error", variables: { chosen: null } });
    retry(play);
    expect(picture(play)).toMatchObject({
      run: "in_progress",
      ...{ "Bad again 2": "in_progress", "One again 2": "completed", "Two again 2": "completed" },
    });
    expect(runOf(play).variables.chosen).toBe("one");
  });
});
