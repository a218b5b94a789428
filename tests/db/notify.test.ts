import { eq, sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox, user } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { claimMails } from "../../lib/notify/claim-mails";
import { type Assignment, queueAssignmentMails, queueMail, withdrawAssignmentMails } from "../../lib/notify/commands";
import { deliver } from "../../lib/notify/deliver";
import { openTransport, type Transport } from "../../lib/notify/open-transport";
import { recordOutcome } from "../../lib/notify/record-outcome";
import { sendEmail } from "../../lib/notify/send-email";
import { aGroup, aPerson, aQueue } from "../builders/people";
import { HOSTILE } from "../support/hostile";
import { aMailServer, type MailServer } from "../support/mail-server";

let server: MailServer;
let transport: Transport;
beforeEach(async () => {
  await db().execute(
    sql`update outbox set status = 'withdrawn', last_error = 'an earlier test', next_attempt_at = null where status = 'queued'`,
  );
  server = await aMailServer();
  transport = openTransport(server.url);
});
afterEach(async () => {
  transport.close();
  await server.close();
});

const inTransaction = <T>(work: (tx: Tx) => Promise<T>) =>
  transaction({ commandId: newId("command"), actorId: null }, work);
const anAssignment = (assignee: Assignment["assignee"], more: Partial<Assignment> = {}): Assignment => ({
  runId: newId("run"),
  workItemId: newId("workItem"),
  assignmentNo: 1,
  kind: "interactive",
  assignee,
  label: "Set up a desk",
  processLabel: "Employee onboarding",
  recordName: "Mira Holm",
  recordPath: "/records/Employee/rec_1",
  subject: null,
  body: null,
  ...more,
});
const queueFor = async (assignment: Assignment) => {
  await inTransaction((tx) => queueAssignmentMails(tx, assignment));
  return assignment;
};
const rowsOf = ({ workItemId }: { workItemId: string }) =>
  db().select().from(outbox).where(eq(outbox.workItemId, workItemId));
const deliverAll = async () => {
  while ((await deliver(transport)).taken > 0);
};
/** As if the time until the next attempt had passed. */
const letTimePass = (interval = "1 day") =>
  db().execute(
    sql`update outbox set next_attempt_at = next_attempt_at - ${interval}::interval, created_at = created_at - ${interval}::interval where status = 'queued'`,
  );

describe("whom an assignment is told", () => {
  test("a person gets one mail, with the outbox's id as its Message-ID", async () => {
    const ana = await aPerson({ name: "Ana Lima" });
    const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    await deliverAll();
    const [row] = await rowsOf(assignment);
    expect(row).toMatchObject({ status: "sent", recipient: ana.email, attempts: 1 });
    expect(server.taken).toHaveLength(1);
    const [{ mail, recipients } = { mail: null, recipients: [] }] = server.taken;
    expect(recipients).toEqual([ana.email]);
    expect(mail).toMatchObject({
      to: [{ name: "Ana Lima", address: ana.email }],
      subject: "Set up a desk for Mira Holm",
    });
    expect(mail?.messageId).toContain(row?.messageId);
    expect(mail?.text).toContain(`/records/Employee/rec_1?item=${assignment.workItemId}`);
  });
  test("each active member of a group, through groups within it, gets a mail of their own", async () => {
    const [ana, ben, gone] = [await aPerson(), await aPerson(), await aPerson({ active: false })];
    const inner = await aGroup(undefined, [ben, gone]);
    const { groupId } = await aGroup(undefined, [ana, { groupId: inner.groupId }]);
    await queueFor(anAssignment({ type: "group", id: groupId }));
    await deliverAll();
    expect(server.taken.map(({ recipients }) => recipients).sort()).toEqual([[ana.email], [ben.email]].sort());
  });
  test("all mails of one run are one conversation, and those of another run another", async () => {
    const ana = await aPerson();
    const first = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    await queueFor({ ...anAssignment({ type: "user", id: ana.userId }), runId: first.runId });
    await queueFor(anAssignment({ type: "user", id: ana.userId }));
    await deliverAll();
    const threads = server.taken.map(({ mail }) => mail.references);
    expect(threads[0]).toContain(first.runId);
    expect(threads[1]).toBe(threads[0]);
    expect(threads[2]).not.toBe(threads[0]);
    expect(server.taken.map(({ mail }) => mail.inReplyTo)).toEqual(threads);
  });
  test("an empty queue leaves a row that says so (I20)", async () => {
    const { queueId } = await aQueue("Empty_queue");
    const assignment = await queueFor(anAssignment({ type: "queue", id: queueId }));
    expect(await rowsOf(assignment)).toMatchObject([
      { status: "skipped", recipientId: null, lastError: "Empty queue has no active member", assignmentNo: 1 },
    ]);
  });
  test("the same assignment queued twice is one mail, and the next assignment another (I21)", async () => {
    const ana = await aPerson();
    const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    await queueFor(assignment);
    await queueFor({ ...assignment, assignmentNo: 2 });
    await deliverAll();
    expect(server.taken).toHaveLength(2);
  });
  test("work that was given away before the mail went out is not mailed about", async () => {
    const ana = await aPerson();
    const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    await inTransaction((tx) => withdrawAssignmentMails(tx, assignment.workItemId));
    await deliverAll();
    expect(server.taken).toEqual([]);
    expect(await rowsOf(assignment)).toMatchObject([
      { status: "withdrawn", lastError: expect.stringContaining("given to somebody else") },
    ]);
  });
  test("somebody who is no longer active is not mailed", async () => {
    const ana = await aPerson();
    const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    await db().update(user).set({ active: false }).where(eq(user.userId, ana.userId));
    await deliverAll();
    expect(await rowsOf(assignment)).toMatchObject([{ status: "skipped", lastError: "the recipient is not active" }]);
  });
  test("mail goes to the address that the user's row has when it is sent (S8)", async () => {
    const ana = await aPerson();
    await queueFor(anAssignment({ type: "user", id: ana.userId }));
    const moved = `moved.${ana.userId.slice(-8)}@example.org`;
    await db().update(user).set({ email: moved }).where(eq(user.userId, ana.userId));
    await deliverAll();
    expect(server.taken.map(({ recipients }) => recipients)).toEqual([[moved]]);
  });
});

describe("a server that will not", () => {
  const anyMail = async () => queueFor(anAssignment({ type: "user", id: (await aPerson()).userId }));

  test("refuses for good: the mail is dead, with the reason", async () => {
    server.answer = () => ({ status: 550, text: "no such user here" });
    const assignment = await anyMail();
    await deliverAll();
    expect(await rowsOf(assignment)).toMatchObject([
      { status: "dead", nextAttemptAt: null, lastError: expect.stringContaining("no such user here") },
    ]);
  });
  test.each([450, 451, 421, 452])(
    "defers with %i: the mail is tried again after five minutes or more, under the same Message-ID",
    async (status) => {
      let answers = 0;
      server.answer = () => (++answers <= 2 ? { status, text: "come back later" } : null);
      const assignment = await anyMail();
      await deliverAll();
      const [first] = await rowsOf(assignment);
      expect(first).toMatchObject({ status: "queued", attempts: 1, sentAt: null });
      expect((first?.nextAttemptAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan((status === 421 ? 55 : 290) * 1_000);
      await letTimePass();
      await deliverAll();
      await letTimePass();
      await deliverAll();
      expect(await rowsOf(assignment)).toMatchObject([{ status: "sent", attempts: 3, lastError: null }]);
      expect(server.taken.map(({ mail }) => mail.messageId?.includes(first?.messageId ?? "?"))).toEqual([true]);
    },
  );
  test("refuses the content for good: dead as well", async () => {
    server.answerData = () => ({ status: 554, text: "looks like spam" });
    const assignment = await anyMail();
    await deliverAll();
    expect(await rowsOf(assignment)).toMatchObject([{ status: "dead" }]);
  });
  test("is away: mails wait, and go when it is back; after five days they are dead", async () => {
    await server.close();
    const [sent, tooOld] = [await anyMail(), await anyMail()];
    const { unreachable } = await deliver(transport);
    expect(unreachable).toMatch(/ECONNREFUSED/);
    expect(await rowsOf(sent)).toMatchObject([{ status: "queued", attempts: 1 }]);
    await db().execute(
      sql`update outbox set created_at = now() - interval '6 days', next_attempt_at = now() where work_item_id = ${tooOld.workItemId}`,
    );
    await deliver(transport);
    expect(await rowsOf(tooOld)).toMatchObject([
      { status: "dead", lastError: expect.stringContaining("ECONNREFUSED") },
    ]);
    const back = await aMailServer();
    const way = openTransport(back.url);
    await letTimePass();
    await deliver(way);
    expect(await rowsOf(sent)).toMatchObject([{ status: "sent" }]);
    way.close();
    await back.close();
  });
  test("is not configured at all: mails are skipped, and say so (I22)", async () => {
    const assignment = await anyMail();
    await deliver(null);
    expect(await rowsOf(assignment)).toMatchObject([
      { status: "skipped", lastError: "no mail server is configured (SMTP_URL)" },
    ]);
  });
});

describe("two workers", () => {
  test("never send the same mail both", async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => aPerson()));
    for (const { userId } of people) await queueFor(anAssignment({ type: "user", id: userId }));
    await Promise.all(Array.from({ length: 6 }, deliverAll));
    expect(server.taken).toHaveLength(12);
    expect(new Set(server.taken.map(({ mail }) => mail.messageId)).size).toBe(12);
  });
  test("a sender that froze writes nothing over the outcome of the next", async () => {
    const ana = await aPerson();
    const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    const [frozen] = await claimMails(1);
    await db().execute(
      sql`update outbox set lease_until = now() - interval '1 second' where work_item_id = ${assignment.workItemId}`,
    );
    await deliverAll();
    if (frozen) await recordOutcome(frozen, { type: "dead", reason: "too late" });
    expect(await rowsOf(assignment)).toMatchObject([{ status: "sent" }]);
  });
  test("a mail withdrawn while it was on its way says that it was sent", async () => {
    const ana = await aPerson();
    const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
    const [claimed] = await claimMails(1);
    await inTransaction((tx) => withdrawAssignmentMails(tx, assignment.workItemId));
    if (claimed) await recordOutcome(claimed, { type: "sent", recipient: ana.email });
    expect(await rowsOf(assignment)).toMatchObject([{ status: "sent", lastError: null }]);
  });
});

describe("what a flow mails", () => {
  const call = (inputs: Record<string, string | null>) => ({ inputs, runId: newId("run") });
  const mail = (inputs: Record<string, string | null>) =>
    inTransaction((tx) => sendEmail(tx, call({ subject: "Welcome", body: "Dear you,\n\nwelcome.", ...inputs })));

  test("goes to a person by username, id or address, and to one address outside", async () => {
    const ana = await aPerson();
    for (const to of [ana.username, ana.userId, ana.email.toUpperCase(), "New.Hire@Example.com "])
      expect(await mail({ to })).toMatchObject({ ok: true });
    await deliverAll();
    expect(server.taken.map(({ recipients }) => recipients[0])).toEqual(
      expect.arrayContaining([ana.email, ana.email, ana.email, "new.hire@example.com"]),
    );
    expect(server.taken).toHaveLength(4);
  });
  test.each([
    "",
    "nobody here",
    "a@b.example, c@d.example",
    "Boss <boss@b.example>",
    "a@b.example\nBcc: c@d.example",
    null,
  ])("is refused to %j", async (to) => {
    expect(await mail({ to })).toMatchObject({ ok: false, refusal: { code: "no-recipient" } });
  });
  test("is refused without a subject or a text", async () => {
    expect(await mail({ to: "a@b.example", subject: " " })).toMatchObject({
      ok: false,
      refusal: { code: "mail-empty" },
    });
    expect(await mail({ to: "a@b.example", body: null })).toMatchObject({ ok: false, refusal: { code: "mail-empty" } });
  });
});

describe("a sign-in link", () => {
  const queueLink = (recipientId: string) =>
    inTransaction((tx) =>
      queueMail(tx, {
        kind: "sign_in_link",
        recipientId,
        content: { path: "/sign-in/link?secret=canary", minutes: 10 },
      }),
    );
  const linkOf = async (recipientId: string) =>
    (await db().select().from(outbox).where(eq(outbox.recipientId, recipientId)))[0];

  test("is forgotten by the outbox once it was sent", async () => {
    const { userId } = await aPerson();
    await queueLink(userId);
    await deliverAll();
    expect(server.taken[0]?.mail.text).toContain("secret=canary");
    expect(await linkOf(userId)).toMatchObject({ status: "sent", content: {} });
  });
  test("is not sent when it has run out", async () => {
    const { userId } = await aPerson();
    await queueLink(userId);
    await letTimePass("11 minutes");
    await deliverAll();
    expect(server.taken).toEqual([]);
    expect(await linkOf(userId)).toMatchObject({ status: "skipped", lastError: "the link had run out", content: {} });
  });
});

test("whatever a name or a subject holds, a mail has one From, one To and one Subject, and goes to its recipient alone (S53, S54)", async () => {
  const texts = HOSTILE.filter((_, index) => index % 4 === 0).map((text) => text.replaceAll("\0", "").toWellFormed());
  for (const text of texts) {
    const ana = await aPerson({ name: text.slice(0, 300) || "x" });
    await inTransaction((tx) =>
      queueMail(tx, { kind: "flow", recipientId: ana.userId, content: { subject: text, body: text } }),
    );
    server.taken.length = 0;
    await deliverAll();
    const [{ recipients, raw, mail } = { recipients: [], raw: "", mail: null }] = server.taken;
    expect(recipients).toEqual([ana.email]);
    const head = raw.slice(0, raw.indexOf("\r\n\r\n"));
    for (const name of ["From", "To", "Subject"]) expect(head.match(new RegExp(`^${name}:`, "gim"))).toHaveLength(1);
    expect(head).not.toMatch(/^(Bcc|Cc|Reply-To):/im);
    expect(mail?.to?.map(({ address }) => address)).toEqual([ana.email]);
    expect(raw).not.toContain("root:x:0");
  }
});

test.each([
  '"e@evil.example"@victim.example',
  "a@victim.example,b@evil.example",
  "a＠evil.example",
  "a@victim.example\r\nRCPT TO:<b@evil.example>",
  "<a@evil.example>",
  "nobody",
])("nothing is sent to %j, however it came into the row (S8)", async (address) => {
  const ana = await aPerson();
  await db().update(user).set({ email: address }).where(eq(user.userId, ana.userId));
  const assignment = await queueFor(anAssignment({ type: "user", id: ana.userId }));
  await deliverAll();
  expect(server.taken).toEqual([]);
  expect(await rowsOf(assignment)).toMatchObject([
    { status: "dead", lastError: "the recipient has no usable address" },
  ]);
  await db().update(user).set({ email: ana.email }).where(eq(user.userId, ana.userId));
});

describe("S57: mails an hour", () => {
  const asIfSentLongAgo = () =>
    db().execute(sql`update outbox set sent_at = sent_at - interval '61 minutes' where sent_at is not null`);
  const kindsOf = async (userId: string) => {
    const rows = await db().select().from(outbox).where(eq(outbox.recipientId, userId));
    const count = (kind: string, status: string) =>
      rows.filter((row) => row.kind === kind && row.status === status).length;
    return { rows, count };
  };

  test("a person gets a hundred, then one digest that names what else there was, once there is room", async () => {
    const [ana, ben] = [await aPerson({ name: "Ana Lima" }), await aPerson()];
    const many = Array.from({ length: 160 }, (_, at) => at + 1);
    await inTransaction(async (tx) => {
      for (const at of many)
        await queueAssignmentMails(tx, anAssignment({ type: "user", id: ana.userId }, { label: `Desk ${at}` }));
      await queueMail(tx, { kind: "flow", content: { subject: "Read me", body: "Here." }, recipientId: ana.userId });
      await queueAssignmentMails(tx, anAssignment({ type: "user", id: ben.userId }));
    });
    await Promise.all([deliverAll(), deliverAll()]);
    const first = await kindsOf(ana.userId);
    expect(server.taken.filter(({ recipients }) => recipients.includes(ana.email))).toHaveLength(100);
    expect(server.taken.filter(({ recipients }) => recipients.includes(ben.email))).toHaveLength(1);
    expect([first.count("assignment", "sent"), first.count("assignment", "skipped")]).toEqual([100, 60]);
    expect([first.count("digest", "queued"), first.count("flow", "queued")]).toEqual([1, 1]);

    await asIfSentLongAgo();
    await letTimePass();
    await deliverAll();
    const later = await kindsOf(ana.userId);
    expect([later.count("digest", "sent"), later.count("flow", "sent")]).toEqual([1, 1]);
    const digest = server.taken.find(({ mail }) => mail.subject === "60 more messages from Baton")?.mail;
    expect(digest?.text).toContain("Desk 101 for Mira Holm");
    expect(digest?.text).toContain("10 more are not");
  });

  test("an outside address gets a hundred, and the rest when there is room; nothing is lost", async () => {
    const send = {
      kind: "flow",
      content: { subject: "News", body: "All of it." },
      recipient: "guest@example.org",
    } as const;
    await inTransaction(async (tx) => {
      for (let at = 0; at < 103; at++) await queueMail(tx, send);
    });
    await deliverAll();
    expect(server.taken).toHaveLength(100);
    await asIfSentLongAgo();
    await letTimePass();
    await deliverAll();
    expect(server.taken).toHaveLength(103);
  });

  test("of sign-in links, which anybody can ask for, a person gets five; they take no room from other mails", async () => {
    const ana = await aPerson();
    const link = { kind: "sign_in_link", content: { path: "/sign-in/link?token=secret", minutes: 10 } } as const;
    await inTransaction(async (tx) => {
      for (let at = 0; at < 7; at++) await queueMail(tx, { ...link, recipientId: ana.userId });
      await queueAssignmentMails(tx, anAssignment({ type: "user", id: ana.userId }));
    });
    await deliverAll();
    const { rows, count } = await kindsOf(ana.userId);
    expect([count("sign_in_link", "sent"), count("sign_in_link", "skipped"), count("assignment", "sent")]).toEqual([
      5, 2, 1,
    ]);
    expect(JSON.stringify(rows.filter(({ status }) => status === "skipped"))).not.toContain("secret");
  });
});
