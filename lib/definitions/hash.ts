import { createHash } from "node:crypto";
import { canonicalJson } from "../logic/canonical";
import type { Value } from "../logic/value";

/** SHA-256 in hexadecimal over the canonical JSON of a body: the same content has the same hash, however it was typed. */
export const hash = (body: unknown): string =>
  createHash("sha256")
    .update(canonicalJson(body as Value))
    .digest("hex");
