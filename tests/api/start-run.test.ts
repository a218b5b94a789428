import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { POST } from "../../app/api/v1/orchestrations/[name]/runs/route";
import { db } from "../../db/client";
import { apiToken, run, user } from "../../db/schema";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { newSecret } from "../../lib/people/sign-in/make-link";
import { digestOf, TOKEN_PREFIX } from "../../lib/people/sign-in/read-token";
import { fingerprint } from "../actions/fingerprint";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { anObject, aRecord } from "../builders/records";
import { aThingWorld } from "../builders/runs";
import { asking } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

let ana: Person;
beforeAll(async () => {
  ana = await aPerson({ name: "Ana" });
  await aThingWorld();
  await anObject("Secret", {});
  const toAna = { assignee: { type: "user", value: { literal: ana.username } } };
  const variables = [{ name: "amount", type: "number", isInput: true }];
  await activated(
    anOrchestration([aStage("First", [anInteractiveStep("Step", toAna)])], {
      name: "Order",
      start: { type: "autolaunched", object: "Secret", next: "First" },
      variables,
    }),
  );
});

async function aToken(person: Person, scopes: string[] = ["runs:start"]): Promise<string> {
  const secret = TOKEN_PREFIX + newSecret();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await db()
    .insert(apiToken)
    .values({
      tokenId: newId("token"),
      userId: person.userId,
      name: "x",
      hint: "x",
      secretHash: digestOf(secret),
      scopes,
      expiresAt,
    });
  return secret;
}

type Post = {
  token?: string | null;
  key?: string | null;
  name?: string;
  body?: unknown;
  headers?: Record<string, string>;
};
async function post({ token = null, key = newId("command"), name = "Order", body = {}, headers = {} }: Post) {
  const all = new Headers({ "content-type": "application/json", ...headers });
  if (token) all.set("authorization", `Bearer ${token}`);
  if (key) all.set("idempotency-key", key);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const request = new Request(`http://127.0.0.1:3000/api/v1/orchestrations/${name}/runs`, {
    method: "POST",
    headers: all,
    body: text,
  });
  const answer = await asking({ headers: all }, () => POST(request, { params: Promise.resolve({ name }) }));
  return {
    status: answer.status,
    body: (await answer.json()) as { runId?: string; error?: { code: string; message: string; problems?: unknown[] } },
    headers: answer.headers,
  };
}
const record = () => aRecord("Secret", {}, ana);

describe("POST /api/v1/orchestrations/{name}/runs", () => {
  test("starts a run in the name of the token's person", async () => {
    const answer = await post({ token: await aToken(ana), body: { inputs: { amount: 12 }, recordId: await record() } });
    expect(answer).toMatchObject({ status: 201, body: { runId: expect.stringMatching(/^run_/) } });
    expect(answer.headers.get("cache-control")).toContain("no-store");
    const [row] = await db()
      .select()
      .from(run)
      .where(eq(run.runId, answer.body.runId ?? ""));
    expect(row).toMatchObject({ startedBy: ana.userId, definitionId: "Order" });
  });

  test("the same key gets the same answer, at once or later, and one run", async () => {
    const token = await aToken(ana);
    const ask = { token, key: "order 4711", body: { recordId: await record() } };
    const answers = await Promise.all([post(ask), post(ask), post(ask)]);
    const ids = new Set([...answers, await post(ask)].map((answer) => answer.body.runId));
    expect(ids.size).toBe(1);
    expect((await post({ ...ask, key: "order 4712" })).body.runId).not.toBe([...ids][0]);
  });

  test("a key belongs to its person", async () => {
    const boss = await aPerson({ role: "admin" });
    const body = { recordId: await record() };
    const [hers, his] = [
      await post({ token: await aToken(ana), key: "shared key", body }),
      await post({ token: await aToken(boss), key: "shared key", body }),
    ];
    expect(hers.body.runId).not.toBe(his.body.runId);
  });

  const refused: [string, () => Promise<Post>, number, string][] = [
    ["without a token", async () => ({}), 401, "token-needed"],
    [
      "without a token, from our own page, signed out",
      async () => ({ headers: { origin: "http://127.0.0.1:3000" } }),
      401,
      "signed-out",
    ],
    ["with an unknown token", async () => ({ token: TOKEN_PREFIX + newSecret() }), 401, "token-unknown"],
    [
      "with something else as a token",
      async () => ({ headers: { authorization: "Basic YTpi" } }),
      401,
      "token-unknown",
    ],
    [
      "with a token of another scope",
      async () => ({ token: await aToken(ana, ["records:read", "runs:read"]) }),
      403,
      "token-scope",
    ],
    ["without a key", async () => ({ token: await aToken(ana), key: null }), 400, "key-missing"],
    [
      "with a key of 201 characters",
      async () => ({ token: await aToken(ana), key: "x".repeat(201) }),
      400,
      "key-missing",
    ],
    ["with a body that is no JSON", async () => ({ token: await aToken(ana), body: "{" }), 400, "not-json"],
    ["with a list as body", async () => ({ token: await aToken(ana), body: [] }), 400, "invalid"],
    [
      "with a field that nobody asked for",
      async () => ({ token: await aToken(ana), body: { runAs: "usr_automated" } }),
      400,
      "invalid",
    ],
    [
      "with two megabytes",
      async () => ({ token: await aToken(ana), body: { inputs: { text: "x".repeat(2_000_000) } } }),
      413,
      "too-large",
    ],
    ["for what does not exist", async () => ({ token: await aToken(ana), name: "Nothing" }), 404, "not-found"],
    [
      "about a record that is not hers to see",
      async () => ({ token: await aToken(await aPerson()), body: { recordId: await record() } }),
      404,
      "not-found",
    ],
    [
      "about a record that does not exist",
      async () => ({ token: await aToken(ana), body: { recordId: "rec_none" } }),
      404,
      "not-found",
    ],
    ["without the record that it is about", async () => ({ token: await aToken(ana) }), 400, "record-needed"],
  ];
  test.each(refused)("%s it is refused, and nothing is changed", async (_when, given, status, code) => {
    const asked = await given();
    const before = { ...(await fingerprint()), api_token: "" };
    const answer = await post(asked);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    expect(answer.body.error?.message).toMatch(/^[A-Z].*\.$/s);
    expect({ ...(await fingerprint()), api_token: "" }).toEqual(before);
  });

  test("a revoked token, an expired one and one whose person has left are unknown", async () => {
    const [revoked, expired, left] = [await aToken(ana), await aToken(ana), await aPerson()];
    const orphan = await aToken(left);
    await db()
      .update(apiToken)
      .set({ revokedAt: new Date() })
      .where(eq(apiToken.secretHash, digestOf(revoked)));
    await db()
      .update(apiToken)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(apiToken.secretHash, digestOf(expired)));
    await db().update(user).set({ active: false }).where(eq(user.userId, left.userId));
    for (const token of [revoked, expired, orphan])
      expect((await post({ token })).body.error?.code).toBe("token-unknown");
  });
});
