import { and, eq, sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox, user } from "../../db/schema";
import { newId } from "../../lib/ids";
import { prefer, queueAssignmentMails, queueMail } from "../../lib/notify/commands";
import type { MailWish } from "../../lib/notify/schema";
import type { Person } from "../../lib/people/current-person";
import { ok } from "../../lib/result";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { again, aPerson } from "../builders/people";
import { aPost } from "../builders/post";
import { must } from "../builders/records";
import { aRun, aThingWorld, commanded, finished, theItem } from "../builders/runs";

await aThingWorld();
const { mailsTo } = await aPost();

async function somebody(wish: MailWish, timeZone = "Europe/Berlin"): Promise<Person> {
  const person = await aPerson();
  await db().update(user).set({ timeZone }).where(eq(user.userId, person.userId));
  must(await commanded(person, (tx) => prefer(tx, person, wish)));
  return again(person);
}
/** Tells somebody of work, as runs do. */
const assigned = (person: Person, label: string) =>
  commanded(null, async (tx) => {
    const place = { type: "user", id: person.userId } as const;
    const about = { kind: "interactive", processLabel: "Onboarding", recordName: null, recordPath: null } as const;
    const ids = { runId: newId("run"), workItemId: newId("workItem"), assignmentNo: 1 };
    await queueAssignmentMails(tx, { ...ids, ...about, assignee: place, label, subject: null, body: null });
    return ok(null);
  });
const digestOf = async ({ userId }: Person) =>
  (
    await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.recipientId, userId), eq(outbox.kind, "digest"), eq(outbox.status, "queued")))
  )[0];
/** As if its hour had come. */
const letItsHourCome = ({ userId }: Person) =>
  db().execute(
    sql`update outbox set next_attempt_at = clock_timestamp() where recipient_id = ${userId} and kind = 'digest' and status = 'queued'`,
  );

describe("one mail a day", () => {
  test("gathers work until its hour, then comes once with a link to each", async () => {
    const ana = await somebody({ mode: "daily", hour: 8 });
    for (const label of ["First", "Second", "Third"]) await assigned(ana, label);
    expect(await mailsTo(ana)).toEqual([]);
    await letItsHourCome(ana);
    const [mail, ...others] = await mailsTo(ana);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe("Your digest: 3 messages from Baton");
    for (const label of ["First", "Second", "Third"]) expect(mail?.text).toContain(label);
    expect(mail?.text?.match(/\/work\?item=wi_/g)).toHaveLength(3);
  });
  test.each([
    ["Europe/Berlin", 8],
    ["America/New_York", 0],
    ["Asia/Kathmandu", 23],
    ["Pacific/Auckland", 12],
  ])("its hour is that of the person's own day: %s, %i", async (zone, hour) => {
    const ana = await somebody({ mode: "daily", hour }, zone);
    await assigned(ana, "Work");
    await mailsTo(ana);
    const at = (await digestOf(ana))?.nextAttemptAt;
    expect(new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" }).format(at ?? undefined)).toBe(
      `${String(hour).padStart(2, "0")}:00`,
    );
    const [soon] = await db().execute<{ is: boolean }>(
      sql`select ${at?.toISOString()}::timestamptz between clock_timestamp() and clock_timestamp() + interval '25 hours' as is`,
    );
    expect(soon?.is).toBe(true);
  });
  test("what was done by then is left out, and with nothing left no mail comes", async () => {
    const ana = await somebody({ mode: "daily", hour: 8 });
    const definition = anOrchestration([aStage("First", [anInteractiveStep()])]);
    const { runId } = await aRun(definition, ana);
    const { workItemId } = await theItem(runId);
    await assigned(ana, "Stays");
    await mailsTo(ana);
    must(await finished(ana, workItemId));
    await letItsHourCome(ana);
    const [mail] = await mailsTo(ana);
    expect(mail?.subject).toBe("Your digest: 1 message from Baton");
    expect(mail?.text).not.toContain(workItemId);

    const other = await aRun(definition, ana);
    await mailsTo(ana);
    must(await finished(ana, (await theItem(other.runId)).workItemId));
    await letItsHourCome(ana);
    expect(await mailsTo(ana)).toHaveLength(1);
    const rows = await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.recipientId, ana.userId), eq(outbox.kind, "digest"), eq(outbox.status, "skipped")));
    expect(rows).toMatchObject([{ lastError: "all that it named was done by then" }]);
  });
  test("what cannot wait comes at once: sign-in links, what happened to the account, a flow's own words", async () => {
    const ana = await somebody({ mode: "daily", hour: 8 });
    await commanded(null, async (tx) => {
      await queueMail(tx, { kind: "sign_in_link", content: { path: "/x", minutes: 10 }, recipientId: ana.userId });
      await queueMail(tx, { kind: "account", content: { event: "password_changed" }, recipientId: ana.userId });
      await queueMail(tx, { kind: "flow", content: { subject: "Welcome", body: "Hello" }, recipientId: ana.userId });
      return ok(null);
    });
    expect((await mailsTo(ana)).map(({ subject }) => subject).sort()).toEqual(
      ["Welcome", "Your password was changed", "Your sign-in link"].sort(),
    );
  });
  test("somebody who changes their mind gets what waits now, and then each at once", async () => {
    const ana = await somebody({ mode: "daily", hour: 8 });
    await assigned(ana, "Waits");
    expect(await mailsTo(ana)).toEqual([]);
    must(await commanded(ana, (tx) => prefer(tx, ana, { mode: "each", hour: 8 })));
    await assigned(ana, "Comes");
    expect((await mailsTo(ana)).map(({ subject }) => subject).sort()).toEqual([
      "Comes",
      "Your digest: 1 message from Baton",
    ]);
  });
});

test("bundled: five come one by one, the others of ten minutes in one", async () => {
  const ana = await somebody({ mode: "bundle", hour: 8 });
  for (let number = 1; number <= 12; number++) await assigned(ana, `Work ${number}`);
  expect((await mailsTo(ana)).map(({ subject }) => subject).sort()).toEqual(
    [1, 2, 3, 4, 5].map((number) => `Work ${number}`),
  );
  await assigned(ana, "Work 13");
  expect(await mailsTo(ana)).toHaveLength(5);
  await letItsHourCome(ana);
  const mail = (await mailsTo(ana))[5];
  expect(mail?.subject).toBe("8 messages from Baton");
  for (let number = 6; number <= 13; number++) expect(mail?.text).toContain(`Work ${number}\n`);
});

test("who said nothing gets each at once; and whose wish it is, is theirs alone", async () => {
  const [ana, ben] = [await aPerson(), await somebody({ mode: "daily", hour: 8 })];
  for (let number = 1; number <= 7; number++) await assigned(ana, `Work ${number}`);
  await assigned(ben, "Waits");
  expect(await mailsTo(ana)).toHaveLength(7);
  expect(await mailsTo(ben)).toEqual([]);
});

test("digests can be unsubscribed from, on a page that one must sign in to; single mails of work cannot", async () => {
  const [ana, ben] = [await somebody({ mode: "daily", hour: 8 }), await aPerson()];
  await assigned(ana, "Gathered");
  await assigned(ben, "Single");
  await mailsTo(ana);
  await letItsHourCome(ana);
  const header = (mail: Awaited<ReturnType<typeof mailsTo>>[number] | undefined) =>
    mail?.headers.find(({ key }) => key === "list-unsubscribe")?.value;
  expect(header((await mailsTo(ana))[0])).toMatch(/^<https?:\/\/[^/]+\/account#mails>$/);
  expect(header((await mailsTo(ben))[0])).toBeUndefined();
});

test("every mail that was gathered is accounted for in the outbox", async () => {
  const ana = await somebody({ mode: "daily", hour: 8 });
  await assigned(ana, "Work");
  await mailsTo(ana);
  const rows = await db().select().from(outbox).where(eq(outbox.recipientId, ana.userId));
  expect(rows.map(({ kind, status, lastError }) => [kind, status, lastError])).toEqual(
    expect.arrayContaining([
      ["assignment", "skipped", "once a day: told in a digest"],
      ["digest", "queued", null],
    ]),
  );
});
