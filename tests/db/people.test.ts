import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { membership, outbox, securityEvent, user } from "../../db/schema";
import { createToken, revokeToken } from "../../lib/connect/commands/change-token";
import { changePassword } from "../../lib/people/commands/change-password";
import { changePerson, deactivatePerson, resetPassword } from "../../lib/people/commands/change-person";
import { changePlace, createPlace } from "../../lib/people/commands/change-place";
import { createPerson } from "../../lib/people/commands/create-person";
import type { Person } from "../../lib/people/current-person";
import {
  findGroup,
  findPerson,
  findPlaces,
  findQueue,
  listPeople,
  listPlaces,
  membersOf,
  namesOf,
  placesOf,
} from "../../lib/people/queries";
import { hashPassword, isPassword } from "../../lib/people/sign-in/hash-password";
import { readToken } from "../../lib/people/sign-in/read-token";
import { aGroup, aPerson, aQueue, asOpened, wasOf } from "../builders/people";
import { commanded } from "../builders/records";

const admin = () => aPerson({ role: "admin" });
const newPerson = (name: string, more: Partial<Parameters<typeof createPerson>[2]> = {}) => ({
  name,
  username: name.toLowerCase(),
  email: `${name.toLowerCase()}@example.org`,
  role: "member" as const,
  managerId: null,
  ...more,
});
const change = (person: Person, more: object = {}) => ({
  userId: person.userId,
  name: person.name,
  username: person.username,
  email: person.email,
  role: person.role,
  was: asOpened(person),
  managerId: null as string | null,
  ...more,
});
const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? "ok" : result.refusal?.code);
const eventsAbout = async (objectId: string) =>
  (await db().select().from(securityEvent).where(eq(securityEvent.objectId, objectId))).map((event) => event.action);

describe("people", () => {
  test("an admin makes a person, who has no password and is mailed how to sign in", async () => {
    const made = await commanded(async (tx) => createPerson(tx, await admin(), newPerson("Carla")));
    if (!made.ok) throw new Error(made.refusal.code);
    const [row] = await db().select().from(user).where(eq(user.userId, made.value.userId));
    expect(row).toMatchObject({ username: "carla", passwordHash: null, active: true });
    expect(await db().select().from(outbox).where(eq(outbox.recipientId, made.value.userId))).toMatchObject([
      { kind: "account", content: { event: "invited" } },
    ]);
    expect(await eventsAbout(made.value.userId)).toEqual(["person-create"]);
  });

  test("names and addresses belong to one person each", async () => {
    const [boss, ana] = [await admin(), await aPerson()];
    const make = (more: object) => commanded((tx) => createPerson(tx, boss, newPerson("Dora", more)));
    expect(codeOf(await make({ username: ana.username }))).toBe("name-taken");
    expect(codeOf(await make({ email: ana.email }))).toBe("email-taken");
    expect(codeOf(await commanded((tx) => changePerson(tx, boss, change(ana))))).toBe("ok");
  });

  test("nobody manages those they report to, and only active people manage", async () => {
    const boss = await admin();
    const [top, middle, low, gone] = [
      await aPerson(),
      await aPerson(),
      await aPerson(),
      await aPerson({ active: false }),
    ];
    const report = (person: Person, managerId: string) =>
      commanded((tx) => changePerson(tx, boss, change(person, { managerId })));
    expect(codeOf(await report(middle, top.userId))).toBe("ok");
    expect(codeOf(await report(low, middle.userId))).toBe("ok");
    expect(codeOf(await report(top, low.userId))).toBe("manager-circle");
    expect(codeOf(await report(top, top.userId))).toBe("manager-circle");
    expect(codeOf(await report(top, gone.userId))).toBe("invalid");
  });

  test("the last admin stays one, and nobody deactivates themselves", async () => {
    await db().update(user).set({ role: "member" }).where(eq(user.role, "admin"));
    const boss = await admin();
    expect(codeOf(await commanded((tx) => changePerson(tx, boss, change(boss, { role: "member" }))))).toBe(
      "last-admin",
    );
    expect(codeOf(await commanded((tx) => deactivatePerson(tx, boss, { userId: boss.userId })))).toBe("not-yourself");
    const second = await admin();
    const both = await Promise.all(
      [boss, second].map((one) => commanded((tx) => changePerson(tx, one, change(one, { role: "member" })))),
    );
    expect(both.map(codeOf).toSorted()).toContain("last-admin");
  });

  test("Baton's own user is not to be changed", async () => {
    const boss = await admin();
    expect(codeOf(await commanded((tx) => deactivatePerson(tx, boss, { userId: "usr_automated" })))).toBe("not-found");
    expect(codeOf(await commanded((tx) => resetPassword(tx, boss, { userId: "usr_automated" })))).toBe("not-found");
  });

  test("the list is found by name, username or address, and pages by key", async () => {
    for (let n = 0; n < 55; n++) await aPerson({ name: `Zed ${String(n).padStart(2, "0")}%` });
    const first = await listPeople(db(), { search: "zed" });
    const rest = await listPeople(db(), { search: "zed", cursor: first.next ?? "" });
    expect([first.rows.length, rest.rows.length, rest.next]).toEqual([50, 5, null]);
    expect(rest.rows[0]?.name).toBe("Zed 50%");
    expect((await listPeople(db(), { search: "Zed 0_%" })).rows).toEqual([]);
    expect((await listPeople(db(), { search: "04%" })).rows).toHaveLength(1);
  });

  test("the list tells each person's manager by name", async () => {
    const boss = await aPerson({ name: "Mina Manager" });
    const own = await aPerson({ name: "Ravi Reports", managerId: boss.userId });
    const rowOf = async (name: string) => (await listPeople(db(), { search: name })).rows.map((row) => row.managerName);
    expect(await rowOf(own.name)).toEqual([boss.name]);
    expect(await rowOf(boss.name)).toEqual([null]);
  });

  test("S46: hostile texts search, turn pages and name things without harm", async () => {
    const before = (await listPeople(db(), {})).rows.length;
    for (const text of [
      '\'; drop table "user";--',
      "%' or '1'='1",
      "\\",
      "%%%",
      "_",
      '\') union select password_hash from "user"--',
      "$1",
      "\u202e",
    ]) {
      const cursor = Buffer.from(JSON.stringify([text, text])).toString("base64url");
      expect(
        (await listPeople(db(), { search: text })).rows.every(
          (row) => row.name.includes(text) || row.username.includes(text) || row.email.includes(text),
        ),
      ).toBe(true);
      await listPeople(db(), { search: "a", cursor });
      await listPlaces(db(), "group", { search: text, cursor });
      await findPlaces(db(), text, 5);
      expect([await findPerson(db(), text), await findGroup(db(), text), await findQueue(db(), text)]).toEqual([
        null,
        null,
        null,
      ]);
    }
    // NUL, which PostgreSQL cannot hold, counts as not typed.
    expect((await listPeople(db(), { search: "\0" })).rows.length).toBe(before);
    await listPlaces(db(), "queue", { search: "\0" });
    await findPlaces(db(), "\0", 5);
    expect((await listPeople(db(), {})).rows.length).toBe(before);
  });

  test("a person is found by id, username or address in any spelling", async () => {
    const ana = await aPerson();
    for (const text of [ana.userId, ana.username.toUpperCase(), ` ${ana.email.toUpperCase()}`])
      expect((await findPerson(db(), text))?.userId).toBe(ana.userId);
    expect(await findPerson(db(), "nobody")).toBeNull();
    expect(Object.keys((await findPerson(db(), ana.userId)) ?? {})).not.toContain("passwordHash");
  });
});

describe("one's own password", () => {
  const GOOD = "a long and quiet river";
  const keyed = (present: string, password: string) => ({ key: crypto.randomUUID(), present, password });

  test("is changed with the present one", async () => {
    const ana = await aPerson({ password: GOOD });
    expect(codeOf(await changePassword(ana, keyed("not it at all", "another quiet river")))).toBe("wrong-password");
    expect(codeOf(await changePassword(ana, keyed(GOOD, "password")))).toBe("common-password");
    expect(codeOf(await changePassword(ana, keyed(GOOD, "another quiet river")))).toBe("ok");
    const [row] = await db().select().from(user).where(eq(user.userId, ana.userId));
    expect(await isPassword(row?.passwordHash ?? null, "another quiet river")).toBe(true);
  });

  test("is answered again as it was when it is sent again, though the present one is another by then", async () => {
    const ana = await aPerson({ password: GOOD });
    const act = keyed(GOOD, "another quiet river");
    expect(codeOf(await changePassword(ana, act))).toBe("ok");
    expect(codeOf(await changePassword(ana, act))).toBe("ok");
    expect(await db().select().from(outbox).where(eq(outbox.recipientId, ana.userId))).toHaveLength(1);
    expect(codeOf(await changePassword(ana, keyed(GOOD, "a third quiet river")))).toBe("wrong-password");
  });

  test("without one there is none to ask for", async () => {
    expect(codeOf(await changePassword(await aPerson(), keyed("", GOOD)))).toBe("ok");
  });

  test("guesses at it are counted", async () => {
    const ana = await aPerson({ password: GOOD });
    const codes = [];
    for (let n = 0; n < 12; n++)
      codes.push(codeOf(await changePassword(ana, keyed(`guess ${n}`, "another quiet river"))));
    expect(codes).toContain("too-often");
  });

  test("is kept when it was changed elsewhere meanwhile", async () => {
    const ana = await aPerson({ password: GOOD });
    const { setPassword } = await import("../../lib/people/commands/change-account");
    const stale = await hashPassword("what it was before");
    expect(codeOf(await commanded((tx) => setPassword(tx, ana, { hash: stale, checked: stale })))).toBe(
      "wrong-password",
    );
  });
});

describe("groups and queues", () => {
  test("members count through nesting, once each, and only while active", async () => {
    const [ana, ben, gone] = [await aPerson(), await aPerson(), await aPerson({ active: false })];
    const inner = await aGroup("Members_inner", [ana, gone]);
    const outer = await aGroup("Members_outer", [inner, ben, ana]);
    const queue = await aQueue("Members_queue", [outer]);
    const both = [ana.userId, ben.userId].toSorted();
    expect(await membersOf(db(), { type: "group", id: outer.groupId })).toEqual(both);
    expect(await membersOf(db(), { type: "queue", id: queue.queueId })).toEqual(both);
    expect(await membersOf(db(), { type: "user", id: ana.userId })).toEqual([ana.userId]);
    expect(await membersOf(db(), { type: "user", id: gone.userId })).toEqual([]);
    expect(await placesOf(db(), ben.userId)).toEqual({ groups: [outer.groupId], queues: [queue.queueId] });
  });

  test("names of all kinds are found together, and of nothing none", async () => {
    const [ana, group, queue] = [await aPerson({ name: "Ana" }), await aGroup("Names_of"), await aQueue("Queue_of")];
    const places = [
      { type: "user", id: ana.userId },
      { type: "group", id: group.groupId },
      { type: "queue", id: queue.queueId },
      { type: "user", id: "usr_none" },
    ] as const;
    expect(await namesOf(db(), places)).toEqual({
      [ana.userId]: "Ana",
      [group.groupId]: "Names of",
      [queue.queueId]: "Queue of",
    });
    expect(await namesOf(db(), [])).toEqual({});
  });

  test("a group cannot come to hold itself, at any distance", async () => {
    const boss = await admin();
    const c = await aGroup("Circle_c");
    const b = await aGroup("Circle_b", [c]);
    const a = await aGroup("Circle_a", [b]);
    const put = (id: string, inside: string) =>
      commanded(async (tx) =>
        changePlace(tx, boss, {
          ...{ type: "group", id, label: "x", members: [{ type: "group", id: inside }] },
          was: await wasOf("group", id),
        }),
      );
    expect(codeOf(await put(c.groupId, a.groupId))).toBe("group-circle");
    expect(codeOf(await put(a.groupId, a.groupId))).toBe("group-circle");
    expect(await db().select().from(membership).where(eq(membership.containerId, c.groupId))).toEqual([]);
    const race = await Promise.all([put(c.groupId, b.groupId), put(b.groupId, c.groupId)]);
    expect(race.map(codeOf)).toContain("group-circle");
  });

  test("towers of more than ten are refused", async () => {
    const boss = await admin();
    let top = await aGroup("Tower_0");
    for (let n = 1; n < 11; n++) top = await aGroup(`Tower_${n}`, [top]);
    const make = (type: "group" | "queue") =>
      commanded((tx) =>
        createPlace(tx, boss, {
          type,
          name: `Tower_${type}`,
          label: "x",
          members: [{ type: "group", id: top.groupId }],
        }),
      );
    expect(codeOf(await make("group"))).toBe("nested-too-deep");
    expect(codeOf(await make("queue"))).toBe("nested-too-deep");
  });

  test("names are unique, members must be there", async () => {
    const boss = await admin();
    await aGroup("Taken_name");
    const make = (name: string, members: { type: "user" | "group"; id: string }[]) =>
      commanded((tx) => createPlace(tx, boss, { type: "group", name, label: "x", members }));
    expect(codeOf(await make("Taken_name", []))).toBe("name-taken");
    expect(await make("Free_name", [{ type: "user", id: "usr_none" }])).toMatchObject({
      refusal: { code: "invalid", problems: [{ path: "members[0]" }] },
    });
    expect(codeOf(await make("Free_name", [{ type: "user", id: boss.userId }]))).toBe("ok");
  });
});

describe("tokens", () => {
  const SECRET = `baton_${"x".repeat(43)}`;
  const make = (person: Person, secret = SECRET) =>
    commanded((tx) => createToken(tx, person, { name: "Import", scopes: ["runs:start"], days: 30, secret }));

  test("are kept as digests, told to their person, and stand for them until revoked", async () => {
    const ana = await aPerson();
    const made = await make(ana);
    if (!made.ok) throw new Error(made.refusal.code);
    expect(JSON.stringify(await db().execute("select * from api_token"))).not.toContain(SECRET);
    expect(await readToken(`Bearer ${SECRET}`)).toMatchObject({ userId: ana.userId, scopes: ["runs:start"] });
    for (const wrong of ["", "Bearer", `Bearer ${SECRET}x`, `Basic ${SECRET}`, `Bearer baton_${"y".repeat(43)}`])
      expect(await readToken(wrong)).toBeNull();
    const { tokenId } = made.value;
    expect(codeOf(await commanded(async (tx) => revokeToken(tx, await aPerson(), { tokenId })))).toBe("not-found");
    expect(codeOf(await commanded((tx) => revokeToken(tx, ana, { tokenId })))).toBe("ok");
    expect(await readToken(`Bearer ${SECRET}`)).toBeNull();
  });

  test("die with their time and their person, and cannot make others", async () => {
    const [ana, boss] = [await aPerson(), await admin()];
    const secrets = ["a", "b"].map((letter) => `baton_${letter.repeat(43)}`);
    for (const secret of secrets) await make(ana, secret);
    await db().execute(
      `update api_token set expires_at = clock_timestamp() where hint = '${secrets[0]?.slice(0, 12)}'`,
    );
    expect(await readToken(`Bearer ${secrets[0]}`)).toBeNull();
    await commanded((tx) => deactivatePerson(tx, boss, { userId: ana.userId }));
    expect(await readToken(`Bearer ${secrets[1]}`)).toBeNull();
    expect(codeOf(await make({ ...boss, scopes: ["runs:start"] }, `baton_${"c".repeat(43)}`))).toBe("not-found");
  });
});
