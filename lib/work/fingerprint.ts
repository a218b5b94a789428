import { createHash } from "node:crypto";
import { canonicalJson } from "../logic/canonical";
import { isHidden } from "./queries/facts";
import type { Door, Seen } from "./seen";

/** Letters by which a fingerprint says where it was given. */
const LETTERS: Readonly<Record<Exclude<Door, "unsaid">, string>> = {
  page: "p",
  list: "l",
  record: "r",
  email: "e",
  nothing: "n",
};
/** 256 bits in base64url. */
const WHOLE = 43;
/** Characters of what tells which part is another; whether any is, the whole alone says. */
const PART = 4;
const MAX_PARTS = 40;

type Part = { readonly label: string; readonly content: unknown };
type Shown = Pick<Seen, "facts" | "record" | "files" | "definition" | "policy" | "rests">;

/**
 * A short text for what is shown of an approval: the facts with their values as their reader may read them, the record's version, the SHA-256
 * of what is attached, the definition's version and the policy. Of a value that is not the reader's to see it says nothing.
 */
export function fingerprintOf(seen: Shown, door: Exclude<Door, "unsaid">): string {
  const parts = partsOf(seen).map(({ content }) => digest(content));
  const marks = parts.slice(0, MAX_PARTS).map((part) => part.slice(0, PART));
  return [LETTERS[door], digest([door, ...parts]), ...marks].join("");
}

/** Where it was given, as it says itself; of what says nothing, or nothing known, `unsaid`. */
export function doorOf(fingerprint: string | undefined): Door {
  const letter = fingerprint?.slice(0, 1);
  const doors = Object.keys(LETTERS) as (keyof typeof LETTERS)[];
  return doors.find((door) => LETTERS[door] === letter) ?? "unsaid";
}

/** `what`: labels of what is another, as far as they can be told, separated by commas. `isGone`: the record is there no more. */
type Changed = { readonly what: string; readonly isGone: boolean };

/** What is another by now than was shown; null: nothing is. What is no fingerprint of ours is of something else. */
export function changedIn(fingerprint: string | undefined, seen: Seen): Changed | null {
  if (fingerprint === undefined) return null;
  const now = fingerprintOf(seen, seen.door === "unsaid" ? "page" : seen.door);
  if (now === fingerprint) return null;
  const isOther = (_part: Part, at: number) => markAt(now, at) !== markAt(fingerprint, at);
  const parts = partsOf(seen).slice(0, MAX_PARTS);
  const others = now.length === fingerprint.length ? parts.filter(isOther) : [];
  const what = others.flatMap(({ label }) => label || []).join(", ");
  return { what, isGone: seen.record === null && parts.findIndex(isOther) === 0 };
}

const markAt = (fingerprint: string, at: number): string =>
  fingerprint.slice(1 + WHOLE + at * PART, 1 + WHOLE + (at + 1) * PART);

const partsOf = ({ facts, record, files, definition, policy, rests }: Shown): Part[] => [
  { label: "", content: record && [record.id, record.version] },
  { label: "attachments", content: [...files, ...rests.files].map(({ id, sha256 }) => `${id} ${sha256}`).toSorted() },
  { label: "", content: [definition.hash, policy] },
  ...facts.map((fact) => ({
    label: fact.label,
    content: [fact.label, fact.shown, isHidden(fact) ? null : fact.value],
  })),
];

const digest = (content: unknown): string => createHash("sha256").update(canonicalJson(content)).digest("base64url");
