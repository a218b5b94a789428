import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { choose } from "./support/approvals";
import { startPortal, workLinkIn } from "./support/portal";

const portal = startPortal();
const NAME = "Noor El Amrani";

/** Opens what a person's mail leads to, signing in on the way, and waits for the form. */
async function openFromMail(username: string): Promise<Page> {
  const link = workLinkIn(await portal.mailTo(username, new RegExp(NAME)));
  const page = await portal.stranger();
  await page.goto(link);
  await portal.signIn(page, username);
  await page
    .getByRole("button", { name: "Finish" })
    .or(page.getByRole("button", { name: "Next" }))
    .waitFor();
  expect(page.url()).toContain("/records/Employee/");
  return page;
}

const finish = async (page: Page) => {
  await page.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Finished.", { exact: false }).first().waitFor();
};

test("somebody joins: five people do their part from their mails, and the run is finished", async () => {
  const ruth = await portal.as("ruth");
  await ruth.goto("/records/Employee/new");
  await ruth.getByLabel("Full name").fill(NAME);
  await ruth.getByLabel("E-mail").fill("noor@example.com");
  await ruth.getByLabel("Job title").fill("Data engineer");
  await ruth.getByLabel("Start date").fill("1 Mar 2027");
  await ruth.keyboard.press("Tab");
  await choose(ruth, "Manager", "Mei Tanaka");
  await ruth.getByRole("button", { name: "Create employee" }).click();
  await ruth.getByRole("heading", { level: 1, name: NAME }).waitFor();

  const jonas = await openFromMail("jonas");
  await jonas.getByLabel("Account name").fill("noor.el-amrani");
  await jonas.getByLabel("Source code").check();
  await jonas.getByRole("button", { name: "Next" }).click();
  await jonas.getByRole("heading", { name: "Laptop" }).waitFor();
  await jonas.getByRole("button", { name: "Finish" }).click();
  await jonas.getByText("Please review 2 fields").waitFor();
  await choose(jonas, "Laptop", "Standard, 14 inch");
  await jonas.getByLabel("Asset tag").fill("LT-0777");
  await finish(jonas);

  const mei = await openFromMail("mei");
  await choose(mei, "Buddy", "Sam Kowalski");
  await finish(mei);

  const fatou = await openFromMail("fatou");
  await fatou.getByLabel("Works from home").check();
  await fatou.getByLabel("The door badge is ready").check();
  await finish(fatou);

  const tomas = await openFromMail("tomas");
  for (const box of ["Contract signed by both sides", "Identity checked", "Bank details given to payroll"])
    await tomas.getByLabel(box).check();
  await finish(tomas);

  expect(await portal.mailTo("noor@example.com", /^Welcome/)).toContain("Sam Kowalski will meet you at the door");
  const omar = await portal.as("omar");
  await omar.goto("/runs");
  const row = omar.getByRole("row").filter({ hasText: NAME });
  await row.getByText("Completed").waitFor();
  await row.getByRole("link", { name: NAME }).click();
  await omar.getByText("Provision account and laptop").first().waitFor();
  const [record] = await portal.sql()`select data from record where name = ${NAME}`;
  expect(record?.data).toMatchObject({ Asset_Tag: "LT-0777" });
});

test("work that somebody finishes leaves the lists of the others by itself", async () => {
  const [hannah, yusuf] = [await portal.as("hannah"), await portal.as("yusuf")];
  for (const page of [hannah, yusuf]) await page.goto("/work?view=groups");
  const spending = (page: Page) => page.getByRole("option", { name: /Approve the spending/ });
  await spending(yusuf).waitFor();
  await spending(hannah).click();
  await hannah.getByLabel("Approve", { exact: true }).check();
  await hannah.getByRole("combobox", { name: "Cost centre" }).click();
  await hannah.getByRole("option", { name: "2000 Engineering" }).click();
  await hannah.getByRole("button", { name: "Finish" }).click();
  await spending(yusuf).waitFor({ state: "detached" });
  await spending(hannah).waitFor({ state: "detached" });
});
