import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { startPortal } from "./support/portal";

const portal = startPortal();

/** The form in which a buddy is assigned, in a window of Carla's. */
async function openForm(page: Page): Promise<Page> {
  await page.goto("/work");
  await page.getByRole("option", { name: /Assign a buddy/ }).click();
  await page.getByRole("heading", { name: "Choose a buddy" }).waitFor();
  return page;
}
const word = (page: Page) => page.getByLabel("A word to the buddy");
const saved = (page: Page) => page.getByText(/^Saved \d\d:\d\d$/).waitFor();

test("the same form in two windows shows both values, and the person chooses", async () => {
  const here = await openForm(await portal.as("carla"));
  const there = await openForm(await here.context().newPage());
  await word(here).fill("Show her the kitchen.");
  await saved(here);
  await word(there).fill("Show her the archive.");
  await there.getByText("This form was also changed in another window").waitFor();
  expect(await there.getByRole("button", { name: "Finish" }).isDisabled()).toBe(true);
  await there.getByRole("radio", { name: "Here: Show her the archive." }).waitFor();
  await there.getByRole("radio", { name: "There: Show her the kitchen." }).check();
  await there.getByRole("button", { name: "Keep these values" }).click();
  await saved(there);
  expect(await word(there).inputValue()).toBe("Show her the kitchen.");
});

test("without a connection what is typed is kept on the device, survives a reload, and is saved when the connection is back", async () => {
  portal.allowErrors(); // the browser logs each request that the network refuses
  const page = await openForm(await portal.as("carla"));
  await page.context().setOffline(true);
  await word(page).fill("Typed in the tunnel.");
  await page.getByText("Not saved, kept on this device.").waitFor();
  await page.context().setOffline(false);
  await page.reload();
  await page.getByRole("heading", { name: "Choose a buddy" }).waitFor();
  await expect.poll(() => word(page).inputValue()).toBe("Typed in the tunnel.");
  await saved(page);
  const kept = () =>
    page.evaluate(() => Object.keys(window.sessionStorage).filter((name) => name.startsWith("baton.draft")));
  await expect.poll(kept).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify({ ...window.localStorage }))).not.toContain("tunnel");
});
