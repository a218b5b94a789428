import { expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import { after, background, finish, human, orchestration, picture, stage, start } from "./play";

test("a run goes from its start through people and flows to its end", () => {
  const play = start(orchestration({ elements: [stage("One", [human("Ask"), background("Do", after("Ask"))], { next: "Two" }), stage("Two", [human("Tell")])] }));
  expect(picture(play)).toEqual({ run: "in_progress", One: "in_progress", Ask: "in_progress", "Ask item": "assigned", Do: "not_started" });
  finish(play, "Ask");
  finish(play, "Tell");
  expect(picture(play)).toEqual({ run: "completed", One: "completed", Ask: "completed", "Ask item": "done", Do: "completed", Two: "completed", Tell: "completed", "Tell item": "done" });
  expect(fold(play.history)).toEqual(play.state);
});
