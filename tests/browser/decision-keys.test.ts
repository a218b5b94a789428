import { expect, test } from "vitest";
import { startPortal } from "./support/portal";
import { settled } from "./support/settled";

const portal = startPortal();

test("an open request is decided by its keys, with the comment that was written", async () => {
  const page = await portal.as("carla");
  await page.goto("/work");
  await page.getByRole("option").first().waitFor();
  await settled(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Approve the expense" }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await expect.poll(focused).toBe("Approve the expense");

  await page.keyboard.press("r");
  await expect.poll(focused).toBe("Reject");
  await page.keyboard.press("Enter");
  await page.getByText("Say why you reject").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  await page.keyboard.type("after all");
  await page.keyboard.press("Tab");
  await page.keyboard.press("a");
  await page.getByText("Approved.", { exact: false }).first().waitFor();
  const decided = await portal.sql()`select outcome, comments from work_item where comments = 'after all'`;
  expect(decided).toMatchObject([{ outcome: "approve" }]);
});
