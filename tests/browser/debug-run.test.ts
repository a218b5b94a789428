import { expect, test } from "vitest";
import { PHONE, startPortal } from "./support/portal";

const portal = startPortal();

const when = (left: string, operator: string, literal: unknown) => ({
  requirements: [{ left, operator, right: { literal } }],
});
const named = (type: string, name: string, label: string) => ({ type, name, label });

/** Asks further only where something is amiss, and says at its end whether it did. */
const FORM = {
  kind: "flow",
  ...named("screen", "Inspect_Lift", "Inspect the lift"),
  variables: [{ name: "outcome", type: "text", isOutput: true, default: "fine" }],
  start: "Look",
  elements: [
    {
      ...named("screen", "Look", "Look at it"),
      fields: [{ name: "isAmiss", type: "checkbox", label: "Something is amiss" }],
      next: "Judge",
    },
    {
      ...named("decision", "Judge", "Is it amiss?"),
      outcomes: [{ name: "Yes", label: "It is", when: when("isAmiss", "equals", true), next: "Tell" }],
      ...{ defaultLabel: "It is not", defaultNext: "Ended" },
    },
    {
      ...named("screen", "Tell", "Tell what is amiss"),
      fields: [{ name: "outcome", type: "text", label: "What is amiss" }],
      next: "Ended",
    },
    {
      ...named("decision", "Ended", "Was more asked?"),
      outcomes: [{ name: "Asked", label: "More was asked", when: when("Judge.Yes", "was_visited", true), next: null }],
      defaultNext: null,
    },
  ],
};

const QUESTION = {
  kind: "flow",
  ...named("evaluation", "Is_Told", "Is it told"),
  variables: [
    { name: "outcome", type: "text", isInput: true },
    { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false },
  ],
  start: "Any",
  elements: [
    {
      ...named("decision", "Any", "Is there an outcome?"),
      outcomes: [{ name: "Yes", label: "There is", when: when("outcome", "is_null", false), next: "Say" }],
      ...{ defaultLabel: "There is none", defaultNext: null },
    },
    {
      ...named("assignment", "Say", "Say yes"),
      assignments: [{ variable: "isOrchestrationConditionMet", value: { literal: true } }],
      next: null,
    },
  ],
};

const PROCESS = {
  kind: "orchestration",
  processType: "orchestrator",
  ...{ name: "Lift_Inspection", label: "Lift inspection" },
  start: { type: "autolaunched", object: "Account", next: "Inspection" },
  elements: [
    {
      ...named("stage", "Inspection", "Inspection"),
      steps: [
        {
          ...{ kind: "interactive", name: "Inspect", label: "Inspect it", flow: "Inspect_Lift" },
          assignee: { type: "user", value: { literal: "carla" } },
        },
      ],
      exit: { type: "evaluation_flow", flow: "Is_Told", inputs: { outcome: { ref: "Inspect.Outputs.outcome" } } },
      next: null,
    },
  ],
};

test("the page of a debug run tells what its form passed, and what its evaluation flow answered and why", async () => {
  const omar = await portal.as("omar");
  await omar.goto("/definitions/new?from=file");
  await omar.getByLabel("JSON to import").fill(JSON.stringify([FORM, QUESTION, PROCESS]));
  await omar.getByRole("button", { name: "Import", exact: true }).click();
  await omar.getByText("3 definitions imported and active").waitFor();

  await omar.goto("/records/Account/new");
  await omar.getByLabel("Account name").fill("Nordlift");
  await omar.getByRole("button", { name: "Create account" }).click();
  await omar.getByRole("heading", { level: 1, name: "Nordlift" }).waitFor();

  await omar.goto("/definitions/Lift_Inspection/debug");
  await omar.getByRole("button", { name: "Play it" }).click();
  await omar.getByText("Choose the account that the run is about").waitFor();
  await omar.locator("#debug-record").fill("Nordlift");
  await omar.getByRole("option", { name: "Nordlift" }).click();
  await omar.getByRole("radio", { name: "Keep the run" }).check();
  await omar.getByRole("button", { name: "Start the debug run" }).click();
  await omar.waitForURL(/\/runs\/run_/);
  const run = omar.url();
  const asked = omar.getByRole("heading", { name: "Is it told, version 1, asked whether Inspection is complete: no" });
  await asked.waitFor();

  await omar.getByRole("button", { name: /step Inspect it/ }).click();
  await omar.getByRole("link", { name: "It is yours to do: open it" }).click();
  await omar.getByRole("checkbox", { name: "Something is amiss" }).check();
  await omar.getByRole("button", { name: "Next" }).click();
  await omar.getByRole("textbox", { name: "What is amiss" }).fill("It squeaks");
  await omar.getByRole("button", { name: "Finish" }).click();
  await omar.getByText("Finished.", { exact: false }).first().waitFor();

  for (const page of [omar, await portal.as("omar", { size: PHONE })]) {
    await page.goto(run);
    await page.getByRole("heading", { name: "Inspect the lift, version 1, of Inspect it: finished" }).waitFor();
    const passed = page.getByRole("list", { name: "Elements that Inspect the lift passed" }).getByRole("listitem");
    const words = await passed.evaluateAll((items) =>
      items.filter((item) => item.closest("li") === item).map((item) => item.textContent ?? ""),
    );
    const expected = ["Look at it", "Is it amiss?: It is", "Tell what is amiss", "Was more asked?: More was asked"];
    expect(expected.filter((one, at) => words[at]?.startsWith(one))).toEqual(expected);
    await page
      .getByRole("heading", { name: "Is it told, version 1, asked whether Inspection is complete: yes" })
      .waitFor();
    await page.getByRole("list", { name: "Elements that Is it told passed" }).getByText("Say yes").waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  }
});
