import { randomBytes } from "node:crypto";
import { now } from "./clock";

/**
 * Ids are UUIDv7 (48 bits of milliseconds, then randomness) written in 26 letters of Crockford's base 32 behind a prefix
 * that says what the id names: `run_01k9…`. They are made by the program, sort by time, and have this one form in the
 * database, the logs, the API and the address bar.
 */
export const PREFIXES = {
  user: "usr",
  group: "grp",
  queue: "que",
  session: "ses",
  link: "lnk",
  token: "tok",
  record: "rec",
  run: "run",
  stageRun: "stg",
  stepRun: "stp",
  workItem: "wi",
  interview: "int",
  command: "cmd",
  job: "job",
  wait: "wai",
  mail: "msg",
  submission: "sub",
  securityEvent: "evt",
  mailboxMessage: "mbx",
  worker: "wrk",
} as const;

export type IdKind = keyof typeof PREFIXES;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

function encode(bytes: Uint8Array): string {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = (ALPHABET[Number(number & 31n)] ?? "0") + text;
    number >>= 5n;
  }
  return text;
}

/** A new id, e.g. `run_01k9x3…`; 30 characters or fewer. Never a secret: access never rests on an id being hard to guess. */
export function newId(kind: IdKind): string {
  const bytes = randomBytes(16);
  const milliseconds = now().getTime();
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(milliseconds / 2 ** (8 * (5 - i))) & 255;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return `${PREFIXES[kind]}_${encode(bytes)}`;
}

/** Whether a text from outside has the form of an id of that kind. */
export const isId = (kind: IdKind, text: string): boolean =>
  text.startsWith(`${PREFIXES[kind]}_`) && /^[a-z]+_[0-9a-hjkmnp-tv-z]{24,30}$/.test(text);
