import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { type RecordChange, setRecordListener, transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { wire } from "../../lib/launch/wire";
import type { Value } from "../../lib/logic/value";
import { saveRecord } from "../../lib/records/commands/save-record";
import { readRecord, recordValues } from "../../lib/records/queries/read-record";
import { resolvePaths } from "../../lib/records/queries/resolve-paths";
import { aPerson } from "../builders/people";
import { anObject, aRecord, commanded, must } from "../builders/records";

const text = (length: number) => "x".repeat(length);

beforeAll(async () => {
  await anObject("Account", { Industry: { type: "text" } }, "read");
  await anObject("Secret", {});
  await anObject(
    "Deal",
    {
      Title: { type: "text", label: "Deal title", required: true, defaultValue: "Untitled" },
      Story: { type: "long_text" },
      Count: { type: "number", options: { decimals: 0 } },
      Amount: { type: "currency", options: { currency: "EUR" } },
      Signed: { type: "checkbox" },
      Day: { type: "date" },
      Moment: { type: "datetime" },
      Mail: { type: "email" },
      Stage: {
        type: "picklist",
        options: {
          values: [
            { value: "new", label: "New" },
            { value: "won", label: "Won" },
          ],
        },
        defaultValue: "new",
      },
      Account: { type: "lookup", options: { object: "Account" } },
      Hidden: { type: "lookup", options: { object: "Secret" } },
      Seller: { type: "user" },
    },
    "edit",
  );
});

const save = (values: { [field: string]: Value }) =>
  commanded((tx) => saveRecord(tx, "system", { object: "Deal", values: { Name: "A deal", ...values } }));

describe("values", () => {
  const good: [field: string, given: Value, stored: Value][] = [
    ["Title", "  Big one  ", "Big one"],
    ["Title", text(255), text(255)],
    ["Title", "<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["Title", "{{constructor.constructor('return process')()}}", "{{constructor.constructor('return process')()}}"],
    ["Title", "half \ud800 pair", "half \ufffd pair"],
    ["Story", text(100_000), text(100_000)],
    ["Story", "", null],
    ["Count", 3, 3],
    ["Count", "-12", -12],
    ["Count", -0, 0],
    ["Amount", 12_400.5, 12_400.5],
    ["Amount", "0.10", 0.1],
    ["Amount", 999_999_999_999_999, 999_999_999_999_999],
    ["Signed", true, true],
    ["Signed", null, false],
    ["Day", "2028-02-29", "2028-02-29"],
    ["Moment", "2026-11-21T08:00:00+02:00", "2026-11-21T06:00:00.000Z"],
    ["Mail", " Ana@Example.ORG ", "ana@example.org"],
    ["Stage", "won", "won"],
    ["Stage", null, null],
  ];
  test.each(good)("%s takes %j", async (field, given, stored) => {
    const { id } = must(await save({ [field]: given }));
    expect((await readRecord(db(), id))?.data[field]).toEqual(stored);
  });

  const bad: [field: string, given: Value, sentence: string][] = [
    ["Title", "", "Deal title must not be empty."],
    ["Title", "   ", "Deal title must not be empty."],
    ["Title", null, "Deal title must not be empty."],
    ["Title", text(256), "Deal title must be at most 255 characters."],
    ["Title", 5, "Deal title must be a text."],
    ["Title", "a\0b", "Deal title must not contain the character NUL."],
    ["Title", { a: 1 }, "Deal title must be a text."],
    ["Story", text(100_001), "Story must be at most 100,000 characters."],
    ["Count", 1.5, "Count must be a whole number."],
    ["Count", "many", "Count must be a number."],
    ["Count", Number.NaN, "Count must be a number."],
    ["Count", Number.POSITIVE_INFINITY, "Count must be a number."],
    ["Count", 1e300, "Count must be between -999,999,999,999,999 and 999,999,999,999,999."],
    ["Amount", 1.005, "Amount must have at most 2 decimals."],
    ["Signed", "yes", "Signed must be true or false."],
    ["Day", "2026-02-30", "Day must be a date of the calendar, such as 2026-11-21."],
    ["Day", "2026-11-21T08:00:00Z", "Day must be a date of the calendar, such as 2026-11-21."],
    ["Moment", "2026-11-21", "Moment must be a date and time, such as 2026-11-21T08:00:00Z."],
    ["Moment", "2026-11-21T08:00:00", "Moment must be a date and time, such as 2026-11-21T08:00:00Z."],
    ["Mail", "ana@example.org, ben@example.org", "Mail must be one e-mail address, such as ana@example.org."],
    ["Mail", "ana@example.org\r\nBcc: ben@example.org", "Mail must be one e-mail address, such as ana@example.org."],
    ["Stage", "lost", "Stage must be one of: New, Won."],
    ["Stage", "New", "Stage must be one of: New, Won."],
    ["Account", "nobody", "Account must be a record that exists."],
    ["Account", newId("record"), "Account must be a record that exists and that you may see."],
    ["Seller", newId("user"), "Seller must be an active person."],
  ];
  test.each(bad)("%s refuses %j", async (field, given, sentence) => {
    const result = await save({ [field]: given });
    expect(result).toEqual({ ok: false, refusal: { code: "invalid", problems: [{ path: field, message: sentence }] } });
  });

  test("all that is wrong is told at once", async () => {
    const result = await save({ Count: "many", Day: "soon", Name: "" });
    expect(!result.ok && result.refusal.problems?.map(({ path }) => path)).toEqual(["Name", "Count", "Day"]);
  });

  test("a new record takes defaults, a change leaves what it does not name", async () => {
    const { id } = must(await save({ Amount: 5 }));
    must(await commanded((tx) => saveRecord(tx, "system", { object: "Deal", id, values: { Count: 2 } })));
    expect((await readRecord(db(), id))?.data).toMatchObject({
      Title: "Untitled",
      Stage: "new",
      Amount: 5,
      Count: 2,
      Signed: false,
    });
  });

  test.each(["status", "owner_id", "version", "searchText", "Id", "CreatedAt", "constructor", "prototype"])(
    "a field that the object does not have is refused: %s",
    async (name) => {
      const result = await save({ [name]: "x" });
      expect(!result.ok && result.refusal.problems).toMatchObject([{ path: name }]);
    },
  );

  test("__proto__ is refused as a name, and nothing is polluted", async () => {
    const values = JSON.parse('{"Name":"A deal","__proto__":{"polluted":true}}') as { [field: string]: Value };
    const result = await commanded((tx) => saveRecord(tx, "system", { object: "Deal", values }));
    expect(!result.ok && result.refusal.problems).toMatchObject([{ path: "__proto__" }]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("a lookup to a record of another object is refused", async () => {
    const secret = await aRecord("Secret");
    const result = await save({ Account: secret });
    expect(!result.ok && result.refusal.problems).toMatchObject([{ path: "Account" }]);
  });

  test("a lookup to a record that the saver may not see is refused like one that does not exist", async () => {
    const [ana, secret] = [await aPerson(), await aRecord("Secret")];
    const as = (id: string) =>
      commanded((tx) => saveRecord(tx, ana, { object: "Deal", values: { Name: "A deal", Hidden: id } }));
    const [hidden, unknown] = [await as(secret), await as(newId("record"))];
    expect(hidden.ok).toBe(false);
    expect(hidden).toEqual(unknown);
  });
});

describe("saving", () => {
  test("belongs to whoever made it, and to somebody else when they say so", async () => {
    const [ana, ben] = [await aPerson(), await aPerson()];
    const id = await aRecord("Deal", {}, ana);
    expect(await readRecord(db(), id)).toMatchObject({ ownerId: ana.userId, createdBy: ana.userId, version: 1 });
    must(await commanded((tx) => saveRecord(tx, ana, { object: "Deal", id, values: {}, ownerId: ben.userId })));
    expect(await readRecord(db(), id)).toMatchObject({ ownerId: ben.userId, createdBy: ana.userId, version: 2 });
  });

  test("somebody who saved meanwhile is named, and nothing is overwritten", async () => {
    const [ana, ben] = [await aPerson({ name: "Ana" }), await aPerson()];
    const id = await aRecord("Deal");
    must(
      await commanded((tx) => saveRecord(tx, ana, { object: "Deal", id, values: { Count: 1 }, expectedVersion: 1 })),
    );
    const late = await commanded((tx) =>
      saveRecord(tx, ben, { object: "Deal", id, values: { Count: 2 }, expectedVersion: 1 }),
    );
    expect(late).toMatchObject({ ok: false, refusal: { code: "record-changed", details: { by: "Ana", version: 2 } } });
    expect((await readRecord(db(), id))?.data.Count).toBe(1);
  });

  test("of two who save at once one wins and the other is told", async () => {
    const id = await aRecord("Deal");
    const both = await Promise.all(
      [1, 2].map((count) =>
        commanded((tx) =>
          saveRecord(tx, "system", { object: "Deal", id, values: { Count: count }, expectedVersion: 1 }),
        ),
      ),
    );
    expect(both.map((result) => result.ok).sort()).toEqual([false, true]);
    expect(await readRecord(db(), id)).toMatchObject({ version: 2 });
  });

  test("hands the record before and after to whoever reacts; a save that changes nothing is none", async () => {
    const id = await aRecord("Deal", { Count: 1 });
    const changes: RecordChange[] = [];
    await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
      must(await saveRecord(tx, "system", { object: "Deal", id, values: { Count: 2 } }));
      must(await saveRecord(tx, "system", { object: "Deal", id, values: { Count: 2 } }));
      changes.push(...tx.recordChanges);
    });
    expect(changes).toMatchObject([
      { object: "Deal", id, before: { Id: id, Name: "A Deal", Count: 1 }, after: { Count: 2, Owner: "usr_automated" } },
    ]);
  });

  test("is undone whole when what it sets off fails", async () => {
    const id = await aRecord("Deal", { Count: 1 });
    setRecordListener(async () => {
      throw new Error("the run did not start");
    });
    try {
      await expect(
        commanded((tx) => saveRecord(tx, "system", { object: "Deal", id, values: { Count: 2 } })),
      ).rejects.toThrow("the run did not start");
    } finally {
      wire();
    }
    expect(await readRecord(db(), id)).toMatchObject({ version: 1, data: { Count: 1 } });
  });
});

describe("paths", () => {
  test("lead over owners, managers and lookups, and end in null where nothing is", async () => {
    const boss = await aPerson({ name: "Boss" });
    const ana = await aPerson({ name: "Ana", managerId: boss.userId });
    const account = await aRecord("Account", { Name: "Acme", Industry: "Steel" });
    const id = await aRecord("Deal", { Account: account, Amount: 7 }, ana);
    const paths = [
      "Name",
      "Amount",
      "Owner",
      "Owner.Name",
      "Owner.Manager",
      "Owner.Manager.Email",
      "Account.Industry",
      "Account.Owner.Name",
      "Seller.Name",
      "Owner.Manager.Manager.Name",
      "Amount.Name",
      "constructor",
      "Owner.passwordHash",
      "A.B.C.D.E.F.G",
    ];
    expect(await resolvePaths(db(), { object: "Deal", id }, paths)).toEqual({
      Name: "A Deal",
      Amount: 7,
      Owner: ana.userId,
      "Owner.Name": "Ana",
      "Owner.Manager": boss.userId,
      "Owner.Manager.Email": boss.email,
      "Account.Industry": "Steel",
      "Account.Owner.Name": "Automated Process",
      "Seller.Name": null,
      "Owner.Manager.Manager.Name": null,
      "Amount.Name": null,
      constructor: null,
      "Owner.passwordHash": null,
      "A.B.C.D.E.F.G": null,
    });
  });

  test("what conditions see has the standard fields beside the object's own", async () => {
    const row = await readRecord(db(), await aRecord("Account", { Industry: "Steel" }));
    expect(row && Object.keys(recordValues(row)).sort()).toEqual([
      "CreatedAt",
      "CreatedBy",
      "Id",
      "Industry",
      "Name",
      "Owner",
      "UpdatedAt",
    ]);
  });
});
