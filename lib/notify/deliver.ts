import type { MailContent } from "../../emails/content";
import { oneLine } from "../../emails/letter";
import { renderMail } from "../../emails/render-mail";
import { env, publicOrigin, replyAddress } from "../env";
import { log } from "../log";
import type { Value } from "../logic/value";
import { isEmail } from "../people/schema";
import { type ClaimedMail, claimMails } from "./claim-mails";
import { delayAfter, judgeFailure } from "./judge-failure";
import type { Transport } from "./open-transport";
import { stillOpen } from "./queries/still-open";
import { type Outcome, recordOutcome } from "./record-outcome";
import { makeReplyToken, withToken } from "./reply-token";
import { summaryOf } from "./summary-port";

/** Mails on their way at once. */
const AT_ONCE = 4;

export type Delivery = {
  /** Mails taken up; as many as were asked for at once means that more may wait. */
  readonly taken: number;
  /** Why the mail server could not be talked to; null when it could, or there was nothing to say. */
  readonly unreachable: string | null;
};

/** Sends mails that are due, a handful at once, with no transaction open meanwhile (F39). Without a transport they end as skipped. */
export async function deliver(transport: Transport | null): Promise<Delivery> {
  const mails = await claimMails(AT_ONCE);
  const unreachable = await Promise.all(mails.map((mail) => deliverOne(mail, transport)));
  return { taken: mails.length, unreachable: unreachable.find((reason) => reason !== null) ?? null };
}

async function deliverOne(claimed: ClaimedMail, transport: Transport | null): Promise<string | null> {
  const skip = reasonToSkip(claimed, transport);
  if (skip !== null || !transport || !claimed.recipient) {
    await recordOutcome(claimed, { type: "skipped", reason: skip ?? "there is nobody to send it to" });
    return null;
  }
  const { name, email } = claimed.recipient;
  if (!isEmail(email)) {
    await recordOutcome(claimed, { type: "dead", reason: "the recipient has no usable address" });
    return null;
  }
  const { outcome, unreachable } = await trySending(claimed, transport, { name: oneLine(name), address: email });
  await recordOutcome(claimed, outcome);
  return unreachable;
}

function reasonToSkip({ recipient, mail, ageSeconds }: ClaimedMail, transport: Transport | null): string | null {
  if (!transport) return "no mail server is configured (SMTP_URL)";
  if (!recipient?.isActive) return "the recipient is not active";
  if (mail.kind === "sign_in_link" && ageSeconds > mail.content.minutes * 60) return "the link had run out";
  return null;
}

/** An approval is told as it stands now, and a digest without what was done meanwhile. */
async function completed({ mail, workItemId, assignmentNo, recipient }: ClaimedMail): Promise<Completed> {
  const asIs = { mail, shown: null };
  if (mail.kind === "digest")
    return { ...asIs, mail: { kind: "digest", content: await stillOpen(mail.content, recipient?.userId ?? null) } };
  if (mail.kind !== "assignment" || mail.content.workKind !== "approval") return asIs;
  if (workItemId === null || assignmentNo === null) return asIs;
  const summary = await summaryOf({ workItemId, assignmentNo, timeZone: recipient?.timeZone ?? null });
  if (!summary) return asIs;
  const { approval, shown } = summary;
  return { mail: { ...mail, content: { ...mail.content, approval } }, shown };
}

/** `shown`: the state of things that the mail tells of. */
type Completed = { readonly mail: MailContent; readonly shown: Value };

/** Where a decision can be sent as an answer, by this recipient alone; and the letter says so only then. */
async function withReply(
  { messageId, workItemId, assignmentNo, recipient }: ClaimedMail,
  { mail, shown }: Completed,
): Promise<{ mail: MailContent; replyTo: string | null }> {
  const address = replyAddress(env());
  if (mail.kind !== "assignment" || !mail.content.approval?.takesReply) return { mail, replyTo: null };
  const userId = recipient?.userId;
  if (address === null || !userId || workItemId === null || assignmentNo === null) {
    const approval = { ...mail.content.approval, takesReply: false };
    return { mail: { ...mail, content: { ...mail.content, approval } }, replyTo: null };
  }
  const token = await makeReplyToken({ messageId, workItemId, assignmentNo, userId, shown });
  return { mail, replyTo: withToken(address, token) };
}

async function trySending(
  claimed: ClaimedMail,
  transport: Transport,
  to: { readonly name: string; readonly address: string },
): Promise<{ outcome: Outcome; unreachable: string | null }> {
  const recipient = to.address;
  const { messageId, attempts, runId } = claimed;
  try {
    const told = await completed(claimed);
    if (told.mail.kind === "digest" && told.mail.content.count === 0)
      return { outcome: { type: "skipped", reason: "all that it named was done by then" }, unreachable: null };
    const { mail, replyTo } = await withReply(claimed, told);
    const rendered = await renderMail(mail, { recipientName: to.name, origin: publicOrigin(env()) });
    await transport.send({ messageId, to, thread: runId, replyTo, isDigest: mail.kind === "digest", ...rendered });
    return { outcome: { type: "sent", recipient }, unreachable: null };
  } catch (error) {
    const { kind, reason } = judgeFailure(error);
    log().warn({ messageId, attempts, kind, reason }, "mail not sent");
    if (kind === "refused") return { outcome: { type: "dead", reason, recipient }, unreachable: null };
    return {
      outcome: { type: "later", reason, seconds: delayAfter(attempts, kind), recipient },
      unreachable: kind === "unreachable" ? reason : null,
    };
  }
}
