import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { queueMails } from "../../db/outbox";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { type Sink, startSmtpSink } from "../../lib/launch/smtp-sink";
import { markRead } from "../../lib/notify/commands";
import { deliver } from "../../lib/notify/deliver";
import { openTransport, type Transport } from "../../lib/notify/open-transport";
import { listMailbox, mailboxOf, readMessage } from "../../lib/notify/queries/list-mailbox";
import type { Person } from "../../lib/people/current-person";
import { aPerson } from "../builders/people";
import { commanded } from "../builders/records";

let sink: Sink;
let transport: Transport;
beforeAll(async () => {
  sink = await startSmtpSink();
  transport = openTransport(sink.url);
});
afterAll(async () => {
  transport.close();
  await sink.close();
});

async function mailTo({ userId }: Person, subject: string): Promise<void> {
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    queueMails(tx, [{ kind: "flow", content: { subject, body: "Grüße,\n<b>not bold</b>" }, recipientId: userId }]),
  );
  while ((await deliver(transport)).taken > 0);
}

test("what is sent to the demo's mail server is in the mailbox, as it was said", async () => {
  const ann = await aPerson();
  await mailTo(ann, "Schöne Grüße 👋");
  const { rows } = await listMailbox(db(), mailboxOf(ann), null);
  expect(rows).toMatchObject([
    { recipient: ann.email, sender: "baton@localhost", subject: "Schöne Grüße 👋", isRead: false },
  ]);
  const message = await readMessage(db(), rows[0]?.mailboxMessageId ?? "", mailboxOf(ann));
  expect(message?.textBody).toContain("Grüße,\n<b>not bold</b>");
  expect(message?.htmlBody).toContain("&lt;b&gt;not bold&lt;/b&gt;");
});

test("a member sees their own mails, an admin everybody's", async () => {
  const [ann, ben, admin] = [await aPerson(), await aPerson(), await aPerson({ role: "admin" })];
  await mailTo(ann, "For Ann");
  const [row] = (await listMailbox(db(), mailboxOf(ann), null)).rows;
  const id = row?.mailboxMessageId ?? "";
  expect((await listMailbox(db(), mailboxOf(ben), null)).rows).toEqual([]);
  expect(await readMessage(db(), id, mailboxOf(ben))).toBeNull();
  expect(await readMessage(db(), id, mailboxOf(admin))).toMatchObject({ subject: "For Ann" });
});

test("where there is no demo there is no mailbox, for nobody", async () => {
  const admin = await aPerson({ role: "admin" });
  await mailTo(admin, "For Ada");
  const [row] = (await listMailbox(db(), admin.email, null)).rows;
  const marked = await commanded((tx) => markRead(tx, admin, { messageId: row?.mailboxMessageId ?? "" }));
  expect(marked).toMatchObject({ ok: false, refusal: { code: "not-found" } });
});
