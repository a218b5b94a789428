import { createHash } from "node:crypto";
import type { securityEvent } from "../../db/schema/queue";
import { canonicalJson } from "../logic/canonical";
import type { Value } from "../logic/value";

/** What the first link holds on to. */
export const CHAIN_START = "0".repeat(64);

/** A security event as the chain covers it: everything but the hashes themselves. */
export type Link = Omit<typeof securityEvent.$inferSelect, "seq" | "prevHash" | "hash"> & { readonly seq: number };

/** SHA-256, in hex, over the hash before and the canonical JSON of the event and its number (S79). */
export function hashOf(
  prevHash: string,
  { seq, eventId, at, actorId, action, objectId, allowed, details }: Link,
): string {
  const covered = { seq, eventId, at: at.toISOString(), actorId, action, objectId, allowed, details: details as Value };
  return createHash("sha256").update(prevHash).update(canonicalJson(covered)).digest("hex");
}
