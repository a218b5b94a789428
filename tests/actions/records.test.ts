import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { record, securityEvent } from "../../db/schema";
import { inventory } from "../../lib/action";
import { env, publicOrigins } from "../../lib/env";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import "../../lib/records/actions";
import { objectNamed } from "../../lib/records/queries/object-named";
import { changeableOf } from "../../lib/records/schema/object";
import { aPerson } from "../builders/people";
import { anObject, aRecord } from "../builders/records";

let member: Person;
let admin: Person;

beforeAll(async () => {
  [member, admin] = [await aPerson(), await aPerson({ role: "admin" })];
  await anObject("Case", { Story: { type: "long_text" }, Count: { type: "number" } });
});

const call = async (name: string, person: Person | null, input: object) => {
  const perform = inventory.get(name);
  if (!perform) throw new Error(`no action ${name}`);
  return perform(
    { headers: new Headers({ origin: publicOrigins(env())[0] ?? "" }), person: () => Promise.resolve(person) },
    { key: newId("command"), ...input },
  );
};
const count = async () =>
  (await db().execute<{ count: number }>(sql`select count(*)::int as count from record`))[0]?.count;

describe("saving a record", () => {
  test("makes it once, however often the same form is sent", async () => {
    const input = { key: newId("command"), object: "Case", values: { Name: "Once" } };
    const [first, again] = [await call("record.create", member, input), await call("record.create", member, input)];
    expect(first).toMatchObject({ ok: true, value: { version: 1 } });
    expect(again).toEqual(first);
    expect(await db().select().from(record).where(eq(record.name, "Once"))).toHaveLength(1);
  });

  test.each<[what: string, more: object, code: string]>([
    [
      "a form of 2 MB",
      { values: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`F${at}`, "x".repeat(100_000)])) },
      "too-large",
    ],
    ["a text over 100 KB", { values: { Story: "x".repeat(100_001) } }, "too-long"],
    [
      "too many values",
      { values: Object.fromEntries(Array.from({ length: 2_001 }, (_, at) => [`F${at}`, 1])) },
      "too-many-keys",
    ],
    ["values within values", { values: { Name: { a: 1 } } }, "invalid"],
    ["a status", { values: { Name: "x" }, status: "done" }, "invalid"],
    ["a version of its own", { values: { Name: "x" }, version: 7 }, "invalid"],
    ["an owner beside the values", { values: { Name: "x" }, ownerId: "usr_x" }, "invalid"],
    ["an unknown field", { values: { Name: "x", createdBy: "usr_x" } }, "invalid"],
    ["an object of no name", { object: "record; drop table record", values: { Name: "x" } }, "invalid"],
    ["an object that does not exist", { object: "Nothing", values: { Name: "x" } }, "not-found"],
  ])("refuses %s and writes nothing", async (_, more, code) => {
    const before = await count();
    expect(await call("record.create", member, { object: "Case", values: {}, ...more })).toMatchObject({
      ok: false,
      code,
    });
    expect(await count()).toBe(before);
  });

  test("tells which field holds a text that is too long or cannot be kept", async () => {
    const problemsOf = async (values: object) =>
      (await call("record.create", member, { object: "Case", values })) as object;
    expect(await problemsOf({ Name: "x", Story: "x".repeat(100_001) })).toMatchObject({
      problems: [{ path: "values.Story", message: expect.stringContaining("100,000 characters") }],
    });
    expect(await problemsOf({ Name: "x", Story: "a\u0000b" })).toMatchObject({ problems: [{ path: "values.Story" }] });
  });

  test("needs the version that was seen", async () => {
    const id = await aRecord("Case", {}, member);
    expect(await call("record.update", member, { object: "Case", id, values: { Count: 1 } })).toMatchObject({
      code: "invalid",
      problems: [{ path: "expectedVersion" }],
    });
    expect(
      await call("record.update", member, { object: "Case", id, values: { Count: 1 }, expectedVersion: 1 }),
    ).toMatchObject({ ok: true, value: { version: 2 } });
    const late = await call("record.update", member, { object: "Case", id, values: { Count: 2 }, expectedVersion: 1 });
    expect(late).toMatchObject({
      code: "record-changed",
      message: expect.stringContaining(`${member.name} changed this record`),
    });
  });

  test("answers a stranger as if there were no such record, and writes the attempt down", async () => {
    const [stranger, id] = [await aPerson(), await aRecord("Case", {}, member)];
    const real = await call("record.update", stranger, {
      object: "Case",
      id,
      values: { Count: 1 },
      expectedVersion: 1,
    });
    const none = await call("record.update", stranger, {
      object: "Case",
      id: newId("record"),
      values: { Count: 1 },
      expectedVersion: 1,
    });
    expect(real).toEqual(none);
    expect(real).toMatchObject({ ok: false, code: "not-found" });
    const events = await db().select().from(securityEvent).where(eq(securityEvent.actorId, stranger.userId));
    expect(events.map(({ allowed }) => allowed)).toEqual([false, false]);
  });
});

const OBJECT = { name: "Asset", label: "Asset", pluralLabel: "Assets" };
/** What the forms of the object Case and its fields are opened with. */
const caseWas = async () => {
  const made = await objectNamed(db(), "Case");
  if (!made) throw new Error("no object Case");
  const { label, pluralLabel, nameLabel, icon, othersMay } = made;
  return { label, pluralLabel, nameLabel, icon, othersMay };
};
const fieldWas = async (name: string) => {
  const field = (await objectNamed(db(), "Case"))?.fields.find((one) => one.name === name);
  if (!field) throw new Error(`no field ${name}`);
  return changeableOf(field);
};
const FIELD = { object: "Case", name: "Colour", label: "Colour", type: "text" };

describe("defining objects", () => {
  test.each<[name: string, input: object, was?: () => Promise<object>]>([
    ["object.create", OBJECT],
    ["object.change", { ...OBJECT, name: "Case", othersMay: "edit" }, caseWas],
    ["object.add-field", FIELD],
    ["object.change-field", { object: "Case", name: "Count", label: "Number" }, () => fieldWas("Count")],
    ["object.order-fields", { object: "Case", names: ["Count", "Story"] }],
  ])("%s is the admins' own", async (name, given, was) => {
    const input = was ? { ...given, was: await was() } : given;
    const before = await objectNamed(db(), "Case");
    for (const role of ["member", "author", "manager"] as const) {
      expect(await call(name, await aPerson({ role }), input)).toMatchObject({ ok: false, code: "not-found" });
    }
    expect(await objectNamed(db(), "Case")).toEqual(before);
    expect(await objectNamed(db(), "Asset")).toBeNull();
  });

  test.each([
    "__proto__",
    "constructor",
    "a b",
    "1st",
    "a__b",
    "x'; drop table record; --",
    "Name",
    "owner",
    "CREATEDAT",
    "",
  ])("a field may not be called %j", async (name) => {
    const answer = await call("object.add-field", admin, { ...FIELD, name });
    expect(answer).toMatchObject({ ok: false, code: "invalid" });
    expect(!answer.ok && answer.problems.every(({ path }) => path === "name")).toBe(true);
  });

  test("refuses what would be in the way: names that are taken, and options that make no sense", async () => {
    expect(await call("object.create", admin, { ...OBJECT, name: "Case" })).toMatchObject({ code: "object-exists" });
    expect(await call("object.add-field", admin, { ...FIELD, name: "COUNT" })).toMatchObject({ code: "field-exists" });
    expect(await call("object.add-field", admin, { ...FIELD, type: "picklist" })).toMatchObject({
      code: "invalid",
      problems: [{ path: "options.values" }],
    });
    expect(
      await call("object.add-field", admin, { ...FIELD, type: "lookup", options: { object: "Nothing" } }),
    ).toMatchObject({ code: "invalid", problems: [{ path: "options.object" }] });
    expect(await call("object.add-field", admin, { ...FIELD, type: "number", defaultValue: "many" })).toMatchObject({
      code: "invalid",
      problems: [{ path: "defaultValue" }],
    });
    const twice = {
      values: [
        { value: "a", label: "A" },
        { value: "a", label: "B" },
      ],
    };
    expect(await call("object.add-field", admin, { ...FIELD, type: "picklist", options: twice })).toMatchObject({
      code: "invalid",
      problems: [{ path: "options.values" }],
    });
  });

  test("adds, changes and orders fields; name and type stay", async () => {
    expect(await call("object.add-field", admin, { ...FIELD, required: true, defaultValue: "red" })).toMatchObject({
      ok: true,
    });
    expect(
      await call("object.change-field", admin, { object: "Case", name: "Colour", label: "Hue", type: "number" }),
    ).toMatchObject({ code: "invalid" });
    const was = await fieldWas("Colour");
    expect(
      await call("object.change-field", admin, { object: "Case", name: "Colour", label: "Hue", was }),
    ).toMatchObject({ ok: true });
    expect(await call("object.order-fields", admin, { object: "Case", names: ["Colour", "Nothing"] })).toMatchObject({
      ok: true,
    });
    const fields = (await objectNamed(db(), "Case"))?.fields.map(({ name, label, type }) => [name, label, type]);
    expect(fields).toEqual([
      ["Colour", "Hue", "text"],
      ["Story", "Story", "long_text"],
      ["Count", "Count", "number"],
    ]);
  });

  test("opening an object to everybody is a security event", async () => {
    const was = await caseWas();
    expect(await call("object.change", admin, { ...OBJECT, name: "Case", othersMay: "read", was })).toMatchObject({
      ok: true,
    });
    const events = await db().select().from(securityEvent).where(eq(securityEvent.action, "object.others-may"));
    expect(events).toMatchObject([{ objectId: "Case", allowed: true, details: { from: "none", to: "read" } }]);
  });
});
