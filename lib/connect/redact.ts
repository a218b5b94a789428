/** What stands where a secret stood. */
const HIDDEN = "•••";

/** Spellings in which another system may send a secret back: as it is, in JSON, in an address, and as HTTP sends a password. */
const spellings = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString("base64"),
];

/** The text without any spelling of these secrets (S64). Longest first, so that none leaves a part of another. */
export function redact(text: string, secrets: readonly string[]): string {
  const hidden = [...new Set(secrets.flatMap(spellings))].filter(Boolean).toSorted((a, b) => b.length - a.length);
  return hidden.reduce((sofar, secret) => sofar.replaceAll(secret, HIDDEN), text);
}
