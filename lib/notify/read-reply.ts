import PostalMime, { type Email } from "postal-mime";
import { normaliseEmail } from "../people/schema";

/** A mail that answers one of ours, as far as it matters. */
export type Reply = {
  /** The one address in From; null: there is none, or more than one. */
  readonly from: string | null;
  /** As its sender's program made it; null: it has none. */
  readonly messageId: string | null;
  /** Message-IDs of the mail that it answers, and of the conversation that it is in, as the sender's program says; in small letters. */
  readonly answers: readonly string[];
  readonly thread: readonly string[];
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
      answers: idsIn(valuesOf(mail, "in-reply-to")),
      thread: idsIn(valuesOf(mail, "references")),
      // No column takes a NUL, and nobody types one.
      text: (mail.text ?? textOfHtml(mail.html ?? "")).replaceAll("\0", ""),
    };
  } catch {
    return null;
  }
}

const valuesOf = ({ headers }: Email, name: string): string[] =>
  headers.flatMap(({ key, value }) => (key === name ? [value.trim().toLowerCase()] : []));

/** More are no conversation. */
const MAX_IDS = 100;
const idsIn = (values: readonly string[]): string[] =>
  values.flatMap((value) => value.match(/<[^<>\s]+>/g) ?? []).slice(0, MAX_IDS);

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
  const [own = ""] = withoutUnseen(html.slice(0, MAX_HTML)).split(
    /<blockquote|class="?gmail_quote|id="?(?:divRplyFwdMsg|appendonsend)/i,
  );
  return own
    .replace(/<(?:br|\/p|\/div|\/li|\/h\d|\/tr)\b[^<>]*>/gi, "\n")
    .replace(/<[^<>]*>?/g, "")
    .replace(/&#(\d{1,7}|x[\da-f]{1,6});/gi, (_, number: string) => characterOf(number))
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => ENTITIES[name] ?? "")
    .trim();
}

function characterOf(number: string): string {
  const code = Number(/^x/i.test(number) ? `0${number}` : number);
  return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code).toWellFormed() : "";
}

/** Without comments and what no reader of it sees; what does not end takes the rest with it. */
function withoutUnseen(html: string): string {
  const begins = /<(?:!--|(head|style|script|title)(?=[\s/>]))/gi;
  let kept = "";
  let from = 0;
  for (let found = begins.exec(html); found; found = begins.exec(html)) {
    kept += html.slice(from, found.index);
    const ends = found[1] ? new RegExp(`</${found[1]}\\s*>`, "gi") : /-->/g;
    ends.lastIndex = begins.lastIndex;
    if (!ends.exec(html)) return kept;
    from = ends.lastIndex;
    begins.lastIndex = from;
  }
  return kept + html.slice(from);
}
