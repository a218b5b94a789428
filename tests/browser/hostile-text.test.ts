import { expect, test } from "vitest";
import { HOSTILE } from "../support/hostile";
import { startPortal } from "./support/portal";

const portal = startPortal();

/** Markup that would raise the canary if any of it ran. */
const CANARY = [
  "<img src=x onerror=canary()>",
  "<svg onload=canary()>",
  '"><script>canary()</script>',
  "'-canary()-'",
  "<iframe srcdoc='<script>parent.canary()</script>'>",
  "<a href=javascript:canary()>x</a>",
  "{{constructor.constructor('canary()')()}}",
  "$".concat("{canary()}"),
  "</title><script>canary()</script>",
  "<details open ontoggle=canary()>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=canary()>",
  "\u202egnp.exe",
];

test("S66: what people typed is shown as text on every page, and never runs", async () => {
  portal.allowErrors(); // pictures that do not exist
  const texts = [...CANARY, ...HOSTILE.filter((text) => !text.includes("\0"))];
  const page = await portal.as("omar");
  const ran: string[] = [];
  await page.exposeFunction("canary", () => void ran.push(page.url()));
  page.on("dialog", (dialog) => {
    ran.push(dialog.message());
    void dialog.dismiss();
  });
  const sql = portal.sql();
  const records = await sql<
    { record_id: string; object_name: string }[]
  >`select record_id, object_name from record order by record_id limit 400`;
  for (const [n, { record_id: id }] of records.entries()) {
    const text = texts[n % texts.length] ?? "";
    await sql`update record set name = ${text.slice(0, 200)}, data = (select jsonb_object_agg(key, case when jsonb_typeof(value) = 'string' then to_jsonb(${text}::text) else value end) from jsonb_each(data)) where record_id = ${id} and data <> '{}'`;
    await sql`update work_item set label = ${text}, process_label = ${text}, stage_label = ${text}, record_name = ${text} where record_id = ${id}`;
  }
  const people = await sql<{ user_id: string }[]>`select user_id from "user" where username <> 'omar' order by user_id`;
  for (const [n, { user_id: id }] of people.entries())
    await sql`update "user" set name = ${texts[n % texts.length] ?? ""} where user_id = ${id}`;
  await sql`update user_group set label = ${CANARY[0] ?? ""}`;
  await sql`update queue set label = ${CANARY[1] ?? ""}`;

  const runs = await sql<{ run_id: string }[]>`select run_id from run order by run_id limit 3`;
  const paths = [
    "/work",
    "/work?view=groups",
    "/work?view=done",
    "/records",
    "/runs",
    "/items",
    "/admin/people",
    "/admin/groups",
    "/admin/queues",
    "/admin/calendars",
    "/admin/objects",
    "/mailbox",
    "/account",
    "/definitions",
    ...[...new Set(records.map(({ object_name: object }) => object))].map((object) => `/records/${object}`),
    ...records.slice(0, 12).map(({ record_id: id, object_name: object }) => `/records/${object}/${id}`),
    ...runs.map(({ run_id: id }) => `/runs/${id}`),
  ];
  for (const path of paths) {
    await page.goto(path, { waitUntil: "load" });
    await page.locator("h1").first().waitFor();
    expect([
      path,
      await page
        .locator("main script:not([nonce]), main iframe, main img[onerror], main svg[onload], main [ontoggle]")
        .count(),
    ]).toEqual([path, 0]);
    expect([path, await page.locator("a[href^='javascript:']").count()]).toEqual([path, 0]);
  }
  expect(ran).toEqual([]);
});
