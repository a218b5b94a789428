import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { changePerson } from "../../lib/people/commands/change-person";
import { changePlace } from "../../lib/people/commands/change-place";
import type { Person } from "../../lib/people/current-person";
import { findGroup, findPerson, membersOf } from "../../lib/people/queries";
import { changeField } from "../../lib/records/commands/define-field";
import { changeObject } from "../../lib/records/commands/define-object";
import { objectNamed } from "../../lib/records/queries/object-named";
import { changeableOf } from "../../lib/records/schema/object";
import { sentenceOf } from "../../lib/refusals";
import { aGroup, aPerson, asOpened, wasOf } from "../builders/people";
import { anObject, commanded, must } from "../builders/records";

/** Two admins open the same form; the second to save is told, and undoes nothing of the first. */
let admin: Person;
beforeAll(async () => {
  admin = await aPerson({ role: "admin" });
});
const CONFLICT = { ok: false, refusal: { code: "changed-meanwhile" } };

describe("what somebody else changed meanwhile is not undone", () => {
  test("a group's members", async () => {
    const [ana, ben, cleo] = [await aPerson(), await aPerson(), await aPerson()];
    const { groupId: id } = await aGroup(undefined, [ana]);
    const was = await wasOf("group", id);
    const save = (people: Person[], label: string) =>
      commanded((tx) =>
        changePlace(tx, admin, {
          type: "group",
          id,
          label,
          was,
          members: people.map(({ userId }) => ({ type: "user", id: userId })),
        }),
      );
    must(await save([ana, ben], "With Ben"));
    const second = await save([ana, cleo], "With Cleo");
    expect(second).toMatchObject(CONFLICT);
    expect(second.ok || sentenceOf(second.refusal)).toMatch(/^Somebody else changed With Ben after you opened it\./);
    expect((await findGroup(db(), id))?.label).toBe("With Ben");
    expect(await membersOf(db(), { type: "group", id })).toEqual([ana.userId, ben.userId].toSorted());
  });

  test("a person", async () => {
    const [ana, boss] = [await aPerson(), await aPerson()];
    const was = asOpened(ana);
    const save = (more: object) =>
      commanded((tx) => changePerson(tx, admin, { userId: ana.userId, ...was, was, ...more }));
    must(await save({ managerId: boss.userId }));
    expect(await save({ name: "Ana Other" })).toMatchObject(CONFLICT);
    expect(await findPerson(db(), ana.userId)).toMatchObject({ managerId: boss.userId, name: ana.name });
  });

  test("an object's settings", async () => {
    await anObject("Twice", { Note: { type: "text" } });
    const was = {
      label: "Twice",
      pluralLabel: "Twices",
      nameLabel: "Name",
      icon: "file" as const,
      othersMay: "none" as const,
    };
    const save = (more: object) => commanded((tx) => changeObject(tx, admin, { name: "Twice", ...was, was, ...more }));
    must(await save({ othersMay: "read" }));
    expect(await save({ label: "Once" })).toMatchObject(CONFLICT);
    expect(await objectNamed(db(), "Twice")).toMatchObject({ label: "Twice", othersMay: "read" });
  });

  test("a field, but not its place", async () => {
    const { fields } = await anObject("Twofold", {
      Kind: { type: "picklist", options: { values: [{ value: "A", label: "A" }] } },
    });
    const [field] = fields;
    if (!field) throw new Error("no field");
    const earlier = changeableOf(field);
    const was = { ...earlier, defaultValue: null, options: { ...earlier.options } };
    const save = (more: object) =>
      commanded((tx) => changeField(tx, admin, { object: "Twofold", name: "Kind", ...was, was, ...more }));
    must(
      await save({
        options: {
          values: [
            { value: "A", label: "A" },
            { value: "B", label: "B" },
          ],
        },
      }),
    );
    expect(await save({ required: true })).toMatchObject(CONFLICT);
    expect((await objectNamed(db(), "Twofold"))?.fields[0]).toMatchObject({
      required: false,
      options: { values: [{}, {}] },
    });
  });
});
