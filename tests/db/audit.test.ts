import { asc, isNull, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { connect, db } from "../../db/client";
import { securityEvent } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { recordSecurityEvent } from "../../lib/audit/commands";
import { listSecurityEvents, recentActions } from "../../lib/audit/queries";
import { seal } from "../../lib/audit/seal";
import { verifySecurityChain } from "../../lib/audit/verify";
import { newId } from "../../lib/ids";
import { securityEventLines } from "../../lib/people/list-security-events";
import { aPerson } from "../builders/people";

const event = (action: string) => ({
  action,
  actorId: "usr_someone",
  objectId: null,
  allowed: true,
  details: { from: "127.0.0.1", tries: 3, ключ: ["ä", null] },
});
const unsealed = () => db().select().from(securityEvent).where(isNull(securityEvent.seq));
const sealAll = async () => {
  while ((await seal()) > 0);
};

beforeAll(async () => {
  for (let i = 0; i < 5; i++) await recordSecurityEvent(null, event(`act-${i}`));
  await sealAll();
});

test("sealed events are numbered without gap and their chain holds", async () => {
  const rows = await db().select().from(securityEvent).orderBy(asc(securityEvent.seq));
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
  expect(await verifySecurityChain(db())).toEqual([]);
});

test("an event written in a transaction goes with it", async () => {
  const lost = transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await recordSecurityEvent(tx, event("rolled-back"));
    throw new Error("no");
  });
  await expect(lost).rejects.toThrow("no");
  expect((await listSecurityEvents(db(), { action: "rolled-back" })).rows).toEqual([]);
});

test("several sealers at once make one chain", async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => recordSecurityEvent(null, event(`many-${i}`))));
  await Promise.all(Array.from({ length: 8 }, () => seal()));
  await sealAll();
  expect(await unsealed()).toEqual([]);
  expect(await verifySecurityChain(db())).toEqual([]);
});

test("a sealed event cannot be changed, removed or emptied by the program", async () => {
  for (const statement of [
    sql`update security_event set action = 'x'`,
    sql`delete from security_event`,
    sql`truncate security_event`,
  ]) {
    await expect(db().execute(statement)).rejects.toMatchObject({
      cause: { message: expect.stringContaining("append-only") },
    });
  }
});

/** What somebody with the database's password could do behind the program's back; undone afterwards. */
async function tamper(statement: string): Promise<string[]> {
  const client = connect(1);
  await client.unsafe(
    "create table kept as select * from security_event; alter table security_event disable trigger user",
  );
  await client.unsafe(statement);
  const found = await verifySecurityChain(db());
  await client.unsafe(
    "delete from security_event; insert into security_event select * from kept; drop table kept; alter table security_event enable trigger user",
  );
  await client.end();
  return found;
}

test.each([
  ["an edited event", "update security_event set details = '{}' where seq = 3", "3 is not what was sealed"],
  [
    "an event blamed on another",
    "update security_event set actor_id = 'usr_other' where seq = 2",
    "2 is not what was sealed",
  ],
  ["a removed event", "delete from security_event where seq = 4", "4 is missing"],
  [
    "an event that was put in",
    'insert into security_event select (jsonb_populate_record(e, \'{"seq": 1000000, "event_id": "evt_forged"}\')).* from security_event e where seq = 2; update security_event set seq = -seq - 1 where seq between 3 and 999999; update security_event set seq = -seq where seq < 0; update security_event set seq = 3 where seq = 1000000',
    "3 does not follow",
  ],
  [
    "two swapped events",
    "update security_event set seq = case seq when 2 then -3 else -2 end where seq in (2,3); update security_event set seq = -seq where seq < 0",
    "2 does not follow",
  ],
  [
    "a renumbered tail",
    "delete from security_event where seq = 1; update security_event set seq = -seq; update security_event set seq = -seq - 1",
    "1 does not follow",
  ],
])("%s is found", async (_name, statement, complaint) => {
  expect(await tamper(statement)).toEqual([expect.stringContaining(complaint)]);
});

test("events are listed newest first, page by page", async () => {
  await Promise.all(Array.from({ length: 70 }, () => recordSecurityEvent(null, event("paged"))));
  const first = await listSecurityEvents(db(), { action: "paged" });
  const second = await listSecurityEvents(db(), { action: "paged", cursor: first.next });
  expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 20, null]);
  expect(new Set([...first.rows, ...second.rows].map(({ eventId }) => eventId)).size).toBe(70);
  await sealAll();
});

test("the admins' page names who and whom, sealed or not, and keeps to its filters", async () => {
  const [ana, ben] = [await aPerson({ name: "Ana Lima" }), await aPerson({ name: "Ben" })];
  const about = {
    action: "shown",
    actorId: ana.userId,
    objectId: ben.userId,
    details: { address: "::1", from: "member" },
  };
  await recordSecurityEvent(null, { ...about, allowed: true });
  await sealAll();
  await recordSecurityEvent(null, { ...about, allowed: false, objectId: "Loan.Amount" });
  const { rows } = await securityEventLines(db(), { action: "shown" });
  expect(rows).toMatchObject([
    { seq: null, actorName: "Ana Lima", object: "Loan.Amount", allowed: false },
    {
      seq: expect.any(Number),
      actorName: "Ana Lima",
      object: "Ben",
      allowed: true,
      details: "from: member, address: ::1",
    },
  ]);
  expect((await securityEventLines(db(), { actor: `user:${ana.userId}`, refused: "1" })).rows).toHaveLength(1);
  expect((await securityEventLines(db(), { actor: `user:${ben.userId}` })).rows).toEqual([]);
  expect(await recentActions(db())).toContain("shown");
});
