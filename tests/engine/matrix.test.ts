import { expect, test } from "vitest";
import { MAX_HISTORY_ROWS } from "../../lib/engine/settle";
import {
  afterStep,
  background,
  cancel,
  finish,
  flowEnds,
  flowFails,
  human,
  orchestration,
  type Play,
  picture,
  requires,
  retry,
  stage,
  start,
  stepOf,
  tell,
  wake,
} from "./play";

/**
 * The end-state matrix (semantics 2.6) with what Baton decides: work items of an errored run are withdrawn (A4), suspended runs may be
 * canceled (A6b), a stage with a fault path lets its run go on (2.9), whatever ends while a run is suspended is stored (A20b), and an error is
 * no end for ever (A6). Each row ends the same run in another way: Before is finished; in Now a step is done, a person's and a flow's are
 * running, and one has not started. Of screens that fail and are kept open the engine is not told at all: `interviews-faults.test.ts`.
 */
const running = (more: object = {}, process: object = {}): Play => {
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
    ...process,
  });
  const world = { flows: { Work: { isAsynchronous: true } }, answers: {} };
  return finish(finish(start(definition, world), "First"), "Done");
};
const NEVER = { left: "$Record.Go", operator: "equals", right: { literal: "never" } };
const suspended = (play: Play) => tell(play, { type: "suspend", reason: "audit" });
const resumed = (play: Play) => tell(play, { type: "resume", reason: "looked at" });
const personFails = (play: Play) =>
  tell(play, { type: "flow-failed", stepRunId: stepOf(play, "Person").id, error: "boom", element: "Save" });
const skipped = (play: Play, step: string) =>
  tell(play, { type: "skip-step", stepRunId: stepOf(play, step).id, reason: "not needed", outputs: null });
const failed = (play: Play, step: string) =>
  tell(play, { type: "fail-step", stepRunId: stepOf(play, step).id, reason: "it hangs" });
const ledTo = (play: Play, name: string) => tell(play, { type: "go-to-stage", stage: name, reason: "once more" });

/** The stage's own exit asks a flow, which answers at first and then no more. */
const stageFails = (more: object = {}): Play => {
  const play = running({ exit: { type: "evaluation_flow", flow: "Broken", inputs: {} }, ...more });
  play.world.answers.Broken = "no such record";
  return wake(play);
};

/** An error of the run itself, while the stage runs: its history has as many rows as it may have. */
const runFails = (): Play => {
  const play = running();
  const [line] = play.history;
  if (line) play.history.push(...Array.from({ length: MAX_HISTORY_ROWS }, () => line));
  return wake(play);
};

type Row = readonly [
  end: string,
  how: () => Play,
  run: string,
  stage: string,
  person: string,
  flow: string,
  item: string,
  /** What else there is then, or is otherwise than in the other rows. */
  more?: Readonly<Record<string, string>>,
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
    "error at run level, while the stage runs",
    () => runFails(),
    "error",
    "discontinued",
    "discontinued",
    "discontinued",
    "withdrawn",
  ],
  ["error at stage level", () => stageFails(), "error", "error", "discontinued", "discontinued", "withdrawn"],
  [
    "error at stage level, with a fault path",
    () => stageFails({ faultNext: "Repair" }),
    "in_progress",
    "error",
    "discontinued",
    "discontinued",
    "withdrawn",
    { Repair: "in_progress", Fix: "in_progress" },
  ],
  ["an admin fails a step", () => failed(running(), "Flow"), "error", "error", "discontinued", "error", "withdrawn"],
  [
    "suspended, which is no end",
    () => suspended(running()),
    "suspended",
    "suspended",
    "in_progress",
    "in_progress",
    "assigned",
  ],
  [
    "a failure while suspended is stored",
    () => personFails(suspended(running())),
    "suspended",
    "suspended",
    "in_progress",
    "in_progress",
    "withdrawn",
  ],
  [
    "and takes effect at resume",
    () => resumed(personFails(suspended(running()))),
    "error",
    "error",
    "error",
    "discontinued",
    "withdrawn",
  ],
  [
    "a step is skipped",
    () => skipped(running(), "Person"),
    "in_progress",
    "in_progress",
    "completed",
    "in_progress",
    "withdrawn",
    { Later: "in_progress" },
  ],
  [
    "led to another stage",
    () => ledTo(running(), "Repair"),
    "in_progress",
    "discontinued",
    "discontinued",
    "discontinued",
    "withdrawn",
    { Repair: "in_progress", Fix: "in_progress" },
  ],
  [
    "recalled by who asked",
    () => tell(running({}, { processType: "approval" }), { type: "recall", reason: "wrong amount" }),
    "canceled",
    "canceled",
    "canceled",
    "canceled",
    "withdrawn",
  ],
  [
    "tried again after an error in an interactive step",
    () => retry(personFails(running())),
    "in_progress",
    "in_progress",
    "error",
    "discontinued",
    "withdrawn",
    { "Person again 2": "in_progress", "Person again 2 item": "assigned", "Flow again 2": "in_progress" },
  ],
  [
    "tried again after an error in a background step",
    () => retry(flowFails(running(), "Flow")),
    "in_progress",
    "in_progress",
    "discontinued",
    "error",
    "withdrawn",
    { "Person again 2": "in_progress", "Person again 2 item": "assigned", "Flow again 2": "in_progress" },
  ],
  [
    "tried again after an error at stage level",
    () => {
      const play = stageFails();
      play.world.answers.Broken = false;
      return retry(play);
    },
    "in_progress",
    "in_progress",
    "discontinued",
    "discontinued",
    "withdrawn",
    { "Person again 2": "in_progress", "Flow again 2": "in_progress" },
  ],
  [
    "tried again after an error at run level, behind the stage",
    () => retry(wake(running({ next: "Circle" }), { Go: true })),
    "error",
    "completed",
    "discontinued",
    "discontinued",
    "withdrawn",
  ],
  [
    "tried again after a failure that was stored while suspended",
    () => retry(resumed(personFails(suspended(running())))),
    "in_progress",
    "in_progress",
    "error",
    "discontinued",
    "withdrawn",
    { "Person again 2": "in_progress", "Flow again 2": "in_progress" },
  ],
  [
    "what ended while suspended ends at resume",
    () => resumed(flowEnds(suspended(running()), "Flow")),
    "in_progress",
    "in_progress",
    "in_progress",
    "completed",
    "assigned",
  ],
];

test.each(ROWS.map((row) => [row[0], row] as const))("%s", (_, row) => {
  const [, how, run, now, person, flow, item, more = {}] = row;
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
    ...more,
  });
});
