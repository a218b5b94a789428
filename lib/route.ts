import { createHash } from "node:crypto";
import type { z } from "zod";
import { db } from "../db/client";
import { failure, problemsOf, recordDenial, refusalOfFault } from "./action";
import { recordSecurityEvent } from "./audit/commands";
import { inRequest } from "./audit/in-request";
import { boundKey } from "./command";
import { currentPerson, type Person, personById } from "./people/current-person";
import { keepToLimits, type LimitKind } from "./people/keep-to-limits";
import { readAddress } from "./people/sign-in/read-address";
import { readToken } from "./people/sign-in/read-token";
import { statusOf } from "./refusals";
import { originProblem, parseJson, readBytes, sizeProblem } from "./request";
import { ok, type Refusal, type Result, refuse } from "./result";

/** The wrapper of route handlers: the same questions in the same order as `action`, answered in HTTP. */

export type Call<Input> = {
  readonly person: Person;
  /** The query of a GET or with a file, the JSON body of the others, through the schema. */
  readonly input: Input;
  /** The body, where the route takes a file; else empty. */
  readonly file: Buffer;
  /** The parts of the path in brackets. */
  readonly params: Readonly<Record<string, string>>;
  readonly request: Request;
  /** The header Idempotency-Key. */
  readonly key?: string;
};

export type RouteSpec<Schema extends z.ZodType, T> = {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** What a bearer token must carry; null: sessions only. */
  readonly scope: string | null;
  /** How often it may be asked (S42); absent: as often as the server can answer. */
  readonly limit?: LimitKind;
  /** Whether the header Idempotency-Key must be there. */
  readonly needsKey?: boolean;
  /** The body is a file of at most so many bytes, read before anything is asked of the database. */
  readonly maxFileBytes?: number;
  readonly schema: Schema;
  /** The status of a good answer; 200 unless said otherwise. */
  readonly status?: number;
  /** A `Response` is sent as it is (streams). */
  readonly run: (call: Call<z.output<Schema>>) => Promise<Result<T> | Response>;
};

/** Every route handler by name, with its method and scope, for the test of roles × operations. */
export const routes = new Map<string, { readonly method: string; readonly scope: string | null }>();

const HEADERS = { "cache-control": "no-store" };
const MAX_KEY_CHARACTERS = 200;

/** A refusal in HTTP; also of the doors that are no route of this wrapper. */
export function refusalResponse(refusal: Refusal): Response {
  const { code, message, problems } = failure(refusal);
  const headers = new Headers(HEADERS);
  if (code === "too-often") headers.set("retry-after", String(refusal.details?.seconds ?? 60));
  if (statusOf(code) === 401) headers.set("www-authenticate", "Bearer");
  const body = { error: { code, message, ...(problems.length > 0 ? { problems } : {}) } };
  return Response.json(body, { status: statusOf(code), headers });
}

/** Who calls: the bearer token's person when there is such a header, else the session's. */
async function personOf(
  request: Request,
  { name, scope }: { readonly name: string; readonly scope: string | null },
): Promise<Result<Person>> {
  const authorization = request.headers.get("authorization");
  if (authorization === null) {
    const person = await currentPerson();
    return person ? ok(person) : refuse("signed-out");
  }
  const token = await readToken(authorization);
  const person = token && (await personById(db(), token.userId, { scopes: token.scopes }));
  if (!person || !token) return refuse("token-unknown");
  if (scope !== null && token.scopes.includes(scope)) return ok(person);
  await recordSecurityEvent(null, { action: name, actorId: person.userId, objectId: token.tokenId, allowed: false });
  return refuse("token-scope", { details: { scope: scope ?? "" } });
}

type Brought = { readonly input: unknown; readonly file: Buffer };

async function broughtBy(request: Request, maxFileBytes: number | undefined): Promise<Result<Brought>> {
  const bytes = request.method === "GET" ? ok(Buffer.alloc(0)) : await readBytes(request, maxFileBytes);
  if (!bytes.ok) return bytes;
  const isJson = request.method !== "GET" && maxFileBytes === undefined;
  const input = isJson ? parseJson(bytes.value) : ok(Object.fromEntries(new URL(request.url).searchParams));
  if (!input.ok) return input;
  const size = sizeProblem(input.value);
  return size ? { ok: false, refusal: size } : ok({ input: input.value, file: bytes.value });
}

/** What a key is bound to: the input, and of a file its digest. */
const boundTo = (input: unknown, file: Buffer, isFile: boolean): unknown =>
  isFile ? [input, createHash("sha256").update(file).digest("hex")] : input;

function keyProblem(key: string | null, isNeeded: boolean): Refusal | null {
  if (key === null) return isNeeded ? { code: "key-missing" } : null;
  return key.length > 0 && key.length <= MAX_KEY_CHARACTERS ? null : { code: "key-missing" };
}

async function answer<Schema extends z.ZodType, T>(
  spec: RouteSpec<Schema, T>,
  request: Request,
  params: Readonly<Record<string, string>>,
): Promise<Result<T> | Response> {
  const isToken = request.headers.has("authorization");
  const mayChange = spec.method !== "GET";
  // No browser: a program that forgot its token wants to hear of that, not of origins.
  const isProgram = !request.headers.has("cookie") && !request.headers.has("origin");
  if (mayChange && !isToken && isProgram) return refuse(spec.scope === null ? "signed-out" : "token-needed");
  const origin = mayChange && !isToken ? originProblem(request.headers) : null;
  if (origin) return { ok: false, refusal: origin };
  const person = await personOf(request, spec);
  if (!person.ok) return person;
  const from = { asker: person.value.userId, address: readAddress(request.headers) };
  const tooOften = spec.limit ? await keepToLimits(spec.limit, from) : null;
  if (tooOften) return { ok: false, refusal: tooOften };
  const key = request.headers.get("idempotency-key");
  const withoutKey = keyProblem(key, spec.needsKey ?? false);
  if (withoutKey) return { ok: false, refusal: withoutKey };
  const brought = await broughtBy(request, spec.maxFileBytes);
  if (!brought.ok) return brought;
  const parsed = spec.schema.safeParse(brought.value.input);
  if (!parsed.success) return refuse("invalid", { problems: problemsOf(parsed.error) });
  const { file } = brought.value;
  const isFile = spec.maxFileBytes !== undefined;
  const result = await spec.run({
    person: person.value,
    input: parsed.data,
    file,
    params,
    request,
    ...(key ? { key: boundKey(key, boundTo(parsed.data, file, isFile)) } : {}),
  });
  if (!(result instanceof Response) && !result.ok && result.refusal.code === "not-found")
    await recordDenial(spec.name, person.value, params);
  return result;
}

/** Next gives no params where the path has no brackets. */
type Context = { readonly params: Promise<Record<string, string | string[] | undefined> | undefined> };

/** Makes a route handler of what it does. Answers JSON: the value, or `{ error: { code, message, problems? } }`. Never cached. */
export function route<Schema extends z.ZodType, T>(
  spec: RouteSpec<Schema, T>,
): (request: Request, context: Context) => Promise<Response> {
  routes.set(spec.name, { method: spec.method, scope: spec.scope });
  return async (request, context) => {
    try {
      const params = Object.fromEntries(
        Object.entries((await context.params) ?? {}).map(([name, value]) => [name, String(value)]),
      );
      const result = await inRequest(readAddress(request.headers), () => answer(spec, request, params));
      if (result instanceof Response) return result;
      if (!result.ok) return refusalResponse(result.refusal);
      return Response.json(result.value, { status: spec.status ?? 200, headers: HEADERS });
    } catch (error) {
      return refusalResponse(refusalOfFault(error, spec.name));
    }
  };
}
