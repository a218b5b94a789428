import type { AddressInfo } from "node:net";
import { desc, notInArray } from "drizzle-orm";
import PostalMime from "postal-mime";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { announce } from "../../db/live";
import { mailboxMessage } from "../../db/schema/queue";
import { transaction } from "../../db/transaction";
import { newId } from "../ids";
import { log } from "../log";

/** Messages that the mailbox keeps. */
const KEPT = 1_000;
const MAX_BYTES = 10 * 1024 * 1024;

export type Sink = { readonly url: string; readonly close: () => Promise<void> };

/**
 * The demo's mail server: takes every mail over real SMTP, on this machine only, and puts it into the mailbox that the app shows. So that
 * demo mode sends mail the very way that a real installation does.
 */
export async function startSmtpSink(): Promise<Sink> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: MAX_BYTES,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 1_000,
    onData: (stream, session, done) => void take(stream, session).then(() => done(), done),
  });
  server.on("error", (error) => log().warn({ err: error }, "mail sink"));
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const mail = await PostalMime.parse(Buffer.concat(chunks));
  const content = {
    sender: mail.from?.address ?? "",
    subject: mail.subject ?? "",
    textBody: mail.text ?? "",
    htmlBody: mail.html ?? null,
    messageId: mail.messageId ?? "",
    replyTo: mail.replyTo?.[0]?.address ?? null,
  };
  const rows = envelope.rcptTo.map(({ address }) => ({
    ...content,
    mailboxMessageId: newId("mailboxMessage"),
    recipient: address.toLowerCase(),
  }));
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.db.insert(mailboxMessage).values(rows);
    const newest = tx.db
      .select({ id: mailboxMessage.mailboxMessageId })
      .from(mailboxMessage)
      .orderBy(desc(mailboxMessage.receivedAt))
      .limit(KEPT);
    await tx.db.delete(mailboxMessage).where(notInArray(mailboxMessage.mailboxMessageId, newest));
    announce(tx, { topic: "mailbox" });
  });
}
