import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { apiToken, user } from "../../db/schema";
import { createToken } from "../../lib/connect/commands/change-token";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { newSecret } from "../../lib/people/sign-in/make-link";
import { digestOf, TOKEN_PREFIX } from "../../lib/people/sign-in/read-token";
import { routes } from "../../lib/route";
import { fingerprint } from "../actions/fingerprint";
import { aPerson } from "../builders/people";
import { commanded, must } from "../builders/records";
import { asking } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

/** S40: what a bearer token opens, at every route there is. */
type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;
const modules = import.meta.glob("../../app/api/**/route.ts", { eager: true }) as Record<
  string,
  Record<string, Handler>
>;
/** No route of the wrapper; they look at no token. */
const OTHERS = /\/(auth|health|events)\//;
const HANDLERS = Object.entries(modules)
  .filter(([path]) => !OTHERS.test(path))
  .flatMap(([path, module]) =>
    Object.entries(module)
      .filter(([method]) => /^[A-Z]+$/.test(method))
      .map(([method, handler]) => ({
        path: path.replace(/^.*\/api/, "/api").replace("/route.ts", ""),
        method,
        handler,
      })),
  );
let admin: Person;
let made = 0;

beforeEach(async () => {
  admin = await aPerson({ role: "admin" });
});

const READ = ["runs:read", "records:read"] as const;
async function aToken(person: Person, scopes: readonly ("runs:start" | "runs:read" | "records:read")[] = READ) {
  const secret = TOKEN_PREFIX + newSecret();
  const { tokenId } = must(
    await commanded((tx) => createToken(tx, person, { name: `T${++made}`, scopes: [...scopes], days: 30, secret })),
  );
  return { tokenId, secret };
}
type Knock = (typeof HANDLERS)[number];
async function knock({ path, method, handler }: Knock, secret: string | null, query = "") {
  const headers = new Headers({ "idempotency-key": newId("command"), "content-type": "application/json" });
  if (secret) headers.set("authorization", `Bearer ${secret}`);
  const request = new Request(`http://127.0.0.1:3000${path}${query}`, {
    method,
    headers,
    ...(method === "GET" ? {} : { body: "{}" }),
  });
  const params = Promise.resolve({ name: "Nothing", workItemId: "wi_none" });
  const answer = await asking({ headers }, () => handler(request, { params }));
  return { status: answer.status, text: await answer.text() };
}
const codeOf = (text: string) => (JSON.parse(text) as { error?: { code: string } }).error?.code;
const unmoved = async () => ({ ...(await fingerprint()), api_token: "", command: "", outbox: "" });

test("the routes are all here", () => {
  expect(HANDLERS.length).toBe(routes.size);
});

describe.each(HANDLERS.map((knocked) => [`${knocked.method} ${knocked.path}`, knocked] as const))(
  "%s",
  (_name, knocked) => {
    test("does nothing for a token that may only read, and answers 403", async () => {
      const { secret } = await aToken(admin);
      const before = await unmoved();
      const { status, text } = await knock(knocked, secret);
      expect([status, codeOf(text)]).toEqual([403, "token-scope"]);
      expect(await unmoved()).toEqual(before);
    });

    test("answers 401 to a token that was revoked, has ended, or whose person has left", async () => {
      const left = await aPerson();
      const [revoked, ended, orphan] = [await aToken(admin), await aToken(admin), await aToken(left)];
      await db().update(apiToken).set({ revokedAt: new Date() }).where(eq(apiToken.tokenId, revoked.tokenId));
      await db()
        .update(apiToken)
        .set({ expiresAt: new Date(Date.now() - 1) })
        .where(eq(apiToken.tokenId, ended.tokenId));
      await db().update(user).set({ active: false }).where(eq(user.userId, left.userId));
      const before = await unmoved();
      for (const { secret } of [revoked, ended, orphan]) expect((await knock(knocked, secret)).status).toBe(401);
      expect(await unmoved()).toEqual(before);
    });

    test("does not look for a token in the address", async () => {
      const { secret } = await aToken(admin, ["runs:start", ...READ]);
      for (const name of ["token", "access_token", "authorization", "api_key"]) {
        const { status, text } = await knock(knocked, null, `?${name}=${secret}`);
        expect([name, status]).toEqual([name, 401]);
        expect(text).not.toContain(secret);
      }
    });
  },
);

describe("a token", () => {
  const start = HANDLERS.find(({ method }) => method === "POST");
  const rowOf = async (tokenId: string) => (await db().select().from(apiToken).where(eq(apiToken.tokenId, tokenId)))[0];

  test("is kept as its digest and its first letters alone", async () => {
    const { tokenId, secret } = await aToken(admin);
    const row = await rowOf(tokenId);
    expect(secret).toMatch(/^baton_[A-Za-z0-9_-]{43}$/);
    expect(row).toMatchObject({ hint: secret.slice(0, 12), secretHash: digestOf(secret), lastUsedAt: null });
    expect(JSON.stringify(row)).not.toContain(secret.slice(0, 13));
  });

  test("says when it was used last, to the minute, also when what it asked for was refused", async () => {
    if (!start) throw new Error("no route takes a POST");
    const { tokenId, secret } = await aToken(admin);
    await knock(start, secret);
    const first = (await rowOf(tokenId))?.lastUsedAt;
    expect(first).toBeInstanceOf(Date);
    await knock(start, secret);
    expect((await rowOf(tokenId))?.lastUsedAt).toEqual(first);
  });

  test("makes no other tokens", async () => {
    const bearer: Person = { ...admin, scopes: ["runs:start"] };
    const asked = await commanded((tx) =>
      createToken(tx, bearer, { name: "x", scopes: ["runs:start"], days: 30, secret: TOKEN_PREFIX + newSecret() }),
    );
    expect(asked).toMatchObject({ ok: false, refusal: { code: "not-found" } });
  });
});
