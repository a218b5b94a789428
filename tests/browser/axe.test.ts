import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { PHONE, startPortal } from "./support/portal";

const portal = startPortal();
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page: Page): Promise<string[]> {
  await page.locator('[aria-busy="true"]').first().waitFor({ state: "detached" });
  const { violations: all } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === "dark");
  const { violations: byNight } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
  await page.emulateMedia({ colorScheme: "light" });
  const { pathname, search } = new URL(page.url());
  return [...all, ...byNight].map(
    ({ id, nodes: [node, ...more] }) =>
      `${pathname}${search} ${id}: ${node?.html.slice(0, 160)} ${node?.failureSummary?.split("\n")[1]?.trim()} (${more.length} more)`,
  );
}

/** Every page of the portal that stands by itself, and who may open it. */
const PAGES: readonly (readonly [username: string, path: string])[] = [
  ["carla", "/work"],
  ["carla", "/start"],
  ["carla", "/work?view=requests"],
  ["david", "/work?view=done"],
  ["carla", "/records"],
  ["ruth", "/records/Employee"],
  ["ruth", "/records/Employee/new"],
  ["carla", "/account"],
  ["carla", "/mailbox"],
  ["omar", "/runs"],
  ["omar", "/items"],
  ["omar", "/definitions"],
  ["omar", "/definitions/new"],
  ["omar", "/definitions/Employee_Onboarding/debug"],
  ["omar", "/admin/people"],
  ["omar", "/admin/groups"],
  ["omar", "/admin/queues"],
  ["omar", "/admin/calendars"],
  ["omar", "/admin/calendars/Default"],
  ["omar", "/admin/objects"],
  ["omar", "/admin/connections"],
  ["omar", "/admin/security"],
  ["carla", "/nothing/here"],
];

test("no page has a violation that axe finds, by day or by night", async () => {
  portal.allowErrors(); // the page that does not exist answers 404
  const people = new Map<string, Page>();
  const found: string[] = [];
  for (const [username, path] of PAGES) {
    const page = people.get(username) ?? (await portal.as(username));
    people.set(username, page);
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    found.push(...(await violations(page)));
  }
  expect(found).toEqual([]);
}, 240_000);

test("sign-in, an open form, an open decision, a run and the menu of phones have none either", async () => {
  const found: string[] = [];
  const stranger = await portal.stranger();
  await stranger.goto("/sign-in");
  found.push(...(await violations(stranger)));

  const carla = await portal.as("carla");
  await carla.goto("/work");
  for (const [name, heading] of [
    [/Approve the purchase/, "Approve the purchase"],
    [/Assign a buddy/, "Choose a buddy"],
  ] as const) {
    await carla.getByRole("option", { name }).click();
    await carla.getByRole("heading", { name: heading }).waitFor();
    found.push(...(await violations(carla)));
  }
  await carla.getByRole("button", { name: "Finish" }).click();
  await carla.getByText("Please review 1 field").waitFor();
  found.push(...(await violations(carla)));

  const phone = await portal.as("carla", { size: PHONE });
  await phone.goto("/work");
  await phone.getByRole("button", { name: "Menu" }).tap();
  await phone.getByRole("dialog").waitFor();
  found.push(...(await violations(phone)));

  const omar = await portal.as("omar");
  await omar.goto("/runs");
  await omar.getByRole("row").nth(1).getByRole("link").first().click();
  await omar.getByRole("heading", { level: 1 }).waitFor();
  found.push(...(await violations(omar)));
  expect(found).toEqual([]);
}, 180_000);
