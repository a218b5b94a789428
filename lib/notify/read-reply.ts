import PostalMime, { type Email } from "postal-mime";
import { normaliseEmail } from "../people/schema";

/** A mail that answers one of ours, as far as it matters. */
export type Reply = {
  /** The one address in From; null: there is none, or more than one. */
  readonly from: string | null;
  /** As its sender's program made it; null: it has none. */
  readonly messageId: string | null;
  /** Sent by a program and not by a person: an absence note, a list, a report of delivery. Nobody answers those. */
  readonly isAutomatic: boolean;
  readonly text: string;
};

/** Deeper or longer mails than any person's program makes are not read. */
const BOUNDS = { maxNestingDepth: 20, maxHeadersSize: 64 * 1024 };
const MAX_HTML = 256 * 1024;

/** Reads a mail; attachments are not looked at. Null: it is no mail, or beyond the bounds. */
export async function readReply(raw: Uint8Array): Promise<Reply | null> {
  try {
    const mail = await PostalMime.parse(raw, BOUNDS);
    return {
      from: senderOf(mail),
      messageId: mail.messageId?.trim() || null,
      isAutomatic: isAutomatic(mail),
      text: mail.text ?? textOfHtml(mail.html ?? ""),
    };
  } catch {
    return null;
  }
}

const valuesOf = ({ headers }: Email, name: string): string[] =>
  headers.flatMap(({ key, value }) => (key === name ? [value.trim().toLowerCase()] : []));

function senderOf(mail: Email): string | null {
  if (valuesOf(mail, "from").length !== 1) return null;
  const address = mail.from?.address;
  return address ? normaliseEmail(address) : null;
}

/** RFC 3834, and what programs did before it. */
function isAutomatic(mail: Email): boolean {
  const says = (name: string, pattern: RegExp) => valuesOf(mail, name).some((value) => pattern.test(value));
  return (
    valuesOf(mail, "auto-submitted").some((value) => !/^no\b/.test(value)) ||
    says("precedence", /bulk|list|junk|auto/) ||
    says("content-type", /^multipart\/report/) ||
    says("return-path", /^<>$/) ||
    ["list-id", "list-unsubscribe", "x-autoreply", "x-autorespond"].some((name) => valuesOf(mail, name).length > 0) ||
    /^(mailer-daemon|postmaster|no-?reply)@/.test(senderOf(mail) ?? "")
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: " " };

/** The words of a mail that has no text part, up to what it quotes. Each pattern looks at a character a bounded number of times. */
function textOfHtml(html: string): string {
  const [own = ""] = html
    .slice(0, MAX_HTML)
    .split(/<blockquote|class="?gmail_quote|id="?(?:divRplyFwdMsg|appendonsend)/i);
  return own
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d|\/tr)\b[^<>]*>/gi, "\n")
    .replace(/<[^<>]*>?/g, "")
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => ENTITIES[name] ?? "")
    .trim();
}
