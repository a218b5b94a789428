import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { encodeCursor } from "../../db/page";
import { record } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { meets } from "../../lib/logic/meets";
import { OPERATORS } from "../../lib/logic/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { columnOf } from "../../lib/records/queries/column-of";
import { findRecords } from "../../lib/records/queries/find-records";
import { countRecords, listRecords } from "../../lib/records/queries/list-records";
import {
  LIST_OPERATORS,
  type ListQuery,
  listParams,
  OPERATORS_OF,
  parseListQuery,
} from "../../lib/records/schema/list";
import { FIELD_TYPES, type ObjectShape } from "../../lib/records/schema/object";
import { aPerson } from "../builders/people";
import { anObject, aRecord } from "../builders/records";

const PICKLIST = { values: ["low", "high"].map((value) => ({ value, label: value })) };
const admin = { userId: "usr_admin", role: "admin", groups: [], queues: [] } as const;
const ask = (more: Partial<ListQuery> = {}): ListQuery => ({
  search: "",
  sort: { field: "CreatedAt", direction: "ascending" },
  filters: [],
  cursor: null,
  ...more,
});

let ticket: ObjectShape;
let names: string[];

beforeAll(async () => {
  ticket = await anObject("Ticket", {
    Subject: { type: "text" },
    Story: { type: "long_text" },
    Count: { type: "number" },
    Amount: { type: "currency" },
    Open: { type: "checkbox" },
    Day: { type: "date" },
    Moment: { type: "datetime" },
    Mail: { type: "email" },
    Severity: { type: "picklist", options: PICKLIST },
    Parent: { type: "lookup", options: { object: "Ticket" } },
    Agent: { type: "user" },
  });
  await aRecord("Ticket", {
    Name: "Printer on fire",
    Subject: "Smoke",
    Story: "PO-1182 burnt",
    Count: 3,
    Amount: 2.5,
    Open: true,
    Day: "2026-11-01",
    Moment: "2026-11-01T08:00:00Z",
    Mail: "ana@example.org",
    Severity: "high",
  });
  await aRecord("Ticket", { Name: "anchor lost", Subject: "smoke?", Count: -7, Day: "2025-01-31", Severity: "low" });
  await aRecord("Ticket", { Name: "Zoë’s bike", Count: 11, Amount: 100, Moment: "2024-02-29T23:59:59.999Z" });
  await aRecord("Ticket", { Name: "<script>alert(1)</script>" });
  names = ["Printer on fire", "anchor lost", "Zoë’s bike", "<script>alert(1)</script>"];
});

const found = async (more: Partial<ListQuery>): Promise<string[]> =>
  (await listRecords(db(), admin, { object: ticket, query: ask(more) })).rows.map(({ name }) => name);

describe("search", () => {
  test.each([
    ["prin", ["Printer on fire"]],
    ["FIRE prin", ["Printer on fire"]],
    ["po-118", ["Printer on fire"]],
    ["1182", ["Printer on fire"]],
    ["ana@exam", ["Printer on fire"]],
    ["example.org", ["Printer on fire"]],
    ["zoë", ["Zoë’s bike"]],
    ["smoke", ["Printer on fire", "anchor lost"]],
    ["script", ["<script>alert(1)</script>"]],
    ["nothing", []],
    ["!!!", []],
    ["' | '", []],
  ])("%j finds %j", async (search, expected) => {
    expect(await found({ search })).toEqual(expected);
  });
});

describe("filters", () => {
  const cases: [string, string, string, number[]][] = [
    ["Subject", "contains", "SMOKE", [0, 1]],
    ["Subject", "equals", "smoke", [0]],
    ["Subject", "starts_with", "smo", [0, 1]],
    ["Subject", "is_blank", "true", [2, 3]],
    ["Story", "contains", "po-11", [0]],
    ["Count", "greater_than", "2.5", [0, 2]],
    ["Count", "less_than", "0", [1]],
    ["Count", "equals", "many", []],
    ["Amount", "less_than_or_equal", "2.5", [0]],
    ["Open", "equals", "true", [0]],
    ["Open", "equals", "false", [1, 2, 3]],
    ["Day", "greater_than_or_equal", "2026-01-01", [0]],
    ["Day", "less_than", "2026-01-01", [1]],
    ["Day", "less_than", "2026-02-31", []],
    ["Moment", "less_than", "2025-01-01", [2]],
    ["Severity", "equals", "high", [0]],
    ["Severity", "not_equals", "high", [1]],
    ["Owner", "equals", "usr_automated", [0, 1, 2, 3]],
    ["Owner", "equals", "usr_other", []],
    ["CreatedAt", "less_than", "2000-01-01", []],
    ["Name", "contains", "SCRIPT", [3]],
    ["Secret", "equals", "x", []],
    ["Subject", "less_than", "x", []],
  ];
  test.each(cases)("%s %s %s", async (field, operator, value, expected) => {
    expect(await found({ filters: [{ field, operator: operator as never, value }] })).toEqual(
      expected.map((at) => names[at]),
    );
  });
});

const SORTABLE = [
  "Name",
  "CreatedAt",
  "UpdatedAt",
  "Owner",
  "Subject",
  "Count",
  "Amount",
  "Day",
  "Moment",
  "Mail",
  "Severity",
  "Parent",
  "Agent",
];

describe("paging", () => {
  test.each(
    SORTABLE.flatMap((field) => (["ascending", "descending"] as const).map((direction) => [field, direction] as const)),
  )("by %s %s shows every record once, in order", async (field, direction) => {
    const whole = await found({ sort: { field, direction } });
    const pages: string[] = [];
    for (let cursor: string | null = null, first = true; first || cursor; first = false) {
      const page = await listRecords(db(), admin, {
        object: ticket,
        query: ask({ sort: { field, direction }, cursor }),
        size: 1,
      });
      pages.push(...page.rows.map(({ name }) => name));
      cursor = page.next;
    }
    expect(pages).toEqual(whole);
    expect([...pages].sort()).toEqual([...names].sort());
  });

  test("numbers sort as numbers, and those without come first", async () => {
    expect(await found({ sort: { field: "Count", direction: "ascending" } })).toEqual([
      names[3],
      "anchor lost",
      "Printer on fire",
      "Zoë’s bike",
    ]);
    expect(await found({ sort: { field: "Name", direction: "ascending" } })).toEqual([
      names[3],
      "anchor lost",
      "Printer on fire",
      "Zoë’s bike",
    ]);
  });

  test.each(["Story", "Open", "CreatedBy", "Nothing", "constructor"])(
    "a list that cannot be sorted by %s falls back to the newest first",
    async (field) => {
      expect(await found({ sort: { field, direction: "ascending" } })).toEqual([...names].reverse());
    },
  );

  test("long texts stay at home", async () => {
    const page = await listRecords(db(), admin, { object: ticket, query: ask() });
    expect(page.rows.map(({ data }) => Object.hasOwn(data, "Story"))).toEqual([false, false, false, false]);
  });

  test("a count stops at a thousand", async () => {
    expect(await countRecords(db(), admin, ticket)).toBe(4);
  });
});

describe("hostile input", () => {
  const CORPUS = [
    "'",
    '"',
    "';drop table record;--",
    "1) or 1=1--",
    "\\",
    "\\'; select pg_sleep(9)--",
    "%",
    "_",
    "$1",
    ["$", "{1}"].join(""),
    "\0",
    "a\0b",
    "\ud800",
    "'||(select password_hash from \"user\")||'",
    "':* & !",
    "<->",
    "(((((",
    "&|!",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "9".repeat(400),
    "0x10",
    "infinity",
    "epoch",
    "now()",
    "2026-13-45",
    "+292277-01-01",
    "__proto__",
    "constructor",
    "𝕏".repeat(100),
    "‮",
    "{}",
    "[]",
    "null",
  ];
  const FIELDS = [
    "Name",
    "Owner",
    "CreatedAt",
    "UpdatedAt",
    "CreatedBy",
    "Id",
    "Subject",
    "Story",
    "Count",
    "Amount",
    "Open",
    "Day",
    "Moment",
    "Mail",
    "Severity",
    "Parent",
    "Agent",
  ];

  test.each(CORPUS)("through search, sort and every filter and cursor: %j", async (hostile) => {
    await found({ search: hostile });
    await found({ sort: { field: hostile, direction: "ascending" } });
    expect(await found({ filters: [{ field: hostile, operator: "equals", value: "x" }] })).toEqual([]);
    const filtered = FIELDS.flatMap((field) =>
      LIST_OPERATORS.filter((operator) => operator !== "is_blank").map((operator) =>
        found({ filters: [{ field, operator, value: hostile }] }),
      ),
    );
    for (const rows of await Promise.all(filtered)) expect(rows.length).toBeLessThanOrEqual(4);
    for (const field of FIELDS) {
      for (const cursor of [
        hostile,
        encodeCursor([hostile, hostile]),
        encodeCursor([hostile, 5]),
        encodeCursor([null, hostile]),
      ])
        await found({ sort: { field, direction: "ascending" }, cursor });
    }
    expect(
      await db().execute<{ count: number }>(
        sql`select count(*)::int as count from record where object_name = 'Ticket'`,
      ),
    ).toMatchObject([{ count: 4 }]);
  });

  test.each(CORPUS)("in an address: %j", (hostile) => {
    const query = parseListQuery({
      search: hostile,
      sort: hostile,
      filter: [hostile, `Name:equals:${encodeURIComponent(hostile.toWellFormed())}`].join(","),
      cursor: hostile,
    });
    expect(query.filters.every(({ operator }) => LIST_OPERATORS.includes(operator))).toBe(true);
    const { cursor: _cursor, ...rest } = parseListQuery(listParams(query));
    expect(rest).toEqual({ search: query.search, sort: query.sort, filters: query.filters });
  });

  test("every type of field has operators, each of them a list's", () => {
    for (const type of FIELD_TYPES)
      expect(OPERATORS_OF[type].every((operator) => LIST_OPERATORS.includes(operator))).toBe(true);
  });
});

describe("Get Records", () => {
  const VALUES: Value[] = [
    null,
    3,
    -7,
    2.5,
    true,
    false,
    "smoke?",
    "Smoke",
    "moke",
    "2026-11-01",
    "2026-11-01T08:00:00.000Z",
    "high",
    "",
    ["smoke?", "high", "2026-11-01"],
    [3, 2.5, true],
    ["high", null],
    [],
  ];
  // Whether a value was changed is asked of a record that changes, never of a list.
  const FINDING = OPERATORS.filter((operator) => operator !== "is_changed");
  const everything = { personId: null, mode: "system_without_sharing" } as const;

  test.each(["Subject", "Count", "Open", "Day", "Moment", "Severity"])(
    "a filter on %s means what a condition means",
    async (field) => {
      const rows = await findRecords(db(), { object: "Ticket", where: [], limit: 10 }, everything);
      for (const operator of FINDING) {
        for (const value of VALUES) {
          const isOfItsKind = field !== "Subject" || !JSON.stringify(value).includes("2026");
          if (!isOfItsKind || (["Day", "Moment"].includes(field) && /^(contains|includes|.*_with)$/.test(operator)))
            continue;
          const expected = rows
            .filter(({ data }) => meets(data[field] ?? null, operator, value))
            .map(({ name }) => name);
          const filtered = await findRecords(
            db(),
            { object: "Ticket", where: [{ field, operator, value }], limit: 10 },
            everything,
          );
          expect([operator, value, filtered.map(({ name }) => name)]).toEqual([operator, value, expected]);
        }
      }
    },
  );

  test("an unknown object or field finds nothing", async () => {
    expect(await findRecords(db(), { object: "Nothing", where: [], limit: 10 }, everything)).toEqual([]);
    expect(
      await findRecords(
        db(),
        { object: "Ticket", where: [{ field: "Nothing", operator: "equals", value: 1 }], limit: 10 },
        everything,
      ),
    ).toEqual([]);
  });

  test("sees what the person sees, unless it runs without sharing", async () => {
    const ana = await aPerson();
    const own = await aRecord("Ticket", { Name: "Ana’s own" }, ana);
    const as = async (person: Person | null, mode: "user" | "system_with_sharing" | "system_without_sharing") =>
      (
        await findRecords(
          db(),
          { object: "Ticket", where: [{ field: "Id", operator: "equals", value: own }], limit: 10 },
          { personId: person?.userId ?? null, mode },
        )
      ).length;
    const ben = await aPerson();
    expect([
      await as(ana, "user"),
      await as(ben, "user"),
      await as(null, "system_with_sharing"),
      await as(null, "system_without_sharing"),
    ]).toEqual([1, 0, 0, 1]);
  });
});

describe("indexes", () => {
  test.each(SORTABLE)("a page sorted by %s is read in the order of an index", async (field) => {
    const sort = columnOf(ticket, field)?.sort;
    const plan = await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
      await tx.sql`set local enable_seqscan = off`;
      await tx.sql`set local enable_bitmapscan = off`;
      return tx.db.execute<{ "QUERY PLAN": string }>(
        sql`explain select 1 from ${record} where ${record.objectName} = ${ticket.name} order by ${sort}, ${record.recordId} limit 51`,
      );
    });
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    expect(text).toMatch(/Index (Only )?Scan/);
    expect(text).not.toMatch(/Sort/);
  });
});
