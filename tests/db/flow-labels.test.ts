import { expect, test } from "vitest";
import { db } from "../../db/client";
import { runPage } from "../../lib/runs/queries/run-page";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow, anEvaluationFlow } from "../builders/flows";
import { aRun, aTeamWithThings, theItem } from "../builders/runs";

const team = await aTeamWithThings();
await activated(
  anEvaluationFlow("Is_Due", { label: "Is it due?" }),
  aBackgroundFlow("Book_It", { label: "Book the room" }),
);
const asks = (answer: boolean) => ({
  entry: { type: "evaluation_flow", flow: "Is_Due", inputs: { answer: { literal: answer } } },
});

test("why a step waits names its flows as people know them", async () => {
  const steps = [anInteractiveStep("Begin"), aBackgroundStep("Book", { flow: "Book_It", ...asks(false) })];
  const { runId } = await aRun(anOrchestration([aStage("First", steps)], { name: "Booking" }), team.ann);
  const page = await runPage(db(), team.boss, runId);
  const book = page?.stages[0]?.steps[1];
  expect(book).toMatchObject({ flow: "Book_It", flowLabel: "Book the room" });
  expect(book?.why).toContain("“Is it due?” returns true");
  expect(book?.why).toContain("(it answers false now)");
  expect(book?.proof?.requirements).toMatchObject([
    { left: "Is it due?", leftValue: false, operator: "returns_true", met: false },
    { left: "answer", leftValue: false, operator: "reads" },
  ]);
  expect(JSON.stringify([page?.stages.map(({ why }) => why), book?.why, book?.proof])).not.toContain("Is_Due");
});

test("why work is on a desk names the flow that said so by its label", async () => {
  const steps = [anInteractiveStep("Greet", asks(true))];
  const { runId } = await aRun(anOrchestration([aStage("First", steps)], { name: "Greeting" }), team.ann);
  const detail = await itemDetail(db(), team.ann, (await theItem(runId)).workItemId);
  expect(detail?.why).toContain("the flow “Is it due?” said so");
  expect(detail?.proof?.requirements).toMatchObject([{ left: "Is it due?" }]);
});
