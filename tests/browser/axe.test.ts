import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openRequest, traceOn } from "./support/approvals";
import { PHONE, startPortal } from "./support/portal";
import { violations } from "./support/violations";

const portal = startPortal();

/** Every page of the portal that stands by itself, and who may open it. */
const PAGES: readonly (readonly [username: string, path: string])[] = [
  ["carla", "/work"],
  ["carla", "/start"],
  ["carla", "/work?view=requests"],
  ["david", "/work?view=done"],
  ["carla", "/approvals"],
  ["elena", "/approvals?view=decided"],
  ["luca", "/approvals?view=requested"],
  ["elena", "/approvals?view=delegated"],
  ["carla", "/account/delegations"],
  ["carla", "/records"],
  ["ruth", "/records/Employee"],
  ["ruth", "/records/Employee/new"],
  ["carla", "/account"],
  ["carla", "/mailbox"],
  ["omar", "/runs"],
  ["omar", "/items"],
  ["omar", "/definitions"],
  ["omar", "/definitions/new"],
  ["omar", "/definitions/Employee_Onboarding"],
  ["omar", "/definitions/Employee_Onboarding?view=json"],
  ["omar", "/definitions/Employee_Onboarding?view=versions"],
  ["omar", "/definitions/Choose_Buddy"],
  ["omar", "/definitions/Employee_Onboarding/debug"],
  ["omar", "/admin/people"],
  ["omar", "/admin/groups"],
  ["omar", "/admin/groups/HR"],
  ["omar", "/admin/delegations"],
  ["omar", "/admin/queues"],
  ["omar", "/admin/queues/IT_Provisioning"],
  ["omar", "/admin/calendars"],
  ["omar", "/admin/calendars/Default"],
  ["omar", "/admin/objects"],
  ["omar", "/admin/objects/Employee"],
  ["omar", "/admin/connections"],
  ["omar", "/admin/security"],
  ["carla", "/nothing/here"],
];

const AT_ONCE = 3;

test("no page has a violation that axe finds, by day or by night", async () => {
  portal.allowErrors(); // the page that does not exist answers 404
  const found: string[] = [];
  const left = [...PAGES];
  const look = async () => {
    const people = new Map<string, Page>();
    for (let next = left.shift(); next; next = left.shift()) {
      const [username, path] = next;
      const page = people.get(username) ?? (await portal.as(username));
      people.set(username, page);
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(page.url()).toBe(portal.address() + path);
      found.push(...(await violations(page)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  expect(found).toEqual([]);
});

test("nor has a page that nobody need be signed in to", async () => {
  portal.allowErrors(); // links that do not hold are answered with 410
  const secret = "a-set-up-link-of-the-test";
  const digest = createHash("sha256").update(secret).digest("hex");
  await portal.sql()`
    insert into one_time_link (link_id, purpose, secret_hash, expires_at)
    values ('lnk_test', 'setup', ${digest}, clock_timestamp() + interval '1 hour')`;
  const stranger = await portal.stranger();
  const found: string[] = [];
  for (const path of ["/sign-in", "/sign-in/link?token=none", "/setup?token=none", `/setup?token=${secret}`]) {
    await stranger.goto(path);
    await stranger.getByRole("heading", { level: 1 }).waitFor();
    found.push(...(await violations(stranger)));
  }
  await stranger.getByRole("button", { name: "Create the administrator" }).waitFor();
  expect(found).toEqual([]);
});

test("nor have a record and its form, an open form, an open decision, a run and its steps, and the menu of phones", async () => {
  const found: string[] = [];
  const ruth = await portal.as("ruth");
  await ruth.goto("/records/Employee");
  await ruth.getByRole("link", { name: "Hiro Sato" }).click();
  await ruth.getByRole("heading", { name: "Work Guide" }).waitFor();
  found.push(...(await violations(ruth)));
  await ruth.getByRole("link", { name: "Edit" }).click();
  await ruth.getByRole("heading", { level: 1, name: /^Edit / }).waitFor();
  found.push(...(await violations(ruth)));

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
  await phone.keyboard.press("Escape");
  await phone.getByRole("option").first().tap();
  await phone.getByRole("button", { name: "Back to the list" }).waitFor();
  await phone.getByRole("heading", { level: 2 }).first().waitFor();
  found.push(...(await violations(phone)));

  const omar = await portal.as("omar");
  await omar.goto("/runs");
  await omar.getByRole("row").nth(1).getByRole("link").first().click();
  await omar.getByRole("heading", { level: 1 }).waitFor();
  found.push(...(await violations(omar)));
  await omar
    .getByRole("button", { name: / step / })
    .first()
    .click();
  await omar.getByRole("dialog").waitFor();
  found.push(...(await violations(omar, { byNight: false })));
  expect(found).toEqual([]);
});

test("nor have an approval to decide, the form that requests one with its preview, and the trace on a record", async () => {
  const found: string[] = [];
  const elena = await portal.as("elena");
  await openRequest(elena, "Approve the expense", "Catering", "delegated");
  found.push(...(await violations(elena)));
  await elena.goto("/approvals");
  await elena.getByRole("button", { name: /^Select the / }).click();
  await elena.getByRole("option", { name: /Q-1044/ }).waitFor();
  found.push(...(await violations(elena)));

  const tomas = await portal.as("tomas");
  await tomas.goto("/records/Purchase_Request");
  await tomas.getByRole("link", { name: "Coffee machine" }).click();
  await tomas.getByRole("button", { name: "Request approval" }).click();
  await tomas.getByText("Then it ends").waitFor();
  found.push(...(await violations(tomas)));

  await elena.goto("/records/Contract");
  await elena.getByRole("link", { name: "Frame contract Nordwind" }).click();
  await traceOn(elena).getByText("Hannah Berg: Send back").waitFor();
  found.push(...(await violations(elena)));
  expect(found).toEqual([]);
});
