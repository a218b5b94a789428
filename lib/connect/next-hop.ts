import { ok, type Result } from "../result";

/** Where a redirect leads, or why nobody goes there: it is no address, or one that gives up encryption (S62). Whether it may be called is asked apart. */
export function nextHop(from: URL, location: string): Result<URL, string> {
  if (!URL.canParse(location, from)) return { ok: false, refusal: "it redirects to what is no address" };
  const to = new URL(location, from);
  if (from.protocol === "https:" && to.protocol === "http:")
    return { ok: false, refusal: "it redirects from https to http" };
  return ok(to);
}
