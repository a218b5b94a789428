import { now } from "@/lib/clock";

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Names one act of a person, so that sending it twice does it once: its instant and ten random bytes. Also where the page came over plain
 * http and has no randomUUID.
 */
export const newKey = (): string =>
  now().getTime().toString(16).padStart(12, "0") + hex(crypto.getRandomValues(new Uint8Array(10)));
