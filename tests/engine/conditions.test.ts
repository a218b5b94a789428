import { describe, expect, test } from "vitest";
import type { View } from "../../lib/engine/lookup";
import { whyStepWaits } from "../../lib/engine/why";
import {
  finish,
  human,
  orchestration,
  type Play,
  picture,
  runOf,
  stage,
  start,
  stepOf,
  tell,
  wake,
  world,
} from "./play";

const when = (condition: object) => ({ type: "requirements", condition });
const of = (text: string) => when({ logic: "formula", formula: text });
const step = (name: string, entry: object) => human(name, { entry });
const proofs = (play: Play, name: string) =>
  play.history.flatMap(({ event }) =>
    event.type === "step-started" && event.stepRunId === stepOf(play, name).id ? [event.entryProof] : [],
  );

describe("custom logic", () => {
  const done = (name: string) => ({ left: `${name}.Status`, operator: "equals", right: { literal: "Completed" } });
  const definition = () =>
    orchestration({
      elements: [
        stage("S", [
          human("A"),
          human("B"),
          human("C"),
          step(
            "D",
            when({ logic: "custom", custom: "1 AND (2 OR NOT 3)", requirements: [done("A"), done("B"), done("C")] }),
          ),
        ]),
      ],
    });

  test("starts a step when its rows hold as it says, and leaves them all in the history", () => {
    const play = finish(start(definition()), "C");
    expect(picture(finish(play, "A"))).toMatchObject({ D: "not_started" });
    expect(picture(finish(play, "B"))).toMatchObject({ D: "in_progress" });
    expect(proofs(play, "D")).toMatchObject([
      {
        met: true,
        logic: "custom",
        custom: "1 AND (2 OR NOT 3)",
        requirements: [{ met: true }, { met: true }, { met: true }],
      },
    ]);
  });
});

describe("a formula", () => {
  test("sees outputs, the record and its parents, and is looked at again when the record changes", () => {
    const entry = of("AND($Record.Amount > 100, $Record.Owner.Manager.Name = 'Ada', ISBLANK(A.Outputs.note))");
    const play = start(
      orchestration({ elements: [stage("S", [human("A"), step("B", entry)])] }),
      world({ record: { Amount: 5 } }),
    );
    expect(picture(play)).toMatchObject({ B: "not_started" });
    wake(play, { Amount: 500, "Owner.Manager.Name": "Ada" });
    expect(picture(play)).toMatchObject({ B: "in_progress" });
    expect(proofs(play, "B")).toMatchObject([
      {
        met: true,
        logic: "formula",
        requirements: [
          { left: "$Record.Amount", leftValue: 500, operator: "reads" },
          { left: "$Record.Owner.Manager.Name", leftValue: "Ada", operator: "reads" },
          { left: "A.Outputs.note", leftValue: null, operator: "reads" },
        ],
      },
    ]);
  });

  test("over the day wakes its run at the next midnight, again and again until it holds", () => {
    const entry = of("TODAY() >= DATE(2026, 3, 2)");
    const play = start(
      orchestration({ elements: [stage("S", [step("A", entry)])] }),
      world({ now: "2026-02-28T12:00:00.000Z" }),
    );
    const seen: [string | null, string | undefined][] = [];
    for (let look = 0; look < 4 && runOf(play).waits.dueAt !== null; look++) {
      const { dueAt } = runOf(play).waits;
      play.world.now = dueAt;
      tell(play, { type: "wake", cause: { type: "clock" } }, { type: "system" });
      seen.push([dueAt, picture(play).A]);
    }
    expect(seen).toEqual([
      ["2026-03-01T00:00:00.000Z", "not_started"],
      ["2026-03-02T00:00:00.000Z", "in_progress"],
    ]);
  });

  test("that cannot be reckoned holds nothing up but its step, and says why", () => {
    const play = start(
      orchestration({ elements: [stage("S", [human("A"), step("B", of("$Record.Amount / $Record.Parts > 3"))])] }),
      world({ record: { Amount: 5, Parts: 0 } }),
    );
    expect(picture(play)).toMatchObject({ run: "in_progress", A: "in_progress", B: "not_started" });
    const { state, definition } = play;
    if (!state) throw new Error("the run has no state");
    const facts = { record: { Amount: 5, Parts: 0 }, flows: {} };
    const view: View = { definition, state, facts, evaluations: {}, seq: 0, now: "2026-03-01T00:00:00.000Z" };
    const why = whyStepWaits(view, stepOf(play, "B"));
    expect(why).toMatchObject({
      sentence: "Has not started: waits until what is wrong is put right: Something is divided by zero.",
      proof: { met: false, error: "Something is divided by zero." },
    });
    expect(picture(wake(play, { Amount: 40, Parts: 10 }))).toMatchObject({ B: "in_progress" });
  });

  test("gives inputs their values at the moment they are given", () => {
    const inputs = { until: { formula: "TODAY() + 3" }, share: { formula: "ROUND($Record.Amount / 3, 2)" } };
    const definition = orchestration({
      elements: [stage("S", [{ kind: "background", name: "A", label: "A", flow: "F", inputs }])],
    });
    const play = start(
      definition,
      world({ now: "2026-02-27T12:00:00.000Z", record: { Amount: 100 }, flows: { F: { isAsynchronous: true } } }),
    );
    expect(play.history.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ type: "step-started", inputs: { until: "2026-03-02", share: 33.33 } }),
    );
  });
});
