import { expect, test } from "vitest";
import {
  afterStep,
  background,
  cancel,
  finish,
  flowFails,
  human,
  orchestration,
  type Play,
  picture,
  requires,
  stage,
  start,
  stepOf,
  tell,
  wake,
} from "./play";

/**
 * The end-state matrix (semantics 2.6) with what Baton decides: work items of an errored run are withdrawn (A4), suspended runs may be
 * canceled (A6b), a stage with a fault path lets its run go on (2.9). Each row ends the same run in another way: Before is finished; in
 * Now a step is done, a person's and a flow's are running, and one has not started.
 */
const running = (more: object = {}): Play => {
  const definition = orchestration({
    elements: [
      stage("Before", [human("First")], { next: "Now" }),
      stage("Now", [human("Done"), human("Person"), background("Flow"), human("Later", afterStep("Person"))], {
        exit: requires("$Record.Go", "equals", true),
        ...more,
      }),
      stage("Repair", [human("Fix")]),
      {
        type: "decision",
        name: "Circle",
        label: "Circle",
        outcomes: [{ name: "No", label: "No", when: { requirements: [NEVER] }, next: null }],
        defaultNext: "Circle",
      },
    ],
  });
  const world = { flows: { Work: { isAsynchronous: true } }, answers: { Broken: "no such record" } };
  return finish(finish(start(definition, world), "First"), "Done");
};
const NEVER = { left: "$Record.Go", operator: "equals", right: { literal: "never" } };
const suspended = (play: Play) => tell(play, { type: "suspend", reason: "audit" });
const personFails = (play: Play) =>
  tell(play, { type: "flow-failed", stepRunId: stepOf(play, "Person").id, error: "boom", element: "Save" });

type Row = readonly [
  end: string,
  how: () => Play,
  run: string,
  stage: string,
  person: string,
  flow: string,
  item: string,
];
const ROWS: readonly Row[] = [
  [
    "normal",
    () => wake(running(), { Go: true }),
    "completed",
    "completed",
    "discontinued",
    "discontinued",
    "withdrawn",
  ],
  ["cancel", () => cancel(running()), "canceled", "canceled", "canceled", "canceled", "withdrawn"],
  [
    "cancel while suspended",
    () => cancel(suspended(running())),
    "canceled",
    "canceled",
    "canceled",
    "canceled",
    "withdrawn",
  ],
  [
    "error at run level, after the stage",
    () => wake(running({ next: "Circle" }), { Go: true }),
    "error",
    "completed",
    "discontinued",
    "discontinued",
    "withdrawn",
  ],
  [
    "error in an interactive step",
    () => personFails(running()),
    "error",
    "error",
    "error",
    "discontinued",
    "withdrawn",
  ],
  [
    "error in a background step",
    () => flowFails(running(), "Flow"),
    "error",
    "error",
    "discontinued",
    "error",
    "withdrawn",
  ],
  [
    "error in a stage with a fault path",
    () => flowFails(running({ faultNext: "Repair" }), "Flow"),
    "in_progress",
    "error",
    "discontinued",
    "error",
    "withdrawn",
  ],
  [
    "suspended, which is no end",
    () => suspended(running()),
    "suspended",
    "suspended",
    "in_progress",
    "in_progress",
    "assigned",
  ],
];

test.each(ROWS)("%s", (_, how, run, now, person, flow, item) => {
  const play = how();
  expect(play.refusal).toBeNull();
  expect(picture(play)).toMatchObject({
    run,
    Before: "completed",
    First: "completed",
    Now: now,
    Done: "completed",
    Person: person,
    "Person item": item,
    Flow: flow,
    Later: "not_started",
  });
});

/** Here the stage errs as soon as it is evaluated, so nothing in it was done before. */
test("error at stage level", () => {
  const exit = { type: "evaluation_flow", flow: "Broken", inputs: {} };
  const definition = orchestration({
    elements: [
      stage("Before", [human("First")], { next: "Now" }),
      stage("Now", [human("Person"), human("Later", afterStep("Person"))], { exit }),
    ],
  });
  const play = finish(start(definition, { answers: { Broken: "no such record" } }), "First");
  expect(picture(play)).toMatchObject({
    run: "error",
    Before: "completed",
    First: "completed",
    Now: "error",
    Later: "not_started",
  });
});
