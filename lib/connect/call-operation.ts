import { type Shape, shapeProblems } from "../logic/shape";
import type { Value } from "../logic/value";
import { buildRequest } from "./build-request";
import { followRedirects } from "./follow-redirects";
import { type Failed, mapAnswer, type Outcome } from "./map-answer";
import type { CallableOperation } from "./queries/callable-operation";
import { type Resolve, resolveBySystem } from "./reach-host";
import { redact } from "./redact";

export type Call = {
  readonly operation: CallableOperation;
  readonly inputs: { readonly [name: string]: Value };
  /** The same for every try of one act. */
  readonly idempotencyKey: string;
  /** Ends the call from outside; its reason is thrown. */
  readonly signal?: AbortSignal;
  readonly resolve?: Resolve;
};

/**
 * Runs an operation once, for real: checks the inputs, makes the request, sends it where it may go, reads the answer. Never inside a
 * transaction. Whatever the other system does is an outcome, and no text of it holds the secret; only an abort by `signal` is thrown.
 */
export async function callOperation(call: Call): Promise<Outcome> {
  const { operation } = call;
  const inputs = withoutEmpty(operation.input, call.inputs);
  const [wrong] = shapeProblems(operation.input, inputs);
  const built = wrong
    ? { ok: false as const, refusal: `the input ${wrong.path} ${wrong.message}` }
    : buildRequest(operation.baseUrl, operation, inputs);
  if (!built.ok) return failed(operation, built.refusal);
  const timeout = AbortSignal.timeout(operation.timeoutSeconds * 1_000);
  const signal = call.signal ? AbortSignal.any([timeout, call.signal]) : timeout;
  const headers = { ...built.value.headers, ...operation.authorization };
  const asked = { ...built.value, headers, method: operation.method, idempotencyKey: call.idempotencyKey };
  try {
    const means = { allowed: operation.allowed, resolve: call.resolve ?? resolveBySystem, signal };
    const answer = await followRedirects(asked, means);
    if (!answer.ok) return failed(operation, answer.refusal.reason, answer.refusal.mayRetry);
    // Before anything is read of it: what it sends back of a secret must not become an output either.
    const text = redact(answer.value.text, operation.secrets);
    const outcome = mapAnswer(operation, { ...answer.value, text });
    return outcome.type === "failed" ? { ...outcome, error: `${operation.label}: ${outcome.error}` } : outcome;
  } catch (error) {
    if (call.signal?.aborted) throw call.signal.reason;
    if (timeout.aborted) return failed(operation, `it did not answer within ${operation.timeoutSeconds} s`, true);
    return failed(operation, ...wordsOf(error));
  }
}

/** An empty field that somebody hands on is an input left out, unless the operation wants to hear of it. */
function withoutEmpty({ properties, required }: Shape, inputs: Call["inputs"]): Call["inputs"] {
  const known = new Map(Object.entries(properties ?? {}));
  const isLeftOut = (name: string, value: Value) =>
    value === null && !required?.includes(name) && !known.get(name)?.type.includes("null");
  return Object.fromEntries(Object.entries(inputs).filter(([name, value]) => !isLeftOut(name, value)));
}

const failed = ({ label, secrets }: CallableOperation, reason: string, mayRetry = false): Failed => ({
  type: "failed",
  status: null,
  text: null,
  error: redact(`${label}: ${reason}.`, secrets),
  mayRetry,
  retryAfterSeconds: 0,
});

const BROKEN: Readonly<Record<string, string>> = {
  ECONNREFUSED: "it refused the connection",
  ECONNRESET: "it closed the connection before it had answered",
  EPIPE: "it closed the connection before it had answered",
  ETIMEDOUT: "it could not be reached in time",
  EHOSTUNREACH: "it cannot be reached",
  ENETUNREACH: "it cannot be reached",
};

/** What the network said, and whether it may say something else next time. Its own words may hold addresses, so only its code is told. */
function wordsOf(error: unknown): [reason: string, mayRetry: boolean] {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (/^HPE_/.test(code)) return ["what it answers is not HTTP", false];
  if (/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY|INVALID_CA|MISMATCH/.test(code))
    return [`its certificate is not trusted (${code})`, false];
  return [BROKEN[code] ?? `the connection broke${code ? ` (${code})` : ""}`, true];
}
