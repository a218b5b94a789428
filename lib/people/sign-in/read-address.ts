/** What reads a header, be it of a request or of next-auth. */
type Headers = { get(name: string): string | null };

/**
 * The address that limits count by. The server itself puts the true one last into `x-forwarded-for` (`instrumentation.ts` sees to it), so
 * whatever a caller put before it is not believed. Of an IPv6 address the network counts (64 bits), because one customer has all of it.
 */
export function readAddress(headers: Headers): string {
  const address =
    headers
      .get("x-forwarded-for")
      ?.split(",")
      .at(-1)
      ?.trim()
      .replace(/^::ffff:/, "") ?? "";
  if (!address.includes(":")) return address.slice(0, 45) || "unknown";
  return address.split(":").slice(0, 4).join(":").slice(0, 45);
}
