import { ok, type Result } from "../result";
import { nextHop } from "./next-hop";
import { type Barred, type Host, type Resolve, reachHost } from "./reach-host";
import { type Answer, sendRequest } from "./send-request";

const MAX_REDIRECTS = 3;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export type Asked = {
  readonly url: URL;
  readonly method: string;
  /** The operation's and the credential's: for the first server alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names the act wherever it lands. */
  readonly idempotencyKey: string;
  readonly body: string | null;
};
export type Means = { readonly allowed: readonly Host[]; readonly resolve: Resolve; readonly signal: AbortSignal };

/**
 * Sends a request and, for GET alone, follows up to three redirects (S62). Each hop is checked like the first one, none leads from https to
 * http, and another server gets neither headers nor credential. Any other redirect is the answer. Throws like `sendRequest`.
 */
export async function followRedirects(asked: Asked, means: Means): Promise<Result<Answer, Barred>> {
  const { method, idempotencyKey, body } = asked;
  let { url } = asked;
  for (let hop = 0; ; hop++) {
    const reached = await orAborted(reachHost(url, means.allowed, means.resolve), means.signal);
    if (!reached.ok) return hop === 0 ? reached : barred(`it redirects, and ${reached.refusal.reason}`);
    const headers = { ...(url.origin === asked.url.origin ? asked.headers : {}), "idempotency-key": idempotencyKey };
    const answer = await sendRequest({ url, method, headers, body, addresses: reached.value, signal: means.signal });
    const { location } = answer.headers;
    if (method !== "GET" || !location || !REDIRECTS.includes(answer.status)) return ok(answer);
    const next = nextHop(url, location);
    if (!next.ok) return barred(next.refusal);
    if (hop === MAX_REDIRECTS) return barred(`it redirects more than ${MAX_REDIRECTS} times`);
    url = next.value;
  }
}

const barred = (reason: string): Result<never, Barred> => ({ ok: false, refusal: { reason, mayRetry: false } });

/** Name servers cannot be told to stop; nobody waits for them any longer than for the rest. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
