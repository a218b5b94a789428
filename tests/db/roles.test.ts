import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect, db } from "../../db/client";
import { type Tx, transaction } from "../../db/transaction";
import { recordSecurityEvent } from "../../lib/audit/commands";
import { seal } from "../../lib/audit/seal";
import { newId } from "../../lib/ids";
import { aBackgroundStep, anOrchestration, aStage } from "../builders/definitions";
import { aRun, aTeamWithThings } from "../builders/runs";

/** S88: what each role of the database may do, asked of the catalogue and by trying. */
const ROLES = ["baton_app", "baton_worker", "baton_reporting"] as const;
type Role = (typeof ROLES)[number];

beforeAll(async () => {
  const { ann } = await aTeamWithThings();
  await aRun(anOrchestration([aStage("First", [aBackgroundStep("Prepare")])]), ann);
  await recordSecurityEvent(null, { action: "x", actorId: null, objectId: null, allowed: true });
});

class Undo extends Error {}
/** The error's code that a role gets for that statement, or "done"; undone in any case. */
async function as(role: Role, statement: string): Promise<string> {
  let outcome = "done";
  await transaction({ commandId: newId("command"), actorId: null }, async (tx: Tx) => {
    await tx.sql.unsafe(`set local role ${role}`);
    await tx.sql.unsafe(statement).catch((error: unknown) => {
      outcome = (error as { code: string }).code;
    });
    throw new Undo();
  }).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return outcome;
}
const FORBIDDEN = "42501";

const EVIDENCE = new Set(["history", "security_event", "submitted_facts", "sealed_decision"]);

describe("the catalogue", () => {
  test("no role is more than a role: no superuser, no maker of roles or databases, owner of nothing", async () => {
    const rows = await db().execute<{ rolname: string }>(`
      select rolname from pg_roles where rolname like 'baton\\_%' and (rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication)`);
    expect([...rows]).toEqual([]);
    const owned = await db().execute(`
      select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname like 'baton\\_%'
      union all select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname like 'baton\\_%'`);
    expect([...owned]).toEqual([]);
  });

  test("no role may make anything in any schema, nor a temporary table's schema of others", async () => {
    const rows = await db().execute(`
      select r.rolname, n.nspname from pg_roles r, pg_namespace n
      where r.rolname in ('baton_app', 'baton_worker', 'baton_reporting') and n.nspname in ('public', 'contract', 'drizzle')
        and has_schema_privilege(r.rolname, n.oid, 'create')`);
    expect([...rows]).toEqual([]);
  });

  test("the portal and the worker have every table's rows, but of evidence only reading and adding", async () => {
    const rows = await db().execute<{ name: string; role: string; rights: string }>(`
      select c.relname as name, r.rolname as role,
        concat_ws(',', case when has_table_privilege(r.oid, c.oid, 'select') then 'select' end, case when has_table_privilege(r.oid, c.oid, 'insert') then 'insert' end,
          case when has_table_privilege(r.oid, c.oid, 'update') then 'update' end, case when has_table_privilege(r.oid, c.oid, 'delete') then 'delete' end,
          case when has_table_privilege(r.oid, c.oid, 'truncate') then 'truncate' end) as rights
      from pg_class c join pg_namespace n on n.oid = c.relnamespace, pg_roles r
      where n.nspname = 'public' and c.relkind = 'r' and r.rolname in ('baton_app', 'baton_worker')`);
    expect(rows.length).toBeGreaterThan(50);
    for (const { name, role, rights } of rows) {
      const isEvidence = EVIDENCE.has(name);
      expect([name, role, rights]).toEqual([name, role, isEvidence ? "select,insert" : "select,insert,update,delete"]);
    }
  });

  test("the worker may end what the portal left, and the portal nothing of the worker's", async () => {
    const [may] = await db().execute(`
      select pg_has_role('baton_worker', 'baton_app', 'usage') as worker, pg_has_role('baton_app', 'baton_worker', 'member') as portal,
        pg_has_role('baton_reporting', 'baton_app', 'member') as reporting`);
    expect(may).toEqual({ worker: true, portal: false, reporting: false });
  });

  test("reporting sees the views of the contract and no table", async () => {
    const rows = await db().execute<{ schema: string }>(`
      select distinct n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'v', 'm', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
        and has_table_privilege('baton_reporting', c.oid, 'select')`);
    expect([...rows]).toEqual([{ schema: "contract" }]);
  });
});

describe("tried", () => {
  test.each(["baton_app", "baton_worker"] as const)(
    "S78: %s can change, remove and empty no evidence",
    async (role) => {
      for (const table of ["history", "security_event"]) {
        expect(await as(role, `select * from ${table} limit 1`)).toBe("done");
        for (const statement of [`update ${table} set at = at`, `delete from ${table}`, `truncate ${table}`])
          expect([statement, await as(role, statement)]).toEqual([statement, FORBIDDEN]);
      }
    },
  );

  test.each(ROLES)("%s changes no table, trigger, function or role", async (role) => {
    for (const statement of [
      "create table public.x (y int)",
      "alter table history disable trigger user",
      "drop trigger history_append_only on history",
      "create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'",
      "drop view contract.run",
      "create role somebody",
      "set session_replication_role = replica",
      "create extension dblink",
      "copy (select 1) to program 'true'",
    ])
      expect([statement, (await as(role, statement)) === "done"]).toEqual([statement, false]);
  });

  test("reporting reads the contract, and nothing behind it", async () => {
    expect(await as("baton_reporting", "select * from contract.run")).toBe("done");
    for (const statement of [
      'select * from "user"',
      "select * from session",
      "select * from credential",
      "select * from setting",
      "insert into contract.run default values",
      "select ensure_field_index('Thing', 'Amount', 'number')",
    ])
      expect([statement, await as("baton_reporting", statement)]).toEqual([statement, FORBIDDEN]);
  });

  test("the portal adds and removes the index of a field, though it may make none itself", async () => {
    expect(
      await as(
        "baton_app",
        "select ensure_field_index('Thing', 'Amount', 'number'), drop_field_index('Thing', 'Amount')",
      ),
    ).toBe("done");
    expect(await as("baton_app", "create index anything on record (data)")).toBe(FORBIDDEN);
  });

  test("the worker alone numbers security events, and only once each", async () => {
    await recordSecurityEvent(null, { action: "y", actorId: null, objectId: null, allowed: true });
    const first = "update security_event set seq = 900, prev_hash = 'x', hash = 'y' where seq is null and action = 'y'";
    expect(await as("baton_app", first)).toBe(FORBIDDEN);
    expect(await as("baton_worker", first)).toBe("done");
    while ((await seal()) > 0);
    expect(await as("baton_worker", "update security_event set seq = 901 where action = 'y'")).toBe("23001");
  });
});

describe("a role that may sign in", () => {
  const password = randomBytes(12).toString("hex");
  const role = `test_role_${password.slice(0, 6)}`;
  const owner = connect(1);
  beforeAll(() => owner.unsafe(`create role ${role} login password '${password}' in role baton_app`));
  afterAll(async () => {
    await owner.unsafe(`drop role ${role}`);
    await owner.end();
  });

  test("has the portal's rights and no more", async () => {
    const client = connect(1, { username: role, password });
    expect((await client`select 1 as one from "user" limit 1`).length).toBe(1);
    await expect(client`create table public.z (y int)`).rejects.toMatchObject({ code: FORBIDDEN });
    await client.end();
  });
});
