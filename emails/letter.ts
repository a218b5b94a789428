/** A mail before it is HTML or text: both parts are made of the same letter, so that they say the same. */
export type Letter = {
  readonly subject: string;
  /** What a list of mails shows beside the subject. */
  readonly preview: string;
  readonly heading: string;
  readonly greeting: string | null;
  /** Line breaks within one are kept. */
  readonly paragraphs: readonly string[];
  readonly facts: readonly Fact[];
  /** A list of pages, each by the name of what is there. */
  readonly links?: readonly Omit<Button, "tone">[];
  /** What is said after facts and links. */
  readonly after?: readonly string[];
  readonly buttons: readonly Button[];
  /** Why they get it, or what to do if it was not them. */
  readonly note: string;
};

export type Fact = { readonly label: string; readonly value: string };

type Button = {
  readonly label: string;
  /** Begins with "/": a mail links to this installation and nowhere else (S55). */
  readonly path: string;
  readonly tone: "primary" | "secondary";
};

const MAX_LINE_CHARACTERS = 200;
/** Controls, and marks that reorder the text around them. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;
const INVISIBLE_BUT_BREAKS = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** One line, as subjects, names and facts must be: a line break in one would begin a header of its own (S53). */
export function oneLine(text: string): string {
  const line = text.toWellFormed().replace(INVISIBLE, " ").replace(/ {2,}/g, " ").trim();
  const characters = [...line];
  return characters.length > MAX_LINE_CHARACTERS ? `${characters.slice(0, MAX_LINE_CHARACTERS - 1).join("")}…` : line;
}

/** Paragraphs of somebody's text, parted at empty lines. */
export const paragraphsOf = (text: string): string[] =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\p{Zl}\p{Zp}]/gu, "\n")
    .replace(INVISIBLE_BUT_BREAKS, "")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");

/** The address of a page of this installation; a path that would lead elsewhere leads to the first page. */
export function addressOf(path: string, origin: string): string {
  const address = URL.canParse(path, origin) ? new URL(path, origin) : null;
  return address && path.startsWith("/") && address.origin === new URL(origin).origin
    ? address.href
    : new URL("/", origin).href;
}
