import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { run } from "../../db/schema";
import { startableAlone } from "../../lib/definitions/queries";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { work } from "../builders/jobs";
import { must } from "../builders/records";
import { aRun, aTeamWithThings, started, stateNow } from "../builders/runs";

const { ann } = await aTeamWithThings();
const alone = (name: string) =>
  anOrchestration(
    [
      aStage("S", [
        anInteractiveStep("A", { record: "about", assignee: { type: "user", value: { literal: ann.username } } }),
      ]),
    ],
    {
      name,
      start: { type: "autolaunched", next: "S" },
      variables: [{ name: "about", type: "text", isInput: true }],
    },
  );
const starts = (name: string, target: string) =>
  aBackgroundFlow(name, {
    variables: [],
    start: "Go",
    elements: [
      {
        type: "action",
        name: "Go",
        label: "Go",
        action: "start_orchestration",
        inputs: { orchestration: { literal: target }, inputs: { literal: '{"about":"a flow"}' } },
        next: null,
      },
    ],
  });

test("what needs no record is offered by itself, and started with its inputs", async () => {
  await activated(alone("Alone"));
  expect((await startableAlone(db())).map(({ definitionId }) => definitionId)).toEqual(["Alone"]);
  const { runId } = must(await started(ann, { definitionId: "Alone", recordId: null, inputs: { about: "desks" } }));
  expect((await stateNow(runId)).run.variables).toEqual({ about: "desks" });
});

test("a flow starts one by its action, with inputs", async () => {
  await activated(starts("StartsAlone", "Alone"));
  const { runId } = await aRun(
    anOrchestration([aStage("S", [aBackgroundStep("Go", { flow: "StartsAlone" })])], { name: "Starter" }),
    ann,
  );
  await work();
  expect((await stateNow(runId)).run.status).toBe("completed");
  const [begun] = await db().select().from(run).where(eq(run.definitionId, "Alone")).orderBy(run.depth).offset(1);
  expect(begun).toMatchObject({ depth: 1, variables: { about: "a flow" } });
});

test("runs that start one another end after ten, with the number", async () => {
  await activated(starts("StartsItself", "Endless"));
  const endless = anOrchestration([aStage("S", [aBackgroundStep("Go", { flow: "StartsItself" })])], {
    name: "Endless",
    start: { type: "autolaunched", next: "S" },
    variables: [{ name: "about", type: "text", isInput: true }],
  });
  await activated(endless);
  must(await started(ann, { definitionId: "Endless", recordId: null, inputs: {} }));
  await work();
  const runs = await db()
    .select({ status: run.status, error: run.error })
    .from(run)
    .where(eq(run.definitionId, "Endless"))
    .orderBy(run.depth);
  expect(runs).toHaveLength(11);
  expect(runs.at(-1)).toMatchObject({ status: "error", error: expect.stringContaining("10") });
});
