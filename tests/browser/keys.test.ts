import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startPortal } from "./support/portal";
import { settled } from "./support/settled";
import { TEN, TEN_REQUESTS } from "./support/ten-requests";

const portal = startPortal();

test("My work is worked through without a mouse", async () => {
  const page = await portal.as("carla");
  await page.goto("/work");
  await page.getByRole("option").first().waitFor();
  await settled(page);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("j");
  await expect.poll(focused).toContain("Approve the expense");
  await page.keyboard.press("j");
  await expect.poll(focused).toContain("Approve the purchase");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Approve the expense" }).waitFor();
  await expect.poll(focused).toBe("Approve the expense");
  await page.getByRole("button", { name: "Approve", exact: true }).press("Enter");
  await page.getByText("Approved.", { exact: false }).first().waitFor();
  await expect.poll(focused).toContain("Approve the purchase");
});

test("an approver clears ten requests without a mouse: from the list, in the page, with a reason, and several together", async () => {
  const omar = await portal.as("omar");
  await omar.goto("/definitions/new?from=file");
  await omar.getByLabel("JSON to import").fill(TEN_REQUESTS);
  await omar.getByRole("button", { name: "Import", exact: true }).click();
  await omar.getByText("3 definitions imported and active").waitFor();
  await omar.goto("/start");
  await omar.getByRole("button", { name: "Ask ten times" }).click();
  await omar.getByRole("dialog").getByRole("button", { name: "Ask ten times" }).click();
  await omar.getByText("Completed").first().waitFor();

  const page = await portal.as("carla");
  await page.goto("/approvals?search=Parcel");
  const rows = page.getByRole("option", { name: /Check the spending/ });
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  const left = (count: number) => expect.poll(() => rows.count()).toBe(count);
  await left(TEN);
  await settled(page);

  await page.keyboard.press("j");
  for (let done = 1; done <= 6; done++) {
    await expect.poll(focused).toContain("Parcel");
    await page.keyboard.press("a");
    await left(TEN - done);
  }
  await expect.poll(focused).toContain("Parcel");
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByLabel("Reason").waitFor();
  await page.keyboard.type("Nobody knows what was in it.");
  await page.keyboard.press("Enter");
  await left(3);

  await expect.poll(focused).toContain("Parcel");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Check the spending" }).waitFor();
  await expect.poll(focused).toBe("Check the spending");
  await tabTo(page, "Comment");
  await page.keyboard.type("Fine.");
  await tabTo(page, "Approve");
  await page.keyboard.press("Enter");
  await left(2);

  await expect.poll(focused).toContain("Parcel");
  for (const key of ["Home", "x", "End", "x"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Decide 2 together…" }).waitFor();
  await tabTo(page, "Decide 2 together…", "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Decide 2 requests" }).waitFor();
  await tabTo(page, "Approve all 2");
  await page.keyboard.press("Enter");
  await page.getByText("2 decided.").waitFor();
  await page.keyboard.press("Escape");
  await left(0);

  const decided = await portal.sql()`
    select outcome, count(*)::int from work_item where record_name like 'Parcel%' group by 1 order by 1`;
  expect(decided.map(({ outcome, count }) => [outcome, count])).toEqual([
    ["approve", 9],
    ["reject", 1],
  ]);
});

// The last one: the browser keeps the switch.
test("letters lead to pages, a question mark lists the keys, and they can be switched off", async () => {
  const page = await portal.as("carla");
  await page.goto("/work");
  await page.getByRole("option").first().waitFor();
  await settled(page);
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL(/view=done/);
  await page.getByRole("searchbox").waitFor();
  await settled(page);
  await page.keyboard.press("/");
  await expect.poll(() => page.getByRole("searchbox").evaluate((box) => box === document.activeElement)).toBe(true);
  await page.keyboard.type("g o");
  expect(page.url()).toContain("view=done");
  await page.keyboard.press("Escape");
  await page.getByRole("main").focus();
  await page.keyboard.press("?");
  await page.getByRole("switch", { name: "Single-key shortcuts" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("[");
  await page.getByRole("button", { name: "Hide the side bar" }).waitFor();
});

/** Goes on from where the focus is until what has that name has it. */
async function tabTo(page: Page, name: string, key = "Tab"): Promise<void> {
  const nameOf = () =>
    page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
    });
  for (let pressed = 0; pressed < 30; pressed++) {
    await page.keyboard.press(key);
    if ((await nameOf()) === name) return;
  }
  throw new Error(`${key} does not lead to ${name}`);
}
