import { beforeAll, expect, test } from "vitest";
import { aBackgroundStep, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { must } from "../builders/records";
import { aRun, aTeam, aThingWorld, finished, stateNow, theItem } from "../builders/runs";

let team: Awaited<ReturnType<typeof aTeam>>;
beforeAll(async () => {
  await aThingWorld();
  team = await aTeam();
});

test("a run goes from its start through a person and a flow to its end", async () => {
  const { ann } = team;
  const { runId } = await aRun(
    anOrchestration([
      aStage("First", [
        anInteractiveStep("Ask"),
        aBackgroundStep("Do", { entry: { type: "step_completed", step: "Ask" } }),
      ]),
    ]),
    ann,
  );
  const item = await theItem(runId);
  expect(item).toMatchObject({
    assigneeId: ann.userId,
    processLabel: "Process",
    stageLabel: "First",
    recordName: "A Thing",
    label: "Ask",
  });
  must(await finished(ann, item.workItemId));
  const state = await stateNow(runId);
  expect(state.run.status).toBe("completed");
  expect(state.steps.map(({ name, status, outputs }) => [name, status, outputs])).toEqual([
    ["Ask", "completed", { comment: "done" }],
    ["Do", "completed", { result: "done" }],
  ]);
});
