import { addressOf, type Letter } from "./letter";

const RULE = "-".repeat(40);

/** The text part of a letter: what the HTML part says, in the same order. */
export function textOf(letter: Letter, origin: string): string {
  const width = Math.max(0, ...letter.facts.map(({ label }) => label.length + 1));
  const facts = letter.facts.map(({ label, value }) => `${`${label}:`.padEnd(width)} ${value}`).join("\n");
  const links = (letter.links ?? []).map(({ label, path }) => `- ${label}\n  ${addressOf(path, origin)}`).join("\n");
  const buttons = letter.buttons.map(({ label, path }) => `${label}\n${addressOf(path, origin)}`).join("\n\n");
  const parts = [
    letter.heading,
    letter.greeting,
    ...letter.paragraphs,
    facts,
    links,
    ...(letter.after ?? []),
    buttons,
    `${RULE}\n${letter.note}\nBaton · ${new URL(origin).host}`,
  ];
  return `${parts.filter((part) => part).join("\n\n")}\n`;
}
