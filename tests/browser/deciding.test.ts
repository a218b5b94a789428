import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { decide, openRequest, traceOn } from "./support/approvals";
import { holdSending, meetingOf } from "./support/meeting";
import { startPortal } from "./support/portal";
import { settled } from "./support/settled";

const portal = startPortal();

const press = (page: Page, button: string) => page.getByRole("button", { name: button, exact: true }).click();

/** What was typed is there to be copied, and nothing can be sent any more. */
async function keepsComment(page: Page, text: string): Promise<void> {
  const comment = page.getByLabel("Comment");
  expect(await comment.inputValue()).toBe(text);
  await page.getByText("What you had filled in stays here", { exact: false }).waitFor();
  expect(await comment.isEditable()).toBe(false);
  expect(await page.getByRole("button", { name: /^(Approve|Reject)$/ }).count()).toBe(0);
}

/** Opens a request and types a comment. */
async function aboutToDecide(page: Page, [step, record]: readonly [string, string], comments: string) {
  await openRequest(page, step, record);
  await page.getByLabel("Comment").fill(comments);
}

test("of two who decide one item in the same moment one does; the other is told who and what, and keeps the comment", async () => {
  const fair = ["Check the expense", "Trade fair in Hanover"] as const;
  const pages = { hannah: await portal.as("hannah"), yusuf: await portal.as("yusuf") };
  await aboutToDecide(pages.hannah, fair, "Within the budget of the fair.");
  await aboutToDecide(pages.yusuf, fair, "Two of the bills are missing.");
  const bothPressed = meetingOf(2);
  await Promise.all(Object.values(pages).map((page) => holdSending(page, bothPressed)));
  await Promise.all([press(pages.hannah, "Approve"), press(pages.yusuf, "Reject")]);

  const winner = await decider("Check the expense", fair[1]);
  const loser = winner === "hannah" ? "yusuf" : "hannah";
  await pages[winner]
    .getByText(winner === "hannah" ? "Approved." : "Rejected.")
    .first()
    .waitFor();
  const said = winner === "hannah" ? "Hannah Berg approved this" : "Yusuf Demir rejected this";
  await pages[loser].getByText(said, { exact: false }).first().waitFor();
  await keepsComment(
    pages[loser],
    loser === "hannah" ? "Within the budget of the fair." : "Two of the bills are missing.",
  );
});

/** Waits until the database says who decided. */
async function decider(label: string, recordName: string): Promise<"hannah" | "yusuf"> {
  const look = () => portal.sql()<{ username: "hannah" | "yusuf" }[]>`
    select u.username from work_item w join "user" u on u.user_id = w.completed_by
    where w.label = ${label} and w.record_name = ${recordName}`;
  await expect.poll(async () => (await look()).length).toBe(1);
  const [row] = await look();
  return row?.username ?? "hannah";
}

test("whoever decides in another's place says so; a double click decides once (F25), and both names are told and kept", async () => {
  const elena = await portal.as("elena");
  await openRequest(elena, "Approve the expense", "Catering", "delegated");
  await elena.getByText("You decide on behalf of Carla Mendes", { exact: false }).waitFor();
  await elena.getByLabel("Comment").fill("Carla knows of it.");
  await elena.getByRole("button", { name: "Approve", exact: true }).dblclick();
  await elena.getByText("Approved.").first().waitFor();
  const done = await portal.sql()`
    select h.seq from history h join work_item w on w.work_item_id = h.subject_id
    where w.label = 'Approve the expense' and w.record_name = 'Catering' and h.type = 'work-item-completed'`;
  expect(done).toHaveLength(1);
  const david = await portal.as("david");
  expect(await portal.mailTo("david", /Catering/)).toContain("Decided by: Elena Petrova on behalf of Carla Mendes");
  await david.goto("/approvals?view=requested");
  await david.getByRole("option", { name: /Catering/ }).click();
  await traceOn(david).getByText("Carla Mendes: Approve by Elena Petrova, on behalf of Carla Mendes").waitFor();
});

/** Lets what a page sends wait on its way while something else happens. */
async function pressedWhile(page: Page, button: string, meanwhile: () => Promise<void>): Promise<void> {
  const { promise: over, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: isOnItsWay, resolve: sent } = Promise.withResolvers<void>();
  await holdSending(page, () => {
    sent();
    return over;
  });
  await press(page, button);
  await isOnItsWay;
  await meanwhile();
  goOn();
}

test("what is decided in one window is not decided again in another", async () => {
  const here = await portal.as("ruth");
  const there = await here.context().newPage();
  const wedding = ["Approve the leave", "Wedding in Brno"] as const;
  await aboutToDecide(here, wedding, "Who does the payroll?");
  await aboutToDecide(there, wedding, "All the best.");
  await pressedWhile(here, "Reject", () => decide(there, "Approve", { said: "Approved" }));
  await here.getByText("Ruth Adler approved this", { exact: false }).first().waitFor();
  await keepsComment(here, "Who does the payroll?");
});

test("what was decided meanwhile is told in the list, too, with the reason that was typed", async () => {
  const here = await portal.as("ruth");
  const there = await here.context().newPage();
  await openRequest(there, "Review the contract", "Hosting 2027");
  await here.goto("/approvals?search=Hosting");
  await settled(here);
  await here.getByRole("option", { name: /Hosting 2027/ }).focus();
  await here.keyboard.press("r");
  const dialog = here.getByRole("dialog", { name: "Reject Hosting 2027" });
  await dialog.getByLabel("Reason").fill("Not in that country.");
  await pressedWhile(here, "Reject", () => decide(there, "Approve", { said: "Approved" }));
  const told = here.getByRole("alert", { name: "Hosting 2027" });
  await told.getByText("Ruth Adler already approved this", { exact: false }).waitFor();
  await told.getByText("You wrote: “Not in that country.”").waitFor();
});

test("an approver who lost access in the meantime is told so, and keeps the comment", async () => {
  portal.allowErrors(); // what is no longer theirs is answered with 404
  const [yusuf, omar] = [await portal.as("yusuf"), await portal.as("omar")];
  await omar.goto("/admin/groups/Finance");
  await aboutToDecide(yusuf, ["Approve the payment terms", "Q-1044"], "Sixty days would do.");
  await pressedWhile(yusuf, "Reject", async () => {
    await omar.getByRole("button", { name: "Remove Yusuf Demir" }).click();
    await omar.getByRole("button", { name: "Save" }).click();
    await omar.getByText("Finance is saved.", { exact: false }).waitFor();
  });
  await yusuf.getByText("This is no longer yours", { exact: false }).waitFor();
  await keepsComment(yusuf, "Sixty days would do.");
});

test("a request that was recalled in the meantime is not decided, and the approver keeps the comment", async () => {
  const [elena, luca] = [await portal.as("elena"), await portal.as("luca")];
  await luca.goto("/approvals?view=requested");
  await luca.getByRole("option", { name: /Q-1044/ }).click();
  await aboutToDecide(elena, ["Approve the discount", "Q-1044"], "For this once.");
  await pressedWhile(elena, "Approve", async () => {
    await luca.getByRole("button", { name: "Recall" }).click();
    const dialog = luca.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("They went elsewhere.");
    await dialog.getByRole("button", { name: "Recall" }).click();
    await dialog.waitFor({ state: "detached" });
  });
  await elena.getByText("This was withdrawn", { exact: false }).first().waitFor();
  await keepsComment(elena, "For this once.");
  const [{ status } = { status: "" }] = await portal.sql()`
    select s.status from submission s join record r using (record_id) where r.name like 'Q-1044%'`;
  expect(status).toBe("recalled");
});
