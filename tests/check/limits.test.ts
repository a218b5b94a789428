import { expect, test } from "vitest";
import { checkOrchestration } from "../../lib/check/check-orchestration";
import { anInteractiveStep, anOrchestration, aStage, aWorld } from "../builders/definitions";

test("an orchestration reads at most 1,000 different values of its record, and is told the number", () => {
  const inputs = (stage: number) =>
    Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`i${at}`, { ref: `$Record.V${stage}_${at}` }]));
  const reading = (count: number) => {
    const stages = Array.from({ length: count }, (_, at) =>
      aStage(`S${at}`, [anInteractiveStep(`Step${at}`, { inputs: inputs(at) })], {
        next: at + 1 < count ? `S${at + 1}` : null,
      }),
    );
    return checkOrchestration(anOrchestration(stages), aWorld()).problems.filter(({ path }) => path === "elements");
  };
  // Whose the work is and where it lies is read of the record too.
  expect(reading(40)).toEqual([
    { path: "elements", message: "reads 1002 different values of its record; an orchestration may read 1000" },
  ]);
  expect(reading(39)).toEqual([]);
});
