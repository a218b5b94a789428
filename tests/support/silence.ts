import { afterEach } from "vitest";

/** What a test printed as an error without expecting it fails that test. To expect one, spy on console.error and look at the spy. */
const printed: string[] = [];
const keep = (...parts: unknown[]) => {
  printed.push(parts.map((part) => (part instanceof Error ? (part.stack ?? part.message) : String(part))).join(" "));
};
console.error = keep;
console.warn = keep;

afterEach(() => {
  const found = printed.splice(0);
  if (found.length > 0) throw new Error(`unexpected on the console:\n${found.join("\n")}`);
});
