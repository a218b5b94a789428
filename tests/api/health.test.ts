import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { GET as monitored } from "../../app/api/health/route";
import { GET as livez } from "../../app/livez/route";
import { GET as readyz } from "../../app/readyz/route";
import { db } from "../../db/client";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { aPerson, aSession } from "../builders/people";
import { asking } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

const changed = (statement: string) =>
  transaction({ commandId: newId("command"), actorId: null }, (tx) => tx.sql.unsafe(statement));

let admin = "";
const asked = (sessionId: string | null) => asking({ sessionId, headers: new Headers() }, readyz);
/** What an admin is told. */
async function health(): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await asked(admin);
  return { status: response.status, body: await response.json() };
}

const beat = (ageSeconds: number, mail = "true, null") =>
  changed(`insert into worker_beat (worker_id, started_at, beat_at, mail_ok, mail_error)
    values ('wrk_${ageSeconds}', now(), clock_timestamp() - interval '${ageSeconds} seconds', ${mail})`);

beforeAll(async () => {
  admin = await aSession(await aPerson({ role: "admin" }));
});
beforeEach(async () => {
  await db().execute("delete from worker_beat");
});

test("a worker that beats, a mail server that answers and a database of this version are health", async () => {
  await beat(3);
  const { status, body } = await health();
  expect(status).toBe(200);
  expect(body).toEqual({
    ok: true,
    version: "0.1.0",
    database: "ok",
    migrations: "ok",
    worker: "ok",
    mail: "ok",
    oldestDueSeconds: 0,
    timerLateSeconds: 0,
  });
});

test("without a worker, or with one that fell silent, it says so", async () => {
  expect(await health()).toMatchObject({ status: 503, body: { ok: false, worker: "no worker has started" } });
  await beat(120);
  expect(await health()).toMatchObject({
    status: 503,
    body: { ok: false, worker: "no worker has been heard of for 120 seconds", mail: "not known without a worker" },
  });
});

test("the newest beat counts, whatever older workers left behind", async () => {
  await beat(600);
  await beat(1);
  expect((await health()).status).toBe(200);
});

test("a mail server that refuses is named with its reason", async () => {
  await beat(1, "false, 'connect ECONNREFUSED'");
  expect(await health()).toMatchObject({
    status: 503,
    body: { ok: false, mail: "the mail server does not take mails: connect ECONNREFUSED" },
  });
});

test("no mail server at all stops nothing", async () => {
  await beat(1, "null, 'no mail server is configured (SMTP_URL)'");
  expect(await health()).toMatchObject({
    status: 200,
    body: { ok: true, mail: "no mail server is configured (SMTP_URL)" },
  });
});

test("the age of the oldest thing due is told", async () => {
  await beat(1);
  await changed(
    "insert into job (job_id, kind, run_at) values ('job_health', 'wake', clock_timestamp() - interval '90 seconds')",
  );
  expect((await health()).body.oldestDueSeconds).toBeGreaterThanOrEqual(90);
  await changed("delete from job");
});

test("a database that a newer or older program made is not ready", async () => {
  await beat(1);
  await changed("update drizzle.__drizzle_migrations set hash = reverse(hash)");
  expect(await health()).toMatchObject({
    status: 503,
    body: { migrations: expect.stringContaining("not this version") },
  });
  await changed("update drizzle.__drizzle_migrations set hash = reverse(hash)");
});

describe("S90: strangers and people who are no admins", () => {
  test("are told one word, whatever is the matter", async () => {
    const member = await aSession(await aPerson({ role: "manager" }));
    for (const who of [null, member, "ses_none"]) {
      const unready = await asked(who);
      expect([unready.status, await unready.text()]).toEqual([503, "unready"]);
    }
    await beat(1);
    for (const who of [null, member]) {
      const ready = await asked(who);
      expect([ready.status, await ready.text()]).toEqual([200, "ready"]);
    }
  });

  test("hear that the process lives without any database", async () => {
    const answer = livez();
    expect([answer.status, await answer.text()]).toEqual([200, "alive"]);
  });
});

test("work that is due and not taken for two minutes is no health, whether or not the mail server was asked", async () => {
  await beat(1, "null, null");
  const due = (seconds: number) =>
    changed(
      `insert into job (job_id, kind, run_at) values ('job_late', 'wake', clock_timestamp() - interval '${seconds} seconds')`,
    );
  await due(60);
  expect((await health()).status).toBe(200);
  await changed("delete from job");
  await due(130);
  expect((await health()).status).toBe(503);
  await changed("delete from job");
});

test("a monitor at /api/health is told whether it is well, and an admin how each part is", async () => {
  await beat(1);
  const ask = (sessionId: string | null) => asking({ sessionId, headers: new Headers() }, monitored);
  expect(await (await ask(null)).json()).toEqual({ ok: true });
  expect(await (await ask(admin)).json()).toMatchObject({
    ok: true,
    database: "ok",
    worker: "ok",
    oldestDueSeconds: 0,
  });
});
