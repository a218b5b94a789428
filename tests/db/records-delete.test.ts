import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { findUses } from "../../lib/definitions/find-uses";
import type { Person } from "../../lib/people/current-person";
import { addField } from "../../lib/records/commands/define-field";
import { removeField, removeObject } from "../../lib/records/commands/remove-object";
import { objectNamed } from "../../lib/records/queries/object-named";
import { readRecord } from "../../lib/records/queries/read-record";
import { sentenceOf } from "../../lib/refusals";
import type { Result } from "../../lib/result";
import { activated, aDraft, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { anObject, aRecord, commanded, must } from "../builders/records";

let admin: Person;
beforeAll(async () => {
  admin = await aPerson({ role: "admin" });
  await activated(aScreenFlow());
});

const deleteObject = (name: string, person = admin) =>
  commanded((tx) => removeObject(tx, person, { name, uses: () => findUses(tx.db, { object: name, field: null }) }));
const deleteField = (object: string, name: string, person = admin) =>
  commanded((tx) => removeField(tx, person, { object, name, uses: () => findUses(tx.db, { object, field: name }) }));
const why = (result: Result<unknown>) => (result.ok ? "done" : sentenceOf(result.refusal));
const about = (object: string, name: string, more: { readonly [key: string]: unknown }) =>
  anOrchestration([aStage("First", [anInteractiveStep("Look")], more)], {
    name,
    label: `Look at ${object}`,
    start: { type: "autolaunched", object, next: "First" },
  });
const whenCode = {
  exit: {
    type: "requirements",
    condition: { requirements: [{ left: "$Record.Code", operator: "equals", right: { literal: "x" } }] },
  },
};

describe("an object", () => {
  test("without records goes with its fields, and its name is free again", async () => {
    await anObject("Idle", { Code: { type: "text" } });
    expect(await deleteObject("Idle")).toEqual({ ok: true, value: null });
    expect(await objectNamed(db(), "Idle")).toBeNull();
    await anObject("Idle", { Code: { type: "number" } });
  });
  test("with a record stays, and the sentence says how many", async () => {
    await anObject("Full", {});
    await aRecord("Full", { Name: "One" });
    expect(why(await deleteObject("Full"))).toBe(
      "Full has one record, and is deleted only when it has none. Nothing was changed.",
    );
  });
  test("that another object looks up stays; one that only looks itself up goes", async () => {
    await anObject("Target", {});
    await anObject("Pointer", { To: { type: "lookup", options: { object: "Target" } } });
    expect(why(await deleteObject("Target"))).toContain("still used by the field To of Pointer");
    await anObject("Tree", {});
    const parent = { name: "Parent", label: "Parent", type: "lookup" as const, required: false, help: "" };
    must(
      await commanded((tx) =>
        addField(tx, admin, { object: "Tree", ...parent, defaultValue: null, options: { object: "Tree" } }),
      ),
    );
    expect(why(await deleteObject("Tree"))).toBe("done");
  });
  test("that an active definition names stays; a draft does not hold it", async () => {
    await anObject("Named", {});
    await activated(about("Named", "LookNamed", {}));
    expect(why(await deleteObject("Named"))).toContain("Named is still used by Look at Named (version 1)");
    await anObject("Drafted", {});
    await aDraft(about("Drafted", "LookDrafted", {}));
    expect(why(await deleteObject("Drafted"))).toBe("done");
  });
});

describe("a field", () => {
  test("without a value in any record goes; a later one of its name begins empty and sorts as its own type", async () => {
    await anObject("Part", { Code: { type: "text" }, Size: { type: "text" } });
    const id = await aRecord("Part", { Name: "Bolt", Code: "b", Size: null });
    expect(why(await deleteField("Part", "Size"))).toBe("done");
    expect((await objectNamed(db(), "Part"))?.fields.map(({ name }) => name)).toEqual(["Code"]);
    const size = { name: "Size", label: "Size", type: "number" as const, required: false, help: "" };
    must(
      await commanded((tx) =>
        addField(tx, admin, { object: "Part", ...size, defaultValue: null, options: { decimals: 0 } }),
      ),
    );
    expect((await readRecord(db(), id))?.data.Size ?? null).toBeNull();
    await aRecord("Part", { Name: "Nut", Size: 12 });
  });
  test("that holds a value stays", async () => {
    await anObject("Held", { Code: { type: "text" } });
    await aRecord("Held", { Name: "One", Code: "x" });
    expect(why(await deleteField("Held", "Code"))).toContain("One record has a value in Code");
  });
  test("that an active definition reads stays, and one that it does not read goes", async () => {
    await anObject("Read", { Code: { type: "text" }, Other: { type: "text" } });
    await activated(about("Read", "LookRead", whenCode));
    expect(why(await deleteField("Read", "Code"))).toContain("Code is still used by Look at Read (version 1)");
    expect(why(await deleteField("Read", "Other"))).toBe("done");
  });
});

test("nobody but an admin deletes either", async () => {
  await anObject("Kept", { Code: { type: "text" } });
  const author = await aPerson({ role: "author" });
  expect(await deleteObject("Kept", author)).toMatchObject({ ok: false, refusal: { code: "not-found" } });
  expect(await deleteField("Kept", "Code", author)).toMatchObject({ ok: false, refusal: { code: "not-found" } });
});
