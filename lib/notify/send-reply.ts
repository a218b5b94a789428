import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";
import { db } from "../../db/client";
import { env, publicOrigin } from "../env";
import { may } from "../gate";
import { log } from "../log";
import type { Person } from "../people/current-person";
import { ok, type Result, refuse } from "../result";
import { isDemo, type MailboxMessage, readMessage } from "./queries/list-mailbox";

const WITHIN_MS = 5_000;

type Input = { readonly key: string; readonly messageId: string; readonly text: string };

/**
 * Answers a mail of one's own in the demo's mailbox as any mail program would: over SMTP to the address that takes answers, with the mail
 * quoted below. Sent twice it is the same mail twice. Refusals: `not-found`, `reply-not-sent`.
 */
export async function sendReply(person: Person, { key, messageId, text }: Input): Promise<Result<null>> {
  const mail = isDemo() ? await readMessage(db(), messageId, person.email) : null;
  if (!mail?.replyTo || !may(person, "mailbox.reply", { ...mail, isDemo: isDemo() })) return refuse("not-found");
  const { REPLY_SMTP_HOST: host, REPLY_SMTP_PORT: port } = env();
  if (port === undefined) return refuse("reply-not-sent");
  const mailer = createTransport(
    { host, port, ignoreTLS: true, connectionTimeout: WITHIN_MS, greetingTimeout: WITHIN_MS, socketTimeout: WITHIN_MS },
    { disableFileAccess: true, disableUrlAccess: true },
  );
  const { hostname } = new URL(publicOrigin(env()));
  const number = createHash("sha256").update(`${person.userId} ${key} ${text}`).digest("hex").slice(0, 32);
  try {
    await mailer.sendMail({
      from: { name: person.name, address: person.email },
      to: { name: "", address: mail.replyTo },
      subject: `Re: ${mail.subject}`,
      messageId: `<${number}@${hostname}>`,
      ...(mail.messageId && { inReplyTo: mail.messageId, references: mail.messageId }),
      text: `${text}\n\n${quoted(mail)}`,
    });
    return ok(null);
  } catch (error) {
    log().warn({ err: error }, "a reply of the demo's mailbox was not taken");
    return refuse("reply-not-sent");
  } finally {
    mailer.close();
  }
}

const quoted = ({ receivedAt, sender, textBody }: MailboxMessage): string =>
  [`On ${receivedAt.toUTCString()}, ${sender} wrote:`, ...textBody.split("\n").map((line) => `> ${line}`)].join("\n");
