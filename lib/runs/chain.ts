import { hash } from "node:crypto";
import type { history } from "../../db/schema";
import { personalParts } from "../engine/describe";
import type { Event } from "../engine/event";
import { sixteenBytes } from "../ids";
import { canonicalJson } from "../logic/canonical";

/** What the first row of a run's history holds on to. */
export const CHAIN_START = "0".repeat(64);

const digest = (text: string): string => hash("sha256", text, "hex");

type Payload = { readonly [name: string]: unknown };

/** An event's payload, cut into what the chain covers and what people wrote, which it covers by a salted digest only. */
export type Cut = {
  readonly payload: Payload;
  readonly personal: Payload | null;
  readonly salt: string | null;
  readonly personalDigest: string | null;
};

export function cut(event: Event): Cut {
  const { type, ...payload } = event;
  const named = personalParts(type).filter((name) => Object.hasOwn(payload, name));
  if (named.length === 0) return { payload, personal: null, salt: null, personalDigest: null };
  const parts = Object.entries(payload);
  const pick = (isPersonal: boolean) =>
    Object.fromEntries(parts.filter(([name]) => named.includes(name) === isPersonal));
  const personal = pick(true);
  const salt = Buffer.from(sixteenBytes()).toString("hex");
  return { payload: pick(false), personal, salt, personalDigest: digestOf(salt, personal) };
}

/** SHA-256, in hex, over the salt and the canonical JSON of what people wrote. */
export const digestOf = (salt: string, personal: unknown): string => digest(salt + canonicalJson(personal));

/** A row of history as the chain covers it. */
export type Link = Omit<typeof history.$inferSelect, "personal" | "salt" | "prevHash" | "hash">;

/** What of a row its hash covers: in code-unit order, as canonical JSON has it. */
const COVERED = [
  "actorId",
  "actorType",
  "at",
  "commandId",
  "fromStatus",
  "milestone",
  "onBehalfOf",
  "payload",
  "personalDigest",
  "runAs",
  "runId",
  "seq",
  "subjectId",
  "subjectType",
  "toStatus",
  "type",
] as const satisfies readonly (keyof Link)[];
const NAMED = COVERED.map((name, at) => ({ name, prefix: `${at === 0 ? "{" : ","}"${name}":` }));

/**
 * SHA-256, in hex, over the hash before and the canonical JSON of the row. The salt and what it hides are covered by their digest. The names are
 * always the same, so they are written here and not sorted for each row anew.
 */
export function hashOf(prevHash: string, link: Link): string {
  let text = prevHash;
  for (const { name, prefix } of NAMED) text += prefix + canonicalJson(link[name]);
  return digest(`${text}}`);
}

/** The event that a row holds, or null when what people wrote in it was erased. */
export function eventOf(row: {
  readonly type: string;
  readonly payload: unknown;
  readonly personal: unknown;
  readonly personalDigest: string | null;
}): Event | null {
  if (row.personalDigest !== null && row.personal === null) return null;
  return { type: row.type, ...(row.payload as Payload), ...(row.personal as Payload | null) } as Event;
}
