import { expect, test } from "vitest";
import { startPortal } from "./support/portal";

const portal = startPortal();

test("My work is worked through without a mouse", async () => {
  const page = await portal.as("carla");
  await page.goto("/work");
  await page.getByRole("option").first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("j");
  expect(await focused()).toContain("Approve the expense");
  await page.keyboard.press("j");
  expect(await focused()).toContain("Approve the purchase");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Approve the expense" }).waitFor();
  await expect.poll(focused).toBe("Approve the expense");
  await page.getByRole("button", { name: "Approve", exact: true }).press("Enter");
  await page.getByText("Approved.", { exact: false }).first().waitFor();
  await expect.poll(focused).toContain("Approve the purchase");
});

test("letters lead to pages, a question mark lists the keys, and they can be switched off", async () => {
  const page = await portal.as("carla");
  await page.goto("/work");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL(/view=done/);
  await page.keyboard.press("/");
  expect(await page.getByRole("searchbox").evaluate((box) => box === document.activeElement)).toBe(true);
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
