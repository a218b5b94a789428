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
  delegation: "dlg",
  credential: "crd",
  connection: "con",
  record: "rec",
  attachment: "att",
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

/** 128 bits as 26 letters of five, the first of which holds three. */
function encode(bytes: Uint8Array): string {
  let text = "";
  let bits = 2;
  let rest = 0;
  for (const byte of bytes) {
    rest = (rest << 8) | byte;
    for (bits += 8; bits >= 5; rest &= (1 << bits) - 1) {
      bits -= 5;
      text += ALPHABET[rest >> bits];
    }
  }
  return text;
}

/** Random bytes are drawn many at once: asking for them costs more than they do. */
const DRAWN = 4_096;
const drawn = { bytes: new Uint8Array(0), at: 0 };

/** Sixteen random bytes that nobody else is given. */
export function sixteenBytes(): Uint8Array {
  if (drawn.at >= drawn.bytes.length) Object.assign(drawn, { bytes: randomBytes(DRAWN), at: 0 });
  drawn.at += 16;
  return drawn.bytes.subarray(drawn.at - 16, drawn.at);
}

/** Ids of one millisecond that one process can put in order; the next one counts as made a millisecond later. */
const MAX_IN_MILLISECOND = 4_096;
const last = { milliseconds: 0, count: 0 };

/** The instant and the number in it of the next id: later than any this process made before, even if the clock steps back. */
function tick(): typeof last {
  const milliseconds = now().getTime();
  if (milliseconds > last.milliseconds) Object.assign(last, { milliseconds, count: 0 });
  else if (++last.count === MAX_IN_MILLISECOND) Object.assign(last, { milliseconds: last.milliseconds + 1, count: 0 });
  return last;
}

/**
 * A new id, e.g. `run_01k9x3…`; 30 characters or fewer. Ids of one process sort in the order in which they were made. Never a secret:
 * access never rests on an id being hard to guess.
 */
export function newId(kind: IdKind): string {
  const bytes = sixteenBytes();
  const { milliseconds, count } = tick();
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(milliseconds / 2 ** (8 * (5 - i))) & 255;
  bytes[6] = 0x70 | (count >> 8);
  bytes[7] = count & 255;
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return `${PREFIXES[kind]}_${encode(bytes)}`;
}

/** Whether a text from outside has the form of an id of that kind. */
export const isId = (kind: IdKind, text: string): boolean =>
  text.startsWith(`${PREFIXES[kind]}_`) && /^[a-z]+_[0-9a-hjkmnp-tv-z]{24,30}$/.test(text);
