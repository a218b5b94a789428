import { expect, test } from "vitest";
import { connect } from "../../db/client";
import { checkServerVersion, migrate } from "../../db/migrate";

test("migrating again, and twice at once, changes nothing and keeps the contract's views", async () => {
  expect(await Promise.all([migrate(), migrate()])).toEqual([
    { ok: true, value: null },
    { ok: true, value: null },
  ]);
  const client = connect(1);
  const [views] = await client`select count(*)::int as n from pg_views where schemaname = 'contract'`;
  await client.end();
  expect(views?.n).toBeGreaterThan(10);
});

test("the contract's views are made anew when their file changed", async () => {
  const client = connect(1);
  await client`drop view contract.approval_item`;
  await client`update setting set value = '"another"' where name = 'contract'`;
  await migrate();
  const views = await client`select 1 from pg_views where schemaname = 'contract' and viewname = 'approval_item'`;
  await client.end();
  expect(views).toHaveLength(1);
});

test("a PostgreSQL older than 15 is refused with the version found", () => {
  expect(checkServerVersion(140_012, "14.12 (Debian 14.12-1)")).toEqual({
    ok: false,
    refusal: { code: "database-too-old", details: { found: "14.12 (Debian 14.12-1)", oldest: 15 } },
  });
  expect(checkServerVersion(150_000, "15.0").ok).toBe(true);
});
