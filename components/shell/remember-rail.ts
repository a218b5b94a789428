import { now } from "@/lib/clock";

const YEAR_MS = 365 * 86_400_000;

/** So that the next page comes from the server as wide as this one. Where the browser keeps no such store (plain http), nothing is kept. */
export function rememberRail(width: "wide" | "narrow"): void {
  if (!("cookieStore" in window)) return;
  void window.cookieStore.set({
    name: "baton_rail",
    value: width,
    path: "/",
    expires: now().getTime() + YEAR_MS,
    sameSite: "lax",
  });
}
