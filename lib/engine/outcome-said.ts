/** Something that an answer may say: the name that columns hold, and the label that people read and write. */
export type Sayable = { readonly name: string; readonly label: string };

/** What Approve and Reject may be called in an answer, whatever the step. */
const WORDS: readonly Sayable[] = [
  ...["approved", "approve", "yes"].map((label) => ({ name: "approve", label })),
  ...["rejected", "reject", "no"].map((label) => ({ name: "reject", label })),
];
/** Blanks and marks that may stand in and around a word. */
const MAX_AROUND = 40;

/**
 * What the first line of an answer says: a label alone, or a label, a colon or a dash, and the reason (`rest`). The longest label counts, and the
 * author's before our words: what a mail printed is never taken for less than it says. Null: it says none of them, or more than one of the author's.
 */
export function outcomeSaid(line: string, outcomes: readonly Sayable[]): { name: string; rest: string } | null {
  const longestFirst = [...outcomes, ...WORDS].sort((one, other) => other.label.length - one.label.length);
  for (const { name, label } of longestFirst) {
    const rest = restAfter(line, label);
    if (rest !== null) return { name, rest };
    // What begins with a label of the author's and goes on otherwise is not taken for a shorter one.
    if (beginsWith(line, label)) return null;
  }
  return null;
}

/** What an author's label would also be taken for in an answer, as that is called; null: it says itself only. */
export function alsoSaid(label: string, others: readonly Sayable[]): string | null {
  const said = outcomeSaid(label, others);
  if (!said) return null;
  return others.find(({ name }) => name === said.name)?.label ?? (said.name === "approve" ? "Approve" : "Reject");
}

const plain = (text: string): string => text.replace(/\s+/g, " ").trim().toLowerCase();
const bareOf = (text: string): string => text.replace(/^[\s*_"'“”„(]+/, "");

/** What follows the label and a colon or dash; empty where nothing does; null where the line says something else. */
function restAfter(line: string, label: string): string | null {
  const bare = bareOf(line);
  const wanted = bareOf(label);
  const mark = /^[\s*_"'“”)]*(?:[:–—]|-(?=\s))[*_]*\s*/;
  if (bare.length <= wanted.length + MAX_AROUND && isWord(bare, wanted)) return "";
  for (let end = wanted.length; end <= Math.min(bare.length, wanted.length + MAX_AROUND); end++) {
    if (plain(bare.slice(0, end)) !== plain(wanted)) continue;
    const found = mark.exec(bare.slice(end));
    if (found) return bare.slice(end + found[0].length).trim();
  }
  return null;
}

const beginsWith = (line: string, label: string): boolean =>
  plain(bareOf(line).slice(0, label.length + MAX_AROUND)).startsWith(`${plain(bareOf(label))} `);

const alone = (text: string): string => plain(text.replace(/[\s*_"'“”.!,;:)–—-]+$/, ""));
const isWord = (bare: string, label: string): boolean => alone(label) !== "" && alone(bare) === alone(label);
