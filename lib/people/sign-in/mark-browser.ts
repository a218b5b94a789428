import { newSecret, SIGN_IN_LINK_MINUTES } from "./make-link";
import { cookieName, cookieOptions } from "./name-cookies";

/** Gives this browser a secret mark for as long as a link lives, and returns it: only the browser that has it can use the link (S7). */
export async function markBrowser(): Promise<string> {
  const { cookies } = await import("next/headers");
  const mark = newSecret();
  (await cookies()).set(cookieName("browser"), mark, { ...cookieOptions(), maxAge: SIGN_IN_LINK_MINUTES * 60 });
  return mark;
}
