import { eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { session, user } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { env } from "../../lib/env";
import { newId } from "../../lib/ids";
import { endOtherSessions, endOwnSession, setPassword } from "../../lib/people/commands/change-account";
import { activatePerson, changePerson, deactivatePerson, resetPassword } from "../../lib/people/commands/change-person";
import type { Person } from "../../lib/people/current-person";
import { refreshPerson } from "../../lib/people/refresh-person";
import { configureAuth } from "../../lib/people/sign-in/configure";
import { cookieName, cookieOptions } from "../../lib/people/sign-in/name-cookies";
import { openSession } from "../../lib/people/sign-in/open-session";
import { readSession } from "../../lib/people/sign-in/read-session";
import { aGroup, again, aPerson, aQueue, asOpened } from "../builders/people";
import { commanded } from "../builders/records";

/** The cookies of a browser that next-auth gave this session's id to. */
async function cookiesOf(sessionId: string, more: Record<string, unknown> = {}) {
  const value = await encode({ token: { sid: sessionId, ...more }, secret: env().AUTH_SECRET ?? "", maxAge: 60 });
  return { get: (name: string) => (name === cookieName("session") ? { value } : undefined) };
}
const open = ({ userId }: { userId: string }) =>
  transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    openSession(tx, { userId, method: "password", userAgent: "Firefox", address: "10.0.0.1" }),
  );
const isIn = async (sessionId: string) => (await readSession(await cookiesOf(sessionId))) !== null;
const must = <T>(result: { ok: true; value: T } | { ok: false; refusal: { code: string } }): T => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};
const change = (person: Person) => ({
  userId: person.userId,
  name: person.name,
  username: person.username,
  email: person.email,
  role: person.role,
  was: asOpened(person),
  managerId: null,
});

describe("S12: the row decides", () => {
  test("a session is its row, and its cookie carries the id alone", async () => {
    const ana = await aPerson();
    const sessionId = await open(ana);
    expect(await readSession(await cookiesOf(sessionId))).toMatchObject({ sessionId, userId: ana.userId });
    const { callbacks } = configureAuth();
    expect(await callbacks?.jwt?.({ token: { name: "x", email: "x" }, user: { id: sessionId } } as never)).toEqual({
      sid: sessionId,
    });
  });

  test("a cookie that is still good is worth nothing once the row is deleted, ended, run out or idle", async () => {
    const ana = await aPerson();
    const ways = [
      `delete from session where session_id = $`,
      `update session set revoked_at = clock_timestamp() where session_id = $`,
      `update session set expires_at = clock_timestamp() where session_id = $`,
      `update session set last_seen_at = clock_timestamp() - interval '8 hours 1 second' where session_id = $`,
    ];
    for (const way of ways) {
      const sessionId = await open(ana);
      expect(await isIn(sessionId)).toBe(true);
      await db().execute(way.replace("$", `'${sessionId}'`));
      expect([way, await isIn(sessionId)]).toEqual([way, false]);
    }
  });

  test("an admin's session ends after half an hour without use", async () => {
    const [admin, member] = [await aPerson({ role: "admin" }), await aPerson()];
    const sessions = [await open(admin), await open(member)];
    await db()
      .update(session)
      .set({ lastSeenAt: new Date(Date.now() - 31 * 60_000) });
    expect(await Promise.all(sessions.map(isIn))).toEqual([false, true]);
  });

  test("a made-up cookie, one of another secret and one that names no session are nobody's", async () => {
    const sessionId = await open(await aPerson());
    const foreign = await encode({
      token: { sid: sessionId },
      secret: "another secret of 32 characters!!",
      maxAge: 60,
    });
    for (const value of ["", "x", foreign, sessionId]) expect(await readSession({ get: () => ({ value }) })).toBeNull();
    expect(await readSession(await cookiesOf("ses_nothing"))).toBeNull();
  });

  test("Baton's own user is never signed in", async () => {
    expect(await isIn(await open({ userId: "usr_automated" }))).toBe(false);
  });
});

describe("S13: a new id", () => {
  test("at every sign-in; one that was there before is not honoured", async () => {
    const ana = await aPerson();
    const ids = [await open(ana), await open(ana)];
    expect(new Set(ids).size).toBe(2);
    expect(await isIn(newId("session"))).toBe(false);
  });
});

describe("S14: takes effect at the next request", () => {
  test("deactivation ends every session and token; activation brings none back", async () => {
    const [admin, ana] = [await aPerson({ role: "admin" }), await aPerson()];
    const sessions = [await open(ana), await open(ana)];
    must(await commanded((tx) => deactivatePerson(tx, admin, { userId: ana.userId })));
    expect(await Promise.all(sessions.map(isIn))).toEqual([false, false]);
    must(await commanded((tx) => activatePerson(tx, admin, { userId: ana.userId })));
    expect(await Promise.all(sessions.map(isIn))).toEqual([false, false]);
  });

  test("deactivation by hand in the database does too", async () => {
    const ana = await aPerson();
    const sessionId = await open(ana);
    await db().update(user).set({ active: false }).where(eq(user.userId, ana.userId));
    expect(await isIn(sessionId)).toBe(false);
  });

  test("a changed role and a reset password end all, a new name does not", async () => {
    const [admin, ana] = [await aPerson({ role: "admin" }), await aPerson()];
    const kept = await open(ana);
    must(await commanded((tx) => changePerson(tx, admin, { ...change(ana), name: "Ana Two" })));
    expect(await isIn(kept)).toBe(true);
    must(await commanded((tx) => changePerson(tx, admin, { ...change({ ...ana, name: "Ana Two" }), role: "manager" })));
    expect(await isIn(kept)).toBe(false);
    const next = await open(ana);
    must(await commanded((tx) => resetPassword(tx, admin, { userId: ana.userId })));
    expect(await isIn(next)).toBe(false);
  });

  test("a new password ends the others, not this one", async () => {
    const ana = await aPerson();
    const [here, there] = [await open(ana), await open(ana)];
    must(await commanded((tx) => setPassword(tx, { ...ana, sessionId: here }, { hash: "$argon2id$", checked: null })));
    expect([await isIn(here), await isIn(there)]).toEqual([true, false]);
  });

  test("one ends one's own sessions, and nobody else's", async () => {
    const [ana, ben] = [await aPerson(), await aPerson()];
    const [first, second, third, his] = [await open(ana), await open(ana), await open(ana), await open(ben)];
    must(await commanded((tx) => endOwnSession(tx, ana, { sessionId: first })));
    expect(await commanded((tx) => endOwnSession(tx, ana, { sessionId: his }))).toEqual(
      await commanded((tx) => endOwnSession(tx, ana, { sessionId: "ses_nothing" })),
    );
    must(await commanded((tx) => endOtherSessions(tx, { ...ana, sessionId: second })));
    expect(await Promise.all([first, second, third, his].map(isIn))).toEqual([false, true, false, true]);
  });

  test("a right withdrawn a moment ago is withdrawn inside a transaction that began with it (S27)", async () => {
    const ana = await aPerson({ role: "admin" });
    const sessionId = await open(ana);
    const asked = { ...ana, sessionId };
    const inTransaction = () =>
      transaction({ commandId: newId("command"), actorId: null }, (tx) => refreshPerson(tx, asked));
    expect(await inTransaction()).toMatchObject({ role: "admin" });
    await db().update(user).set({ role: "member" }).where(eq(user.userId, ana.userId));
    expect(await inTransaction()).toMatchObject({ role: "member" });
    await db().update(session).set({ revokedAt: new Date() }).where(eq(session.sessionId, sessionId));
    expect(await inTransaction()).toBeNull();
  });
});

describe("S16: cookies", () => {
  test("every one is __Host-, Secure, HttpOnly, SameSite=Lax, Path=/", () => {
    const { cookies } = configureAuth();
    for (const cookie of [cookies?.sessionToken, cookies?.csrfToken, cookies?.callbackUrl]) {
      expect(cookie?.name).toMatch(/^__Host-baton\./);
      expect(cookie?.options).toEqual({ httpOnly: true, secure: true, sameSite: "lax", path: "/" });
    }
    expect(cookieName("known")).toBe("__Host-baton.known");
    expect(cookieOptions().secure).toBe(true);
  });
});

test("the person of a request knows their groups, through nesting, and queues", async () => {
  const ana = await aPerson();
  const inner = await aGroup("Inner", [ana]);
  const outer = await aGroup("Outer", [inner]);
  const queue = await aQueue("Hall", [outer]);
  const now = await again(ana);
  expect(now.groups.toSorted()).toEqual([inner.groupId, outer.groupId].toSorted());
  expect(now.queues).toEqual([queue.queueId]);
});
