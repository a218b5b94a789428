import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { CONTROL_DEFINITIONS, STALLING_DEFINITIONS } from "./support/control-definitions";
import { startPortal } from "./support/portal";

const portal = startPortal();
const NAME = "Nordwind Werke";

/** Chooses one of the things that can be done to a run, gives the reason, and waits until it is done. */
async function act(page: Page, item: string, reason: string, submit: string): Promise<void> {
  await page.getByRole("button", { name: "What can be done to this run" }).click();
  await page.getByRole("menuitem", { name: item }).click();
  await say(page, reason, submit);
}

async function say(page: Page, reason: string, submit: string): Promise<void> {
  const dialog = page.getByRole("dialog").filter({ has: page.getByRole("textbox", { name: "Reason" }) });
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: submit }).click();
  await dialog.waitFor({ state: "detached" });
}

async function openStep(page: Page, label: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`step ${label}`) }).click();
  await page.getByRole("dialog", { name: label }).waitFor();
}

const closeStep = async (page: Page, label: string) => {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: label }).waitFor({ state: "detached" });
};

async function doWork(page: Page, label: string, name = NAME): Promise<void> {
  await page.goto("/work");
  await page
    .getByRole("option", { name: new RegExp(`${label}.*${name}`) })
    .first()
    .click();
  await page.getByRole("textbox", { name: "Note", exact: true }).fill("noted");
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Finished.", { exact: false }).first().waitFor();
}

const stage = (page: Page, label: string) => page.getByRole("region", { name: `Stage ${label}` });

test("an admin suspends, resumes, skips, corrects, leads and fails a run, and the record it holds is kept from others", async () => {
  const omar = await portal.as("omar");
  await omar.goto("/definitions/new?from=file");
  await omar.getByLabel("JSON to import").fill(CONTROL_DEFINITIONS);
  await omar.getByRole("button", { name: "Import", exact: true }).click();
  await omar.getByText("3 definitions imported and active").waitFor();
  await omar.goto("/definitions/Account_Review");
  await stage(omar, "Talk").getByText("on error: Mend it").waitFor();

  await omar.goto("/records/Account/new");
  await omar.getByLabel("Account name").fill(NAME);
  await omar.getByRole("button", { name: "Create account" }).click();
  await omar.getByRole("heading", { level: 1, name: NAME }).waitFor();
  const record = omar.url();

  // A form that is open when a run takes the record is refused, and keeps what was typed.
  const late = await omar.context().newPage();
  await late.goto(`${record}/edit`);
  await late.getByLabel("Contact e-mail").fill("new@example.com");
  await omar.getByRole("button", { name: "Start the review" }).click();
  await omar.getByText("This record cannot be changed now").waitFor();
  expect(await omar.getByRole("button", { name: "Edit" }).isDisabled()).toBe(true);
  await late.getByRole("button", { name: "Save" }).click();
  await late.getByText(/This record is locked by Account review since \d{4}-\d\d-\d\d/).waitFor();
  expect(await late.getByLabel("Contact e-mail").inputValue()).toBe("new@example.com");
  await late.close();

  // Suspended: the assignee finishes meanwhile, and the next step starts when the run is resumed.
  await omar.getByRole("link", { name: "Account review" }).first().click();
  await omar.getByText("It keeps its record from being changed").waitFor();
  await act(omar, "Suspend…", "The auditors are here.", "Suspend the run");
  await omar.getByText("No step starts until the run is resumed.").waitFor();
  const carla = await portal.as("carla");
  await doWork(carla, "Invite to a talk");
  await omar.reload();
  expect(await stage(omar, "Talk").getByText("Not Started").count()).toBe(1);
  await omar.getByRole("button", { name: "Resume" }).click();
  await say(omar, "They have left.", "Resume the run");
  await stage(omar, "Talk")
    .getByRole("button", { name: /step Report on the talk.*In Progress/ })
    .waitFor();

  // Skipped, with an output; then the step behind it fails, and is tried again with another input.
  await openStep(omar, "Report on the talk");
  await omar.getByRole("button", { name: "Skip…" }).click();
  const skip = omar.getByRole("dialog", { name: "Skip “Report on the talk”" });
  await skip.getByRole("combobox", { name: "Kind of note" }).click();
  await omar.getByRole("option", { name: "Text", exact: true }).click();
  await skip.getByRole("textbox", { name: "note" }).fill("they talked on the phone");
  await skip.getByRole("button", { name: "Skip the step" }).click();
  await skip.getByText("Say why, in a few words").waitFor();
  expect(await skip.getByRole("textbox", { name: "note" }).inputValue()).toBe("they talked on the phone");
  await say(omar, "Not needed this time.", "Skip the step");
  await closeStep(omar, "Report on the talk");
  await stage(omar, "Talk").getByText("Skipped: Not needed this time.").waitFor();
  await omar.getByText("This run stopped with an error").waitFor();

  await openStep(omar, "Stamp it");
  await omar.getByText("Write the stamp in Stamp the account, version 1").waitFor();
  await closeStep(omar, "Stamp it");
  await omar.goto("/runs?status=error");
  await omar.getByRole("button", { name: `Repair ${NAME}` }).click();
  await omar.getByRole("dialog", { name: NAME }).getByRole("button", { name: "Try again" }).click();
  const retry = omar.getByRole("dialog", { name: "Try the failed step again" });
  expect(await retry.getByRole("textbox", { name: "accountId" }).inputValue()).toBe("rec_nobody");
  await retry.getByRole("textbox", { name: "accountId" }).fill(record.split("/").at(-1) ?? "");
  await retry.getByLabel("Reason").fill("It was the wrong account.");
  await retry.getByRole("button", { name: "Try again" }).click();
  await retry.waitFor({ state: "detached" });
  await omar.goto(record);
  await omar.getByText("stamped@example.com").first().waitFor();

  // A second run: led to a stage by name, what it leaves is told before.
  await omar.getByRole("button", { name: "Start the review" }).click();
  await omar.getByText("This record cannot be changed now").waitFor();
  await omar.getByRole("link", { name: "Account review" }).first().click();
  await omar.getByRole("button", { name: "What can be done to this run" }).click();
  await omar.getByRole("menuitem", { name: "Go to stage…" }).click();
  const there = omar.getByRole("dialog", { name: "Go to a stage" });
  await there.getByRole("listitem").getByText("Invite to a talk").waitFor();
  await there.getByRole("combobox", { name: "Stage" }).click();
  await omar.getByRole("option", { name: "Mend it" }).click();
  await say(omar, "It is broken already.", "Go there");
  await stage(omar, "Mend it").getByText("Round 1, Omar Haddad went there").waitFor();
  await stage(omar, "Talk").getByText("Discontinued").first().waitFor();
  await doWork(carla, "Mend what broke");
  await omar.reload();
  await omar.getByText("Completed").first().waitFor();

  // A third one: a step is failed by hand, its stage's fault path is taken, and the reason stays with the step.
  await omar.goto(record);
  await omar.getByRole("button", { name: "Start the review" }).click();
  await omar.getByText("This record cannot be changed now").waitFor();
  await omar.getByRole("link", { name: "Account review" }).first().click();
  await openStep(omar, "Invite to a talk");
  await omar.getByRole("button", { name: "Fail…" }).click();
  await say(omar, "The number was wrong.", "Fail the step");
  await closeStep(omar, "Invite to a talk");
  await stage(omar, "Talk").getByText("The number was wrong.").waitFor();
  await stage(omar, "Mend it").getByText("In Progress").first().waitFor();
  await doWork(carla, "Mend what broke");
});

test("a stalled run is listed with what it misses, and mended from its page", async () => {
  const name = "Stille Werke";
  const omar = await portal.as("omar");
  await omar.goto("/definitions/new?from=file");
  await omar.getByLabel("JSON to import").fill(STALLING_DEFINITIONS);
  await omar.getByRole("button", { name: "Import", exact: true }).click();
  await omar.getByText("2 definitions imported and active").waitFor();
  await omar.goto("/records/Account/new");
  await omar.getByLabel("Account name").fill(name);
  await omar.getByRole("button", { name: "Create account" }).click();
  await omar.getByRole("heading", { level: 1, name }).waitFor();
  // Two processes of the object by now: they stand in a menu.
  await omar.getByRole("button", { name: "Start", exact: true }).click();
  await omar.getByRole("menuitem", { name: "Start the check" }).click();
  await omar.getByRole("link", { name: "Account check" }).first().waitFor();
  await doWork(await portal.as("carla"), "Look at it", name);

  await omar.goto("/runs?status=stalled");
  const row = omar.getByRole("row").filter({ hasText: name });
  await row.getByText("Stalled").waitFor();
  await row.getByText(/Look\.Outputs\.note .*“again” \(it is “noted”\)/).waitFor();
  await row.getByRole("link", { name }).click();
  await omar.getByText("Stalled: nothing can move this run any more").waitFor();
  await openStep(omar, "Look again");
  await omar.getByRole("button", { name: "Skip…" }).click();
  await say(omar, "Once is enough.", "Skip the step");
  await closeStep(omar, "Look again");
  await stage(omar, "Check").getByText("Skipped: Once is enough.").waitFor();
  await omar.getByText("Stalled: nothing can move this run any more").waitFor({ state: "detached" });
  await omar.goto("/runs?status=stalled");
  await omar.getByRole("heading", { level: 1 }).first().waitFor();
  expect(await omar.getByRole("row").filter({ hasText: name }).count()).toBe(0);
});
