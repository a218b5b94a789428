import { expect, test } from "vitest";
import { startPortal } from "./support/portal";
import { settled } from "./support/settled";

const portal = startPortal();

/** Saves the record behind an item as somebody else would at that moment, before any page hears of it. */
async function changed(workItemId: string, amount: number): Promise<void> {
  await portal.sql()`
    update record set data = data || jsonb_build_object('Amount', ${amount}::int), version = version + 1
    where record_id = (select record_id from work_item where work_item_id = ${workItemId})`;
}

test("a mail's choice is chosen already in a form that asks for it, with the word that nothing is decided", async () => {
  const page = await portal.as("yusuf");
  await page.goto("/approvals");
  const row = page.getByRole("option", { name: /Approve the spending/ }).first();
  const item = (await row.getAttribute("data-row")) ?? "";
  const [record] = await portal.sql()`select record_type, record_id from work_item where work_item_id = ${item}`;
  await page.goto(`/records/${record?.record_type}/${record?.record_id}?item=${item}&decision=reject`);
  await page.getByText("You chose Reject in the mail. Nothing is decided until you finish the form.").waitFor();
  await expect.poll(() => page.getByRole("radio", { name: "Reject" }).isChecked()).toBe(true);
  const open = await portal.sql()`select 1 from work_item where work_item_id = ${item} and status = 'assigned'`;
  expect(open).toHaveLength(1);
});

test("a key in the list decides on what the row shows: another version is refused there, and the next press takes the new one", async () => {
  const page = await portal.as("carla");
  await page.goto("/approvals");
  const row = page.getByRole("option").first();
  const item = (await row.getAttribute("data-row")) ?? "";
  await settled(page);
  await page.keyboard.press("j");
  await changed(item, 88_888);
  await page.keyboard.press("a");
  const again = page.locator(`[data-row="${item}"]`);
  await again.getByText("was changed after you opened this", { exact: false }).waitFor();
  await again.focus();
  await page.keyboard.press("a");
  await expect
    .poll(() => portal.sql()`select outcome from work_item where work_item_id = ${item}`)
    .toEqual([{ outcome: "approve" }]);
});

test("what changes while a decision stands open is told with what it was, and what was typed stays", async () => {
  const page = await portal.as("elena");
  await page.goto("/approvals");
  const row = page.getByRole("option").first();
  const item = (await row.getAttribute("data-row")) ?? "";
  await row.click();
  await page.getByLabel("Comment").fill("For this once.");
  await changed(item, 77_777);
  const [record] = await portal.sql()`select record_type, record_id from work_item where work_item_id = ${item}`;
  await portal.sql()`select pg_notify('baton_live', ${JSON.stringify({ topic: "record", recordId: record?.record_id })})`;
  const told = page.getByRole("status").filter({ hasText: "Changed since you opened this" });
  await told.getByRole("row", { name: /^Amount .*77,777/ }).waitFor();
  expect(await page.getByLabel("Comment").inputValue()).toBe("For this once.");
});

test("a time that is pointed at stays the element that it was, so that a press on it opens its row", async () => {
  const page = await portal.as("elena");
  await page.goto("/work?view=waiting");
  const time = page.getByRole("option").first().locator("time");
  await time.waitFor();
  const before = await time.elementHandle();
  await time.hover();
  await page.getByRole("tooltip").waitFor();
  expect(await before?.evaluate((element) => element.isConnected)).toBe(true);
});
