import { env, publicOrigin } from "../../env";
import { log } from "../../log";

/** Cookies of signing in: the session, the mark of the browser that asked for a link, and the mark of a browser that signed in before. */
export type CookieName = "session" | "csrf" | "next" | "browser" | "known";

let warned = false;

/**
 * Whether browsers keep secure cookies for the public address: over https always, over http only for this machine itself. Anywhere else
 * signing in works, but whoever listens to the network can take the session over; the log says so loudly, once.
 */
export function areCookiesSecure(): boolean {
  const { protocol, hostname } = new URL(publicOrigin(env()));
  const isSecure = protocol === "https:" || hostname === "localhost" || hostname === "127.0.0.1";
  if (!isSecure && !warned) {
    warned = true;
    log().warn(
      "AUTH_URL is plain http on a name that is not this machine: sessions can be read by anybody on the network. Put https in front.",
    );
  }
  return isSecure;
}

/** `__Host-`: sent to exactly this host, over a secure connection, set by no other (S16). */
export const cookieName = (name: CookieName): string => `${areCookiesSecure() ? "__Host-" : ""}baton.${name}`;

export const cookieOptions = (): { httpOnly: true; sameSite: "lax"; path: "/"; secure: boolean } => ({
  httpOnly: true,
  sameSite: "lax",
  path: "/",
  secure: areCookiesSecure(),
});
