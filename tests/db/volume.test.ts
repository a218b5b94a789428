import { afterAll, beforeAll, expect, test } from "vitest";
import { closePool, connect, db } from "../../db/client";
import { closeTransactions } from "../../db/transaction";
import { brokenInvariants } from "../../lib/launch/invariants";
import { makeModels } from "../../lib/launch/volume/models";
import { type Client, makeMoulds } from "../../lib/launch/volume/moulds";
import { pour } from "../../lib/launch/volume/pour";

/** The database that the bench measures among a million runs, with fifty of them; in a copy, because their hashes are their models'. */
let name = "";
let client: Client;

beforeAll(async () => {
  const models = await makeModels();
  const [row] = await db().execute<{ name: string }>("select current_database() as name");
  name = `${row?.name}_volume`;
  await closePool();
  await closeTransactions();
  const server = connect(1, { database: "postgres" });
  await server.unsafe(`create database ${name} template ${row?.name}`);
  await server.end();
  client = connect(1, { database: name });
  const moulds = await makeMoulds(client, models);
  await pour([client], { moulds, volume: { ended: 40, open: 10 }, told: () => undefined });
});

afterAll(async () => {
  await client.end();
  const server = connect(1, { database: "postgres" });
  await server.unsafe(`drop database if exists ${name} with (force)`);
  await server.end();
});

test("as many runs end and wait as were asked for, beside their models", async () => {
  const rows = await client`select status, count(*)::int as count from run group by 1 order by 1`;
  expect(rows).toEqual([
    { status: "completed", count: 40 + 2 },
    { status: "in_progress", count: 10 + 1 },
  ]);
});

test("each waiting one has an open approval on somebody's desk, and a record of its own", async () => {
  const [row] = await client`
    select count(*)::int as items, count(distinct i.record_id)::int as records, count(distinct u.user_id)::int as people from work_item i
    join run using (run_id) join record r on r.record_id = run.record_id join "user" u on u.user_id = i.assignee_id
    where i.status = 'assigned' and u.username like 'volume-%'`;
  expect(row).toEqual({ items: 10, records: 10, people: 2 });
});

test("no row of theirs names a row of another run, or breaks any rule", async () => {
  const [strays] = await client`
    select count(*)::int as count from history h left join step_run s on s.step_run_id = h.subject_id and h.subject_type = 'step_run'
    where (s.run_id <> h.run_id) or (h.subject_type = 'step_run' and s.run_id is null)`;
  expect(strays).toEqual({ count: 0 });
  const broken = await brokenInvariants(client);
  expect(broken.map(({ name: rule, rows }) => ({ rule, first: rows[0] }))).toEqual([]);
});
