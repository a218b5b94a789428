import { and, eq, sql } from "drizzle-orm";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

vi.hoisted(() => {
  Object.assign(process.env, { REPLY_ADDRESS: "reply@baton.example.org", REPLY_SMTP_PORT: "2525" });
});

import { db } from "../../db/client";
import { outbox, replyToken, run, sealedDecision, securityEvent, submission, user } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import type { Orchestration } from "../../lib/engine/definition";
import { openReplyDoor, type ReplyDoor } from "../../lib/launch/reply-door";
import { deliver } from "../../lib/notify/deliver";
import { openTransport, type Transport } from "../../lib/notify/open-transport";
import { resetPassword } from "../../lib/people/commands/change-person";
import type { Person } from "../../lib/people/current-person";
import { deleteRecord } from "../../lib/records/commands/delete-record";
import { saveRecord } from "../../lib/records/commands/save-record";
import { cancelRun } from "../../lib/runs/commands";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { sweep } from "../../lib/worker/sweep";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { attached } from "../builders/files";
import { aScreenFlow } from "../builders/flows";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";
import { aMailServer, type MailServer } from "../support/mail-server";

const team = await aTeamWithThings();
const ADDRESS = "reply@baton.example.org";
let server: MailServer;
let transport: Transport;
let door: ReplyDoor;
beforeAll(async () => {
  server = await aMailServer();
  transport = openTransport(server.url);
  door = await openReplyDoor({ host: "127.0.0.1", port: 0, address: ADDRESS });
});
afterAll(async () => {
  transport.close();
  await Promise.all([server.close(), door.close()]);
});
beforeEach(() => {
  server.taken.length = 0;
});

type Submitted = { readonly runId: string; readonly workItemId: string };
async function submitted(process: Orchestration = anApprovalProcess(), person: Person = team.ann): Promise<Submitted> {
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, person);
  const input = { definitionId, recordId, comments: "Please" };
  const { runId } = must(await commanded(person, (tx) => requestApproval(tx, person, input)));
  return { runId, workItemId: (await theItem(runId)).workItemId };
}

/** The mails that have come to somebody since the test began. */
async function mailsTo({ email }: { readonly email: string }) {
  while ((await deliver(transport)).taken > 0);
  return server.taken.filter(({ recipients }) => recipients.includes(email)).map(({ mail }) => mail);
}
async function replyTo(person: { readonly email: string }): Promise<string> {
  const address = (await mailsTo(person)).at(-1)?.replyTo?.[0]?.address;
  if (!address) throw new Error("the mail takes no answer");
  return address;
}
let sent = 0;
type Answer = {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly messageId?: string;
  readonly headers?: Record<string, string>;
  readonly sender?: string;
};
/** Sends an answer to the door as a mail server does; what the door said. */
async function send({
  from,
  to,
  text,
  messageId = `<r${++sent}@example.org>`,
  headers = {},
  sender,
}: Answer): Promise<string> {
  const mailer = createTransport({ host: "127.0.0.1", port: door.port, ignoreTLS: true });
  const envelope = { from: sender ?? from, to };
  try {
    const { response } = await mailer.sendMail({ from, to, text, messageId, headers, envelope, subject: "Re: x" });
    return response;
  } catch (error) {
    return (error as { response?: string }).response ?? String(error);
  } finally {
    mailer.close();
  }
}
const statusOf = async (runId: string) =>
  (await db().select().from(submission).where(eq(submission.runId, runId)))[0]?.status;
const recordOf = async ({ runId }: Submitted): Promise<string> =>
  (await db().select().from(run).where(eq(run.runId, runId)))[0]?.recordId ?? "";
const headOf = async (runId: string) => (await db().select().from(run).where(eq(run.runId, runId)))[0]?.headHash;

/** S52: decisions by reply. */
describe("an answer decides", () => {
  test("APPROVE in the first line approves as that person, with the comment, and says what was understood", async () => {
    const { runId, workItemId } = await submitted();
    const to = await replyTo(team.boss);
    const quoted = `\n\nOn Fri, 27 Nov 2026 at 10:00, Baton <${to}> wrote:\n> REJECT`;
    expect(await send({ from: team.boss.email, to, text: `Approve\n\nOnly this once.${quoted}` })).toMatch(/^250/);
    expect(await statusOf(runId)).toBe("approved");
    const { items, steps } = await stateNow(runId);
    expect(items[0]).toMatchObject({ completedBy: team.boss.userId, outcome: "approve", comments: "Only this once." });
    expect(steps[0]?.outputs).toEqual({ approvalDecision: "Approve", approvalComments: "Only this once." });
    const [event] = await db().select().from(securityEvent).where(eq(securityEvent.objectId, workItemId));
    expect(event).toMatchObject({
      action: "approval-by-mail",
      actorId: team.boss.userId,
      details: { channel: "email" },
    });
    const told = await itemDetail(db(), await again(team.boss), workItemId);
    expect(told?.history.at(-1)).toMatchObject({ title: "approved it by email" });
    const answered = (await mailsTo(team.boss)).at(-1);
    expect(answered).toMatchObject({ subject: expect.stringMatching(/^Decided: Approve/) });
    expect(answered?.text).toContain("Only this once.");
    expect(answered?.references).toContain(runId);
    expect((await mailsTo(team.ann)).at(-1)?.subject).toMatch(/^Approved/);
  });
  test("reject with its reason rejects; without one it does not, and that is said", async () => {
    const { runId } = await submitted();
    const to = await replyTo(team.boss);
    await send({ from: team.boss.email, to, text: "No" });
    expect(await statusOf(runId)).toBe("in_progress");
    expect((await mailsTo(team.boss)).at(-1)?.text).toContain("This needs a reason");
    await send({ from: team.boss.email, to, text: "reject: too dear" });
    expect(await statusOf(runId)).toBe("rejected");
  });
  test("a step with screens is decided without them (semantics 6.5)", async () => {
    await activated(
      aScreenFlow("Judged", {
        variables: ["approvalDecision", "approvalComments"].map((name) => ({ name, type: "text", isOutput: true })),
        elements: [{ type: "screen", name: "Screen", label: "Screen", fields: [], next: null }],
      }),
    );
    const { runId } = await submitted(
      anApprovalProcess([aStage("First", [anApprovalStep("Step", { flow: "Judged" })])]),
    );
    await send({ from: team.boss.email, to: await replyTo(team.boss), text: "YES" });
    expect(await statusOf(runId)).toBe("approved");
  });
  test("a further outcome of the step is said by its label, and needs its reason where the step says so", async () => {
    const outcomes = [{ name: "Back", label: "Send back", does: "send_back", needsReason: true }];
    const { runId } = await submitted(anApprovalProcess([aStage("First", [anApprovalStep("Step", { outcomes })])]));
    const to = await replyTo(team.boss);
    expect((await mailsTo(team.boss)).at(-1)?.text).toContain("APPROVE, REJECT or “Send back”");
    await send({ from: team.boss.email, to, text: "send back" });
    expect((await mailsTo(team.boss)).at(-1)?.text).toContain("This needs a reason");
    await send({ from: team.boss.email, to, text: "Send back: which vendor?" });
    const { items } = await stateNow(runId);
    expect(items[0]).toMatchObject({ outcome: "Back", comments: "which vendor?", completedBy: team.boss.userId });
    const back = (await mailsTo(team.ann)).at(-1);
    expect(back?.subject).toMatch(/^\[Sent back\]/);
    expect(back?.text).toContain("which vendor?");
  });
  test("a delegate's own mail is answered in the delegator's place, and both are named", async () => {
    const ben = await again(await aPerson({ name: "Ben" }));
    const ana = await standingIn(await aPerson({ name: "Ana" }), ben);
    const assignee = { type: "user", value: { literal: ben.username } };
    const { runId } = await submitted(anApprovalProcess([aStage("First", [anApprovalStep("Step", { assignee })])]));
    await send({ from: ana.email, to: await replyTo(ana), text: "approve" });
    expect((await stateNow(runId)).items[0]).toMatchObject({ completedBy: ana.userId, onBehalfOf: ben.userId });
    await send({ from: ben.email, to: await replyTo(ben), text: "reject: no" });
    expect((await mailsTo(ben)).at(-1)?.text).toContain("Ana already approved this");
    expect(await statusOf(runId)).toBe("approved");
  });
  test("what the approver had before them is sealed with a decision by reply, too", async () => {
    const { workItemId } = await submitted();
    await send({ from: team.boss.email, to: await replyTo(team.boss), text: "approve" });
    const rows = await db().select().from(sealedDecision).where(eq(sealedDecision.workItemId, workItemId));
    expect(rows).toMatchObject([{ decidedBy: team.boss.userId, outcome: "approve" }]);
  });
  test("each member of a group has an address of their own, and the second to answer is told who was first", async () => {
    const [ben, cleo] = [await again(await aPerson({ name: "Ben" })), await again(await aPerson({ name: "Cleo" }))];
    const { name } = await aGroup(undefined, [ben, cleo]);
    const assignee = { type: "group", value: { literal: name } };
    const { runId } = await submitted(anApprovalProcess([aStage("First", [anApprovalStep("Step", { assignee })])]));
    const [toBen, toCleo] = [await replyTo(ben), await replyTo(cleo)];
    expect(toBen).not.toBe(toCleo);
    await send({ from: ben.email, to: toBen, text: "approve" });
    await send({ from: cleo.email, to: toCleo, text: "reject: no" });
    expect(await statusOf(runId)).toBe("approved");
    const last = (await mailsTo(cleo)).at(-1);
    expect(last?.text).toContain("Ben already approved this");
    expect(last?.text).not.toContain("what you typed is still here");
  });
});

test("a mail that is delivered five times at once decides once and is answered once", async () => {
  const { runId } = await submitted();
  const to = await replyTo(team.boss);
  const one = { from: team.boss.email, to, text: "approve", messageId: "<twice@example.org>" };
  const said = await Promise.all([1, 2, 3, 4, 5].map(() => send(one)));
  expect(said.filter((line) => !line.startsWith("250"))).toEqual([]);
  expect(await send(one)).toMatch(/^250/);
  expect(await statusOf(runId)).toBe("approved");
  const answers = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "reply")));
  expect(answers).toHaveLength(1);
});

test("an answer in the conversation of the run decides, though a server on the way gave the mail another number", async () => {
  const { runId } = await submitted();
  const mail = (await mailsTo(team.boss)).at(-1);
  const to = mail?.replyTo?.[0]?.address ?? "";
  const headers = { "In-Reply-To": "<anew@relay.example>", References: `${mail?.references} <anew@relay.example>` };
  await send({ from: team.boss.email, to, text: "approve", headers });
  expect(await statusOf(runId)).toBe("approved");
});

test("a comment with a NUL is taken without it", async () => {
  const { runId } = await submitted();
  expect(await send({ from: team.boss.email, to: await replyTo(team.boss), text: "approve\n\na\0b" })).toMatch(/^250/);
  expect((await stateNow(runId)).items[0]).toMatchObject({ outcome: "approve", comments: "ab" });
});

test("an answer that goes wrong each time is put off twice, and then that is said", async () => {
  const { runId, workItemId } = await submitted();
  const to = await replyTo(team.boss);
  await db().execute(
    sql`create function go_wrong() returns trigger language plpgsql as $$ begin raise 'wrong'; end $$`,
  );
  await db().execute(
    sql.raw(
      `create trigger go_wrong before insert on security_event for each row when (new.object_id = '${workItemId}') execute function go_wrong()`,
    ),
  );
  const one = { from: team.boss.email, to, text: "approve", messageId: "<wrong@example.org>" };
  expect(await send(one)).toMatch(/^451/);
  expect(await send(one)).toMatch(/^451/);
  expect(await send(one)).toMatch(/^250/);
  await db().execute(sql`drop function go_wrong cascade`);
  expect((await mailsTo(team.boss)).at(-1)?.text).toContain("Something went wrong here each time");
  expect(await statusOf(runId)).toBe("in_progress");
});

describe("nothing is decided", () => {
  /** Sends an answer that must not count; the words that the approver is told, if any. */
  async function refused(answer: Partial<Answer>, { runId }: Submitted, to: string): Promise<string | undefined> {
    const before = await headOf(runId);
    await send({ from: team.boss.email, to, text: "approve", ...answer });
    expect(await headOf(runId)).toBe(before);
    const answers = (await mailsTo(team.boss)).filter(({ subject }) => subject?.startsWith("Not decided"));
    return answers.at(-1)?.text;
  }
  test("by a word that is not one; the answer names it and the words that are", async () => {
    const one = await submitted();
    const said = await refused({ text: "Sounds good!" }, one, await replyTo(team.boss));
    expect(said).toContain("“Sounds good!”");
    expect(said).toContain("APPROVE, REJECT");
  });
  test("by a mail from another address: that is told to the approver, and to the stranger nothing", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    const said = await refused({ from: "stranger@elsewhere.example" }, one, to);
    expect(said).toContain("came from another address");
    expect(server.taken.flatMap(({ recipients }) => recipients)).not.toContain("stranger@elsewhere.example");
  });
  test("by a colleague whom the mail was forwarded to, though they are a person of Baton, too", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    expect(await refused({ from: team.admin.email }, one, to)).toContain("another address");
    expect(await refused({ from: team.ann.email }, one, to)).toContain("another address");
  });
  test("by what a program sent, and programs are not answered", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    const count = server.taken.length;
    for (const headers of [{ "Auto-Submitted": "auto-replied" }, { Precedence: "bulk" }])
      await refused({ headers }, one, to);
    await refused({ sender: "" }, one, to);
    expect(server.taken).toHaveLength(count);
  });
  test("by the mail of an earlier assignment, though it has come back to the same person", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    for (const id of [team.admin.userId, team.boss.userId]) {
      const move = { workItemId: one.workItemId, to: { type: "user" as const, id }, reason: "x" };
      must(await commanded(team.boss, (tx) => reassignItem(tx, team.boss, move)));
    }
    expect(await refused({}, one, to)).toContain("the work was given on since");
    await send({ from: team.boss.email, to: await replyToOf(one), text: "approve" });
    expect(await statusOf(one.runId)).toBe("approved");
  });
  test("where the process asks for the password at each decision; its mails take no answer", async () => {
    const one = await submitted(anApprovalProcess(undefined, { approval: { asksPassword: true } }));
    const mail = (await mailsTo(team.boss)).at(-1);
    expect(mail?.replyTo).toBeUndefined();
    expect(mail?.text).not.toContain("reply to this mail");
    expect(await statusOf(one.runId)).toBe("in_progress");
  });
  test("after 72 hours", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    await db().execute(
      sql`update reply_token set expires_at = clock_timestamp() where work_item_id = ${one.workItemId}`,
    );
    expect(await refused({}, one, to)).toContain("more than three days old");
  });
  test("after the password was reset", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    must(await commanded(team.admin, (tx) => resetPassword(tx, team.admin, { userId: team.boss.userId })));
    expect(await refused({}, one, to)).toContain("does not count any more");
  });
  test("when it was decided on the page meanwhile, by oneself", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    const input = { workItemId: one.workItemId, decision: "reject" as const, comments: "no" };
    must(await commanded(team.boss, (tx) => decide(tx, team.boss, input)));
    expect(await refused({}, one, to)).toContain("Bea Boss already rejected this");
  });
  test("when the run was canceled", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    must(await commanded(team.admin, (tx) => cancelRun(tx, team.admin, { runId: one.runId, reason: "x" })));
    expect(await refused({}, one, to)).toContain("withdrawn");
  });
  test("by somebody who has left; and they are not answered", async () => {
    const leaver = await again(await aPerson({ name: "Lea" }));
    const assignee = { type: "user", value: { literal: leaver.username } };
    const one = await submitted(anApprovalProcess([aStage("First", [anApprovalStep("Step", { assignee })])]));
    const to = await replyTo(leaver);
    await db().update(user).set({ active: false }).where(eq(user.userId, leaver.userId));
    const before = await headOf(one.runId);
    await send({ from: leaver.email, to, text: "approve" });
    expect(await headOf(one.runId)).toBe(before);
    await db().update(user).set({ active: true }).where(eq(user.userId, leaver.userId));
  });
  test("when the record was changed, or what is attached to it, after the mail was sent; what changed is told, and where to decide", async () => {
    const facts = [{ label: "Amount", value: "$Record.Amount" }];
    const one = await submitted(anApprovalProcess(undefined, { name: "Told", approval: { facts } }));
    const to = await replyTo(team.boss);
    const id = await recordOf(one);
    const values = { Amount: 900, Status: "Secret" };
    must(await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id, values })));
    must(await attached(team.ann, id, { name: "secret.pdf" }));
    const said = await refused({ text: "approve\n\nFine." }, one, to);
    expect(said).toContain("was changed, or what is attached to it, after the mail");
    expect(said).toContain("900 (it was 100)");
    expect(said).toContain("1 (it was 0)");
    expect(said).toContain(`item=${one.workItemId}`);
    expect(said?.toLowerCase()).not.toContain("secret");
    expect(await db().select().from(sealedDecision).where(eq(sealedDecision.runId, one.runId))).toEqual([]);
    const shownAs = (await itemDetail(db(), team.boss, one.workItemId))?.approval?.shownAs;
    const input = { workItemId: one.workItemId, decision: "approve", comments: "", shownAs };
    must(await commanded(team.boss, (tx) => decide(tx, team.boss, input)));
  });
  test("when the record was deleted after the mail was sent", async () => {
    const one = await submitted();
    const to = await replyTo(team.boss);
    const id = await recordOf(one);
    must(await commanded(team.ann, (tx) => deleteRecord(tx, team.ann, { object: "Thing", id })));
    expect(await refused({}, one, to)).toContain("The record was deleted after the mail");
  });
  test("by an answer whose headers say that it is to another mail, of ours or of anybody's", async () => {
    const [other, one] = [await submitted(), await submitted()];
    const mails = await mailsTo(team.boss);
    const mailOf = ({ workItemId }: Submitted) => mails.find(({ text }) => text?.includes(workItemId));
    const to = mailOf(one)?.replyTo?.[0]?.address ?? "";
    const elsewhere = mailOf(other)?.messageId ?? "";
    for (const headers of [
      { "In-Reply-To": elsewhere },
      { "In-Reply-To": elsewhere, References: `${mailOf(one)?.messageId} ${elsewhere}` },
      { References: mailOf(other)?.references ?? "" },
      { "In-Reply-To": "<lunch@elsewhere.example>" },
    ])
      expect(await refused({ headers }, one, to)).toContain("belongs to another mail");
    expect(await statusOf(other.runId)).toBe("in_progress");
    await send({
      from: team.boss.email,
      to,
      text: "approve",
      headers: { "In-Reply-To": mailOf(one)?.messageId ?? "" },
    });
    expect(await statusOf(one.runId)).toBe("approved");
  });
  test("by a comment that is too long; the work stays open", async () => {
    const one = await submitted();
    expect(await refused({ text: `approve\n${"x".repeat(4_001)}` }, one, await replyTo(team.boss))).toContain(
      "at most 4000 characters",
    );
  });
});

const replyToOf = async ({ workItemId }: Submitted): Promise<string> => {
  const mails = (await mailsTo(team.boss)).filter(({ text }) => text?.includes(workItemId));
  return mails.at(-1)?.replyTo?.[0]?.address ?? "";
};

describe("the door", () => {
  const known = "a".repeat(52);
  test.each([
    "boss@baton.example.org",
    "reply@baton.example.org",
    `reply+short@baton.example.org`,
    `reply+${known}@elsewhere.example`,
    `reply+${known}@baton.example.org.evil.example`,
  ])("knows no mailbox %s and relays nothing", async (to) => {
    expect(await send({ from: team.boss.email, to, text: "approve" })).toMatch(/^550/);
  });
  test("knows no token that was not made", async () => {
    expect(await send({ from: team.boss.email, to: `reply+${known}@baton.example.org`, text: "approve" })).toMatch(
      /^550/,
    );
  });
  test("takes an address in any case, as servers on the way may write it", async () => {
    const { runId } = await submitted();
    const to = (await replyTo(team.boss)).toUpperCase();
    expect(await send({ from: team.boss.email.toUpperCase(), to, text: "approve" })).toMatch(/^250/);
    expect(await statusOf(runId)).toBe("approved");
  });
  test("takes nothing over two megabytes", async () => {
    const { runId } = await submitted();
    const before = await headOf(runId);
    const to = await replyTo(team.boss);
    const line = `${"x".repeat(70)}\n`;
    expect(await send({ from: team.boss.email, to, text: `approve\n${line.repeat(35_000)}` })).toMatch(/552|too/i);
    expect(await headOf(runId)).toBe(before);
  });
  test("answers no more than twenty mails for one token, so that no two programs talk for ever", async () => {
    const { runId } = await submitted();
    const to = await replyTo(team.boss);
    for (let count = 0; count < 22; count++) await send({ from: team.boss.email, to, text: "What is this?" });
    const answers = await db()
      .select()
      .from(outbox)
      .where(and(eq(outbox.runId, runId), eq(outbox.kind, "reply")));
    expect(answers).toHaveLength(20);
  });
});

test("of a token the database knows the digest alone, and forgets it thirty days after its end", async () => {
  const one = await submitted();
  const to = await replyTo(team.boss);
  const token = /\+(.*)@/.exec(to)?.[1] ?? "";
  expect(token).toMatch(/^[a-z2-7]{52}$/);
  const [found] = await db().execute<{ count: number }>(
    sql`select count(*)::int from (select o::text as row from outbox o union all select t::text from reply_token t union all select h::text from history h) x where row like ${`%${token}%`}`,
  );
  expect(found?.count).toBe(0);
  const mine = eq(replyToken.workItemId, one.workItemId);
  await sweep();
  expect(await db().select().from(replyToken).where(mine)).toHaveLength(1);
  await db().update(replyToken).set({ expiresAt: sql`clock_timestamp() - interval '31 days'` }).where(mine);
  await sweep();
  expect(await db().select().from(replyToken).where(mine)).toEqual([]);
});
