import { Writable } from "node:stream";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { POST as signIn } from "../../app/api/auth/[...nextauth]/route";
import { POST as postEvent } from "../../app/api/v1/events/[source]/route";
import { POST as startRun } from "../../app/api/v1/orchestrations/[name]/runs/route";
import { db } from "../../db/client";
import { user } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { inventory, refusalOfFault } from "../../lib/action";
import { seal } from "../../lib/audit/seal";
import { signatureOf } from "../../lib/connect/check-signature";
import { env } from "../../lib/env";
import { newId } from "../../lib/ids";
import { log, openLog } from "../../lib/log";
import { deliver } from "../../lib/notify/deliver";
import { openTransport } from "../../lib/notify/open-transport";
import { currentPerson } from "../../lib/people/current-person";
import { type Purpose, presentKey } from "../../lib/people/sign-in/derive-key";
import { makeSetupLink } from "../../lib/people/sign-in/make-link";
import { aPerson, aSession } from "../builders/people";
import { aRecord } from "../builders/records";
import { finished } from "../builders/runs";
import { aMailServer } from "../support/mail-server";
import { asking, ownHeaders, sessionCookies } from "../support/request";
import { cast, makeCast, sessionOf, work } from "./cast";

vi.mock("next/headers", () => import("../support/request"));
import.meta.glob("../../lib/**/actions{.ts,/*.ts}", { eager: true });

/**
 * S82: secrets of each kind go through the program as they do in use; afterwards none is in a line of the log, a row of the database or a mail
 * that is not its own.
 */
const written: string[] = [];
const canaries = new Map<string, string>();
/** Where one is meant to be: the mail with a link is how it comes to its person. */
const inMails = new Set<string>();
let made = 0;
function canary(name: string, value = `Canary-${++made}-${newId("link").slice(-12)}-zq`): string {
  canaries.set(name, value);
  return value;
}

beforeAll(async () => {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const everything = openLog("trace", stream);
  for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const)
    vi.spyOn(log(), level).mockImplementation((...said: Parameters<typeof everything.info>) =>
      everything[level](...said),
    );
  await makeCast();
});
afterAll(() => vi.restoreAllMocks());

const from = (more: Record<string, string> = {}) => ownHeaders({ "x-forwarded-for": "192.0.2.9", ...more });
const act = async (name: string, input: object, sessionId = sessionOf("admin"), headers = from()) =>
  asking({ sessionId, headers }, async () =>
    inventory.get(name)?.({ headers, person: currentPerson }, { key: newId("command"), ...input }),
  );
const answerOf = async <T>(answer: Promise<unknown>) => (await answer) as { ok: true; value: T };

async function doors(): Promise<void> {
  const headers = (token: string) =>
    new Headers({
      authorization: `Bearer ${token}`,
      "idempotency-key": newId("command"),
      cookie: canary("a cookie that is none"),
    });
  const post = (token: string, query = "") =>
    asking({ headers: headers(token) }, () =>
      startRun(
        new Request(`http://127.0.0.1:3000/x${query}`, { method: "POST", headers: headers(token), body: "{}" }),
        {
          params: Promise.resolve({ name: "Nothing" }),
        },
      ),
    );
  const token = await answerOf<{ secret: string }>(
    act("tokens.create", { name: "x", scopes: ["runs:start"], days: 30 }),
  );
  await post(canary("token", token.value.secret), `?token=${canary("token in an address")}`);
  await post(canary("token that is none"));
  const source = await answerOf<{ name: string; secret: string }>(
    act("event-source.create", { name: "canary", label: "x", definitionId: "Work_person" }),
  );
  const body = JSON.stringify({ recordId: await aRecord("Secret", {}, cast().starter) });
  const secret = canary("event source", source.value.secret);
  const good = signatureOf(
    secret,
    { seconds: Math.floor(Date.now() / 1_000), nonce: newId("command") },
    Buffer.from(body),
  );
  for (const signature of [canary("signature", good), canary("signature that is none")]) {
    const request = new Request("http://127.0.0.1:3000/x", {
      method: "POST",
      body,
      headers: { "baton-signature": signature },
    });
    await postEvent(request, { params: Promise.resolve({ source: "canary" }) });
  }
  const again = await answerOf<{ secret: string }>(act("event-source.replace-secret", { name: "canary" }));
  canary("event source anew", again.value.secret);
}

async function passwords(): Promise<void> {
  const present = canary("password");
  const person = await aPerson({ password: present });
  const sessionId = await aSession(person);
  await act(
    "account.change-password",
    { present: canary("password mistyped"), password: canary("password not taken") },
    sessionId,
  );
  await act("account.change-password", { present, password: canary("password anew") }, sessionId);
  await act(
    "account.change-password",
    { present: canary("password past its bound").padEnd(200, "y"), password: "short" },
    sessionId,
  );
  await act("people.create", { password: canary("password in an unknown field") });
  const { username } = person;
  const cookies = await sessionCookies(sessionId);
  canary("cookie of a session", [...cookies.values()][0]);
  for (const password of [canary("password guessed"), present]) {
    const form = new URLSearchParams({ name: username, password, csrfToken: canary("token of a form") }).toString();
    const headers = from({
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(form.length),
      cookie: canary("cookie that is none"),
    });
    const request = new Request("http://127.0.0.1:3000/api/auth/callback/password", {
      method: "POST",
      body: form,
      headers,
    });
    await asking({ headers }, () =>
      signIn(request, { params: Promise.resolve({ nextauth: ["callback", "password"] }) }),
    );
  }
}

async function links(): Promise<void> {
  const { starter } = cast();
  await asking({ headers: from() }, async () =>
    inventory.get("people.ask-for-link")?.(
      { headers: from(), person: currentPerson },
      { key: newId("command"), name: starter.username, next: "/" },
    ),
  );
  const [mail] = await db().execute<{ path: string }>(
    "select content ->> 'path' as path from outbox where kind = 'sign_in_link'",
  );
  inMails.add(canary("link by mail", new URLSearchParams(mail?.path.split("?")[1]).get("token") ?? ""));
  const setUp = await transaction({ commandId: newId("command"), actorId: null }, makeSetupLink);
  canary("link of the set-up", setUp);
  await act("people.set-up", {
    token: setUp,
    name: "A",
    username: "aa.bb",
    email: "a@example.org",
    password: canary("password of the first admin"),
  });
}

async function connections(): Promise<void> {
  const origin = "https://api.example.com";
  const input = { label: "A", origin, kind: "bearer", secret: canary("credential: bearer") };
  const { value } = await answerOf<{ credentialId: string }>(act("connection.create-credential", input));
  await act("connection.create-credential", {
    label: "B",
    origin,
    kind: "basic",
    username: "x",
    secret: canary("credential: password"),
  });
  await act("connection.create-credential", {
    label: "C",
    origin,
    kind: "header",
    headerName: "X-Key",
    secret: canary("credential: header"),
  });
  await act("connection.create-credential", {
    label: "",
    origin,
    kind: "bearer",
    secret: canary("credential refused"),
  });
  await act("connection.replace-secret", { credentialId: value.credentialId, secret: canary("credential anew") });
}

async function faults(): Promise<void> {
  const failing = db()
    .insert(user)
    .values({
      userId: "x",
      username: "x",
      email: "x",
      name: "x",
      passwordHash: canary("value of a failed query"),
      role: sql`null` as never,
    });
  await failing.catch((error: unknown) => refusalOfFault(error, "test"));
  log().warn(
    {
      password: canary("field named password"),
      nested: { secret: canary("field named secret"), token: canary("field named token") },
      url: canary("address of the database"),
    },
    "test",
  );
}

async function mails(): Promise<void> {
  const server = await aMailServer();
  const host = new URL(server.url).host;
  const broken = openTransport(`smtp://baton:${canary("password of the mail server")}@127.0.0.1:1`);
  await broken.verify().catch((error: unknown) => log().warn({ err: error }, "mail server"));
  broken.close();
  const transport = openTransport(`smtp://${host}`);
  for (let taken = 1; taken > 0; ) taken = (await deliver(transport)).taken;
  transport.close();
  await server.close();
  expect(server.taken.length).toBeGreaterThan(3);
  for (const [name, value] of canaries)
    if (!inMails.has(value))
      expect([name, server.taken.some(({ raw }) => raw.replaceAll("=\r\n", "").includes(value))]).toEqual([
        name,
        false,
      ]);
}

test("thirty secrets go through, and none stays where it is not meant to be", async () => {
  const { assignee } = cast();
  const { workItemId } = await work("person");
  await finished(assignee, workItemId);
  await doors();
  await passwords();
  await links();
  await connections();
  await faults();
  const secret = env().AUTH_SECRET ?? "";
  canary("AUTH_SECRET", secret);
  canary("address of the database with its password", new URL(env().DATABASE_URL ?? "").password);
  for (const purpose of ["known-browser", "credential", "seal"] as const satisfies Purpose[])
    canary(`key: ${purpose}`, Buffer.from(presentKey(purpose).key).toString("hex"));
  while ((await seal()) > 0);
  await mails();

  expect(canaries.size).toBeGreaterThanOrEqual(30);
  for (const [name, value] of canaries) expect([name, value.length >= 8]).toEqual([name, true]);
  const lines = written.join("");
  expect(written.length).toBeGreaterThan(3);
  expect(lines).toContain("params: [hidden]");
  for (const [name, value] of canaries) expect([name, lines.includes(value)]).toEqual([name, false]);
  const tables = await db().execute<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  for (const { name: table } of tables) {
    const rows = await db().execute<{ text: string }>(sql.raw(`select t::text as text from "${table}" t`));
    const text = [...rows].map((row) => row.text).join("\n");
    for (const [name, value] of canaries) expect([table, name, text.includes(value)]).toEqual([table, name, false]);
  }
});
