import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { holdSending, meetingOf } from "./support/meeting";
import { startPortal, workLinkIn } from "./support/portal";

const portal = startPortal();

const PAPERWORK = ["Contract signed by both sides", "Identity checked", "Bank details given to payroll"];

async function openGroupItem(username: string, item: RegExp, firstField: string): Promise<Page> {
  const page = await portal.as(username);
  await page.goto("/work?view=groups");
  await page.getByRole("option", { name: item }).click();
  await page.getByLabel(firstField).waitFor();
  return page;
}

const hasFinished = (page: Page) => page.getByText("Finished. The process goes on from here.").first();

test("of two who finish a group's item in the same moment one wins, and the other is told who it was and keeps what was typed", async () => {
  const item = /Confirm the paperwork.*Hiro Sato/;
  const people = await Promise.all(
    (["tomas", "ruth"] as const).map(async (username) => ({
      username,
      page: await openGroupItem(username, item, "Identity checked"),
    })),
  );
  for (const { page } of people) for (const box of PAPERWORK) await page.getByLabel(box).check();
  await Promise.all(people.map(({ page }) => page.getByText(/^Saved /).waitFor()));
  portal.allowErrors(); // a list that is asked for anew meanwhile may be given up
  // Neither answer can come before both have pressed: the two requests set off together.
  const bothPressed = meetingOf(people.length);
  await Promise.all(people.map(({ page }) => holdSending(page, bothPressed)));
  await Promise.all(people.map(({ page }) => page.getByRole("button", { name: "Finish" }).click()));

  const names = { tomas: "Tomáš Novák", ruth: "Ruth Adler" };
  const closed = await closedBy("Confirm the paperwork", "Hiro Sato");
  expect(closed).toHaveLength(1);
  const winner = people.find(({ username }) => username === closed[0]);
  const loser = people.find(({ username }) => username !== closed[0]);
  if (!winner || !loser) throw new Error(`closed by ${closed[0]}, who did not press`);
  await hasFinished(winner.page).waitFor();
  await loser.page.getByText(`${names[winner.username]} finished this`).first().waitFor();
  expect(await hasFinished(loser.page).count()).toBe(0);
  await loser.page.getByText("What you had filled in stays here").waitFor();
  for (const box of PAPERWORK) expect(await loser.page.getByLabel(box).isChecked()).toBe(true);
  expect(await loser.page.getByRole("button", { name: "Finish" }).count()).toBe(0);
  const [kept] = await portal.sql()`
    select i.draft from interview i join "user" u using (user_id) join work_item w using (work_item_id)
    where u.username = ${loser.username} and w.record_name = 'Hiro Sato' and w.label = 'Confirm the paperwork'`;
  expect(Object.values(kept?.draft as object).filter((value) => value === true)).toHaveLength(PAPERWORK.length);
});

const CLOSED_WITHIN_MS = 30_000;

/** Waits until somebody has finished an item, and gives the people whom its run's history names for it. */
async function closedBy(label: string, recordName: string): Promise<string[]> {
  for (let waited = 0; waited < CLOSED_WITHIN_MS; waited += 100) {
    const rows = await portal.sql()<{ username: string }[]>`
      select u.username from history h join work_item w on w.work_item_id = h.subject_id
      join "user" u on u.user_id = h.actor_id
      where w.label = ${label} and w.record_name = ${recordName} and h.type = 'work-item-completed'`;
    if (rows.length > 0) return rows.map(({ username }) => username);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nobody finished ${label} of ${recordName}`);
}

test("what is typed while somebody else decides stays to be copied, and can no longer be sent", async () => {
  const item = /Approve the spending.*Test servers/;
  const [yusuf, hannah] = await Promise.all([
    openGroupItem("yusuf", item, "Comment"),
    openGroupItem("hannah", item, "Comment"),
  ]);
  await hannah.getByLabel("Comment").fill("Too many of them; two would do.");
  await yusuf.getByRole("radio", { name: "Reject" }).check();
  await yusuf.getByLabel("Comment").fill("Not this quarter.");
  await yusuf.getByRole("button", { name: "Finish" }).click();
  await hannah.getByText("Yusuf Demir rejected this").first().waitFor();
  expect(await hannah.getByLabel("Comment").inputValue()).toBe("Too many of them; two would do.");
  expect(await hannah.getByRole("button", { name: "Finish" }).count()).toBe(0);
});

test("a reassigned item leaves one person, reaches another with a mail, and the history says why", async () => {
  const nora = await portal.as("nora");
  await nora.goto("/items?status=assigned");
  await nora.getByRole("row").filter({ hasText: "Close the case" }).getByRole("checkbox").check();
  await nora.getByRole("region", { name: "Selected work items" }).getByRole("button", { name: "Reassign" }).click();
  const dialog = nora.getByRole("dialog");
  await dialog.getByRole("button", { name: "Reassign" }).click();
  await dialog.getByText("Choose who gets the work").waitFor();
  await dialog
    .getByRole("combobox", { name: "To" })
    .or(dialog.getByRole("textbox", { name: "To" }))
    .first()
    .fill("David");
  await nora.getByRole("option", { name: "David Osei" }).click();
  await dialog.getByLabel("Reason").fill("Carla is on leave.");
  await dialog.getByRole("button", { name: "Reassign" }).click();
  await nora.getByRole("row").filter({ hasText: "Close the case" }).getByText("David Osei").waitFor();

  const link = workLinkIn(await portal.mailTo("david", /Close the case/));
  const david = await portal.as("david");
  await david.goto(link);
  await david
    .getByRole("button", { name: /Finish|Next/ })
    .first()
    .waitFor();
  const carla = await portal.as("carla");
  await carla.goto("/work");
  await carla.getByRole("option").first().waitFor();
  expect(await carla.getByRole("option", { name: /Close the case/ }).count()).toBe(0);
  await nora.getByRole("link", { name: "Close the case" }).click();
  await nora.getByText("Carla is on leave.").first().waitFor();
});

/** Milliseconds; a page without a stream asks by itself every 20 s. */
const SOONER_THAN_ASKED = 18_000;

test("a page that was on its way while something changed shows how it is now", async () => {
  const [nora, ruth] = await Promise.all([portal.as("nora"), portal.as("ruth")]);
  await Promise.all([nora.goto("/runs"), ruth.goto("/approvals")]);
  await ruth.getByRole("option", { name: /Wedding in Brno/ }).click();
  const press = ruth.getByRole("button", { name: "Approve", exact: true });
  await press.waitFor();
  let isHeld = false;
  await nora.route(/\/runs\/run_.*_rsc=/, async (way) => {
    const page = await way.fetch();
    if (!isHeld && !("next-router-prefetch" in way.request().headers())) {
      isHeld = true;
      await press.click();
      await ruth.getByText("Approved.", { exact: false }).first().waitFor();
      await nora.waitForTimeout(1_000);
    }
    await way.fulfill({ response: page });
  });
  await nora.getByRole("link", { name: /Wedding in Brno/ }).click();
  await nora.getByRole("heading", { level: 1, name: "Wedding in Brno" }).waitFor();
  await nora.getByRole("main").getByText("Approved", { exact: true }).first().waitFor({ timeout: SOONER_THAN_ASKED });
});

test("a session that ends in the middle of a form asks to sign in again in place, and nothing that was typed is lost", async () => {
  const priya = await portal.as("priya");
  await priya.goto("/work");
  portal.allowErrors(); // the stream and the lists are refused until she is back
  await openGroupForm(priya);
  await priya.getByLabel("Account name").fill("katja.maier");
  await portal.sql()`update session set revoked_at = clock_timestamp() where user_id = (select user_id from "user" where username = 'priya')`;
  await priya.getByRole("button", { name: "Next" }).click();
  const dialog = priya.getByRole("dialog", { name: "Please sign in again" });
  await dialog.waitFor();
  await portal.signInAgain(priya, "priya");
  await priya.getByRole("heading", { name: "Laptop", exact: true }).waitFor();
  await priya.getByRole("button", { name: "Back" }).click();
  expect(await priya.getByLabel("Account name").inputValue()).toBe("katja.maier");
});

async function openGroupForm(page: Page): Promise<void> {
  await page.goto("/work?view=groups");
  await page.getByRole("option", { name: /Provision account and laptop.*Katja Maier/ }).click();
  await page.getByLabel("Account name").waitFor();
}

test("what was typed is there again after the tab was closed", async () => {
  const fatou = await portal.as("fatou");
  const open = async (page: Page) => {
    await page.goto("/work?view=groups");
    await page.getByRole("option", { name: /Set up a desk.*Hiro Sato/ }).click();
    await page.getByLabel("The door badge is ready").waitFor();
  };
  await open(fatou);
  await fatou.getByLabel("The door badge is ready").check();
  await fatou
    .getByText(/^Saved /)
    .first()
    .waitFor();
  const second = await fatou.context().newPage();
  await fatou.close();
  await open(second);
  await second.waitForFunction(() =>
    [...document.querySelectorAll<HTMLInputElement>("input[type=checkbox]")].some((box) => box.checked),
  );
});

test("a mail's Approve button only opens the item with the choice made; the decision is the person's own press", async () => {
  const text = await portal.mailTo("carla", /Design tool licences/);
  const link = workLinkIn(text).replace(/[?&]decision=\w+/, "");
  const carla = await portal.stranger();
  for (const choice of ["approve", "reject"]) await carla.request.get(`${link}&decision=${choice}`);
  await carla.goto(`${link}&decision=reject`);
  await portal.signIn(carla, "carla");
  await carla.getByLabel("Comment").waitFor();
  const undecided =
    await portal.sql()`select 1 from work_item where record_name = 'Design tool licences' and status = 'assigned'`;
  expect(undecided).toHaveLength(1);
  await carla.getByLabel("Comment").fill("Not this year.");
  await carla.getByRole("button", { name: "Reject", exact: true }).click();
  await carla.getByText("Rejected").first().waitFor();
  const [submission] =
    await portal.sql()`select s.status from submission s join record r using (record_id) where r.name = 'Design tool licences'`;
  expect(submission?.status).toBe("rejected");
});

test("an admin tries a failed step again, and the run goes on from there", async () => {
  const omar = await portal.as("omar");
  await omar.goto("/runs?status=error");
  await omar.getByRole("link", { name: "Atelier Fontaine" }).click();
  await omar.getByText("This run stopped with an error").waitFor();
  await portal.sql()`update record set data = data || '{"IBAN":"DE02120300000000202051"}' where name = 'Atelier Fontaine'`;
  await omar.getByRole("button", { name: "Try again" }).click();
  await omar.getByRole("dialog").getByLabel("Reason").fill("The IBAN was missing.");
  await omar.getByRole("dialog").getByRole("button", { name: "Try again" }).click();
  await omar.getByText("Completed").first().waitFor();
  await omar.getByText("The IBAN was missing.").first().waitFor();
});

const HOSTILE = [
  '<img src=x onerror="window.pwned=1">',
  "<script>window.pwned=1</script>",
  "javascript:window.pwned=1",
  "{{constructor.constructor('window.pwned=1')()}}",
  '"><svg onload=window.pwned=1>',
];

test("texts that try to be code are shown as the texts they are, wherever they are shown", async () => {
  const ruth = await portal.as("ruth");
  const name = HOSTILE.join(" ").slice(0, 200);
  await ruth.goto("/records/Account/new");
  await ruth.getByLabel("Account name").fill(name);
  await ruth.getByRole("button", { name: /^Create/ }).click();
  await ruth.getByRole("heading", { level: 1 }).filter({ hasText: "onerror" }).waitFor();
  for (const path of ["/records/Account", "/records"]) {
    await ruth.goto(path);
    await ruth.getByRole("heading", { level: 1 }).waitFor();
    expect(await ruth.evaluate(() => "pwned" in window), path).toBe(false);
  }
});
