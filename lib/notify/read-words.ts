import { outcomeSaid, type Sayable } from "../engine/outcome-said";

/** What an answer by mail says in its first line. */
export type Spoken =
  | { readonly type: "decision"; readonly outcome: string; readonly comments: string }
  /** `line`: what stands there instead; empty when the mail says nothing of its own. */
  | { readonly type: "unknown"; readonly line: string };

/** Characters of a mail that are read at all; what was quoted stands below. */
const MAX_READ = 64 * 1024;
const MAX_SHOWN = 100;
/**
 * Reads a decision out of a mail's text: the first line that is not empty is the word alone, or the word, a colon or a dash, and the reason;
 * what follows up to the quoted text is the comment. Anything else in that line is no decision: "No problem" approves nothing and rejects
 * nothing. `quoted`: addresses that a line of the quoted mail's head would name.
 */
export function readWords(text: string, outcomes: readonly Sayable[], quoted: readonly string[]): Spoken {
  const own = withoutQuote(linesOf(text), quoted);
  const start = own.findIndex((line) => line.trim() !== "");
  const first = own[start]?.trim() ?? "";
  const said = outcomeSaid(first, outcomes);
  if (!said) return { type: "unknown", line: [...first].slice(0, MAX_SHOWN).join("") };
  const below = own.slice(start + 1).join("\n");
  return { type: "decision", outcome: said.name, comments: `${said.rest}\n${below}`.trim() };
}

const linesOf = (text: string): string[] =>
  text
    .slice(0, MAX_READ)
    .replace(/\r\n?/g, "\n")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "")
    .replaceAll("\u00a0", " ")
    .split("\n")
    .map((line) => line.trimEnd());

/** What mail programs put between an answer and what it answers. */
const RULES = [/^\s*>/, /^-{3,}.*-{3,}$/, /^_{5,}$/, /^--$/];
/** What they put below an answer, as if it were signed. */
const SIGNED =
  /^(sent from my |get outlook for |von meinem \S+ gesendet|gesendet von |envoyé d|enviado desde |inviato da )/i;
const HEAD_FIRST = /^\*{0,2}(from|von|de|da|van|od|från|fra)\s?:/i;
const HEAD_NEXT =
  /^\*{0,2}(sent|date|to|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|verzonden|aan|onderwerp)\s?:/i;

function withoutQuote(lines: readonly string[], quoted: readonly string[]): readonly string[] {
  const at = lines.findIndex((line, number) => beginsQuote(lines, number) || namesSender(line, quoted));
  if (at < 0) return lines;
  // "On Friday, 27 November 2026 at 10:00 Baton" is the first half of a line that was too long.
  const above = lines[at - 1] ?? "";
  const isHalf = /\b(19|20)\d\d\b|\d{1,2}:\d\d/.test(above) && namesSender(lines[at] ?? "", quoted);
  return lines.slice(0, isHalf ? at - 1 : at);
}

function beginsQuote(lines: readonly string[], number: number): boolean {
  const line = lines[number] ?? "";
  if (RULES.some((rule) => rule.test(line)) || SIGNED.test(line.trim())) return true;
  const next = lines.slice(number + 1, number + 5);
  if (HEAD_FIRST.test(line)) return next.some((one) => HEAD_NEXT.test(one));
  const follows = next.find((one) => one.trim() !== "");
  return line.trim().endsWith(":") && follows?.startsWith(">") === true;
}

const namesSender = (line: string, quoted: readonly string[]): boolean => {
  const text = line.toLowerCase();
  return quoted.some((address) => text.includes(address.toLowerCase()));
};
