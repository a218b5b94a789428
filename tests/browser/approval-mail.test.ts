import type { BrowserContext, Page } from "playwright-core";
import { expect, test } from "vitest";
import { PHONE, startPortal } from "./support/portal";

const portal = startPortal();

/** Everything that a decision would change, anywhere. */
async function standing(): Promise<unknown> {
  const sql = portal.sql();
  const [runs, items, submissions, sealed, history] = await Promise.all([
    sql`select run_id, head_seq, head_hash from run order by 1`,
    sql`select work_item_id, status, version, claimed_by from work_item order by 1`,
    sql`select submission_id, status from submission order by 1`,
    sql`select count(*) from record`,
    sql`select count(*) from history`,
  ]);
  return { runs, items, submissions, sealed, history };
}

/** Every address in a mail, of its HTML and of its text. */
async function linksTo(username: string, subject: string): Promise<string[]> {
  const [mail] = await portal.sql()<{ html: string; text: string }[]>`
    select m.html_body as html, m.text_body as text from mailbox_message m join "user" u on u.email = m.recipient
    where u.username = ${username} and m.subject like ${`%${subject}%`} order by m.received_at desc limit 1`;
  const inHtml = [...(mail?.html ?? "").matchAll(/(?:href|src|action)="([^"]+)"/g)].map(([, to]) => to ?? "");
  const inText = [...(mail?.text ?? "").matchAll(/https?:\S+/g)].map(([to]) => to);
  return [...new Set([...inHtml.map((to) => to.replaceAll("&amp;", "&")), ...inText])];
}

/** Opens a page as a scanner does: runs its scripts, sends off each form as it stands, and presses whatever can be pressed. */
async function scan(link: string, open: () => Promise<Page>): Promise<void> {
  let page = await open();
  const fresh = async () => {
    await page.close();
    page = await open();
    await arrive();
  };
  // A signed-in page never stops talking to its server.
  const arrive = async () => {
    await page.goto(link);
    await page.waitForTimeout(1_500);
  };
  await arrive();
  const start = page.url();
  const pressable = 'main button, main [role="button"], main [role="radio"], main input[type="submit"], form button';
  const [forms, buttons] = [await page.locator("form").count(), await page.locator(pressable).count()];
  for (let at = 0; at < forms; at++) {
    await page.evaluate((number) => document.forms[number]?.requestSubmit(), at);
    await page.waitForTimeout(300);
    if (page.url() !== start) await fresh();
  }
  for (let at = 0; at < buttons; at++) {
    await page
      .locator(pressable)
      .nth(at)
      .click({ timeout: 1_000, force: true })
      .catch(() => undefined);
    await page.waitForTimeout(200);
    if (page.url() !== start) await fresh();
  }
  await page.close();
}

const AT_ONCE = 3;

/** Does it with all links, a few at a time: scanning is mostly waiting. */
async function each(links: readonly string[], scanOne: (link: string) => Promise<void>): Promise<void> {
  const left = [...links];
  const go = async () => {
    for (let link = left.shift(); link; link = left.shift()) await scanOne(link);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, go));
}

const raw = async (context: BrowserContext, link: string) => {
  for (const method of ["GET", "HEAD", "POST", "OPTIONS"] as const)
    await context.request.fetch(link, {
      method,
      failOnStatusCode: false,
      ...(method === "POST" && { form: { decision: "approve" } }),
    });
};

test("a scanner that opens every link, runs scripts, submits every form and presses every button decides nothing (S50, F42)", async () => {
  portal.allowErrors();
  await portal.mailTo("carla", /Design tool licences/);
  const links = await linksTo("carla", "Design tool licences");
  expect(links.filter((link) => /[?&]decision=(approve|reject)$/.test(link))).toHaveLength(2);
  const before = await standing();
  await each(links, async (link) => {
    const page = await portal.stranger();
    await raw(page.context(), link);
    await page.close();
    await scan(link, () => portal.stranger());
  });
  expect(await standing()).toEqual(before);
});

test("somebody else's session finds nothing behind the links, and decides nothing", async () => {
  portal.allowErrors();
  const links = (await linksTo("carla", "Design tool licences")).filter((link) => link.includes("decision="));
  const before = await standing();
  await portal.as("fatou");
  await each(links, async (link) => {
    const page = await portal.as("fatou");
    await raw(page.context(), link);
    await page.goto(link);
    await page.getByText("This work is not here").waitFor();
    expect(await page.getByRole("button", { name: /^(Approve|Reject)$/ }).count()).toBe(0);
    await page.close();
    await scan(link, () => portal.as("fatou"));
  });
  expect(await standing()).toEqual(before);
});

test("the mail fits a phone and a reading pane, and its buttons can be touched", async () => {
  const [mail] = await portal.sql()<{ html: string }[]>`
    select html_body as html from mailbox_message where subject like '%Design tool licences%' order by received_at limit 1`;
  for (const width of [PHONE.width, 640]) {
    const page = await portal.stranger({ size: { width, height: 800 } });
    await page.setContent(mail?.html ?? "");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    for (const name of ["Approve…", "Reject…"])
      expect((await page.getByRole("link", { name }).boundingBox())?.height).toBeGreaterThanOrEqual(44);
  }
});

test("a reply from the mailbox decides, and says what was understood", async () => {
  const carla = await portal.as("carla");
  const [mail] = await portal.sql()<{ id: string }[]>`
    select mailbox_message_id as id from mailbox_message m join "user" u on u.email = m.recipient
    where u.username = 'carla' and m.subject like '%Design tool licences%' order by received_at desc limit 1`;
  const reply = async (text: string) => {
    await carla.goto(`/mailbox?message=${mail?.id}`);
    await carla.getByRole("button", { name: "Reply" }).click();
    await carla.getByLabel("Your reply").fill(text);
    await carla.getByRole("button", { name: "Send" }).click();
    await carla.getByText("Sent.", { exact: false }).waitFor();
  };
  await reply("Looks fine to me");
  expect(await portal.mailTo("carla", /^Not decided/)).toContain("“Looks fine to me”");
  await reply("Reject: three seats are enough");
  const answer = await portal.mailTo("carla", /^Decided: Reject/);
  expect(answer).toContain("three seats are enough");
  const [submission] = await portal.sql()`
    select s.status from submission s join record r using (record_id) where r.name = 'Design tool licences'`;
  expect(submission?.status).toBe("rejected");
  const omar = await portal.as("omar");
  await omar.goto(`/mailbox?message=${mail?.id}`);
  await omar.getByRole("heading", { name: "Design tool licences" }).waitFor();
  expect(await omar.getByRole("button", { name: "Reply" }).count()).toBe(0);
});
