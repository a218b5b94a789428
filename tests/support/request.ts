import { AsyncLocalStorage } from "node:async_hooks";
import { encode } from "next-auth/jwt";
import { env, publicOrigin } from "../../lib/env";
import { cookieName } from "../../lib/people/sign-in/name-cookies";

/**
 * Stands in for `next/headers` where there is no Next: a test file says `vi.mock("next/headers", () => import("../support/request"))` and
 * calls actions and routes inside `asking(...)`. Cookies and headers are the test's; everything behind them is the product's.
 */
type Asked = { readonly headers: Headers; readonly cookies: Map<string, string> };
const asked = new AsyncLocalStorage<Asked>();

function now(): Asked {
  const store = asked.getStore();
  if (!store) throw new Error("called outside asking()");
  return store;
}

export const headers = async () => now().headers;
export const cookies = async () => {
  const jar = now().cookies;
  return {
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) ?? "" } : undefined),
    getAll: () => [...jar].map(([name, value]) => ({ name, value })),
    set: (name: string, value: string) => void jar.set(name, value),
  };
};

/** The headers of a browser's own form. */
export const ownHeaders = (more: Record<string, string> = {}): Headers =>
  new Headers({ origin: publicOrigin(env()), "sec-fetch-site": "same-origin", "user-agent": "test", ...more });

/** The cookies of a browser that is signed in to that session. */
export async function sessionCookies(sessionId: string | null): Promise<Map<string, string>> {
  if (sessionId === null) return new Map();
  return new Map([
    [cookieName("session"), await encode({ token: { sid: sessionId }, secret: env().AUTH_SECRET ?? "", maxAge: 600 })],
  ]);
}

/** Calls something as the request of that session, with those headers. */
export async function asking<T>(
  from: { sessionId?: string | null; headers?: Headers },
  call: () => Promise<T>,
): Promise<T> {
  return asked.run(
    { headers: from.headers ?? ownHeaders(), cookies: await sessionCookies(from.sessionId ?? null) },
    call,
  );
}
