import type { Problem } from "../result";
import { MAX_BODY_BYTES } from "./schema";

/** Deeper JSON than any definition needs; refused before anything walks it. */
const MAX_DEPTH = 40;

function depthOf(value: unknown, depth = 0): number {
  if (value === null || typeof value !== "object" || depth > MAX_DEPTH) return depth;
  return Math.max(depth + 1, ...Object.values(value).map((inner) => depthOf(inner, depth + 1)));
}

/** JSON as somebody typed or uploaded it, or the one problem that keeps it from being JSON that Baton takes. Never throws. */
export function parse(text: string): { ok: true; value: unknown } | { ok: false; problems: readonly Problem[] } {
  const refuse = (message: string) => ({ ok: false as const, problems: [{ path: "", message }] });
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BODY_BYTES) return refuse(`is ${bytes} bytes; a definition may have at most ${MAX_BODY_BYTES}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}`);
  }
  if (depthOf(value) > MAX_DEPTH) return refuse(`is nested more than ${MAX_DEPTH} deep`);
  return { ok: true, value };
}
