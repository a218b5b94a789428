import { and, eq, inArray, sql } from "drizzle-orm";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import type { ClaimedJob } from "../../db/jobs";
import { allowedHost, history, job, operation, run } from "../../db/schema";
import { deleteOperation } from "../../lib/connect/commands/describe-operation";
import { log } from "../../lib/log";
import type { Person } from "../../lib/people/current-person";
import { cancelRun, controlRun } from "../../lib/runs/commands";
import { callOperation } from "../../lib/worker/call-operation";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";
import { aCredential, allowed, anOperation } from "../builders/connections";
import { anOrchestration, aStage } from "../builders/definitions";
import { must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, stateNow } from "../builders/runs";
import { json, startTarget } from "../support/http-target";

const target = await startTarget();
const CANARY = "canary-6512bd43d9caa6e0";
let ann: Person;
let admin: Person;
beforeAll(async () => {
  await aThingWorld();
  ({ ann, admin } = await aTeam());
});
beforeEach(async () => {
  await db().delete(allowedHost);
  await allowed(target.origin);
});
afterEach(async () => {
  const open = await db().select({ runId: run.runId }).from(run).where(eq(run.status, "in_progress"));
  for (const { runId } of open)
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "the test is over" })));
  await db()
    .update(job)
    .set({ status: "done" })
    .where(inArray(job.status, ["queued", "running"]));
});

const output = { type: "object", properties: { result: { type: "string" } }, required: ["result"] };
let made = 0;
/** A run whose one step is external and waits for its call. */
async function waiting(
  operation: string,
  inputs: object = {},
): Promise<{ runId: string; stepRunId: string; jobId: string }> {
  const step = { kind: "external", name: "Call", label: "Call", operation, inputs };
  const { runId } = await aRun(anOrchestration([aStage("First", [step])], { name: `Calls${++made}` }), ann);
  const [row] = await db().select().from(job).where(eq(job.runId, runId));
  return { runId, stepRunId: row?.stepRunId ?? "", jobId: row?.jobId ?? "" };
}
const claimed = async (jobId: string): Promise<ClaimedJob> => {
  await db()
    .update(job)
    .set({ runAt: sql`clock_timestamp() - interval '1 second'`, leaseUntil: null })
    .where(and(eq(job.jobId, jobId), eq(job.status, "queued")));
  const one = (await claimJobs(1_000)).find((other) => other.jobId === jobId);
  if (!one) throw new Error("nothing to claim");
  return one;
};
const never = new AbortController().signal;
const doIt = async (jobId: string) => perform(await claimed(jobId), makeHolder(), never);
const rowOf = async (jobId: string) => (await db().select().from(job).where(eq(job.jobId, jobId)))[0];
const stepOf = async (runId: string) => (await stateNow(runId)).steps[0];
const secondsToGo = async (jobId: string) => {
  const [row] = await db().execute<{ seconds: number }>(
    sql`select extract(epoch from run_at - clock_timestamp())::float8 as seconds from job where job_id = ${jobId}`,
  );
  return row?.seconds ?? 0;
};

describe("an operation called for a step", () => {
  test("is called once, its outputs are the step's, and the run goes on", async () => {
    const input = { type: "object", properties: { who: { type: "string" } }, required: ["who"] };
    const { runId, stepRunId, jobId } = await waiting(
      await anOperation(target.origin, { method: "POST", input, output }),
      { who: { literal: "Ann" } },
    );
    target.answer(json({ result: "made" }));
    await doIt(jobId);
    expect(await stepOf(runId)).toMatchObject({ status: "completed", outputs: { result: "made" } });
    expect((await stateNow(runId)).run.status).toBe("completed");
    expect(await rowOf(jobId)).toMatchObject({ status: "done", attempts: 1, lastError: null });
    expect(target.seen).toHaveLength(1);
    expect(target.seen[0]).toMatchObject({
      body: '{"who":"Ann"}',
      headers: { "idempotency-key": `${jobId}-${stepRunId}` },
    });
  });

  test("is tried again with the same key, no sooner than it asks, and then its outputs count", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output }));
    let times = 0;
    target.answer((request, response) => {
      times++;
      if (times === 1) return json({}, 429, { "retry-after": "120" })(request, response);
      if (times === 2) return json({}, 503)(request, response);
      return json({ result: "at last" })(request, response);
    });
    await doIt(jobId);
    expect(await rowOf(jobId)).toMatchObject({
      status: "queued",
      attempts: 1,
      lastError: expect.stringContaining("429"),
    });
    expect(await secondsToGo(jobId)).toBeGreaterThan(110);
    expect((await stepOf(runId))?.status).toBe("in_progress");
    await doIt(jobId);
    expect(await secondsToGo(jobId)).toBeGreaterThan(3);
    await doIt(jobId);
    expect(await stepOf(runId)).toMatchObject({ status: "completed", outputs: { result: "at last" } });
    expect(new Set(target.seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(target.seen).toHaveLength(3);
  });

  test("that never gets better errs after the operation's own number of tries, with status and answer", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output, maxAttempts: 3 }));
    target.answer(json({ sorry: "down" }, 503));
    for (let attempt = 0; attempt < 3; attempt++) await doIt(jobId);
    expect(await stepOf(runId)).toMatchObject({
      status: "error",
      error: 'The call: It answered 503 Service Unavailable: {"sorry":"down"} (tried 3 times)',
    });
    expect(target.seen).toHaveLength(3);
    expect((await stateNow(runId)).run.status).toBe("error");
    expect(await rowOf(jobId)).toMatchObject({ status: "done", attempts: 3 });
  });

  test("that is refused errs at once", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output }));
    target.answer(json({ error: "no such order" }, 404));
    await doIt(jobId);
    expect(await stepOf(runId)).toMatchObject({
      status: "error",
      error: 'The call: It answered 404 Not Found: {"error":"no such order"}',
    });
    expect(target.seen).toHaveLength(1);
  });

  test.each([
    [
      "inputs of another shape",
      { input: { type: "object", properties: { n: { type: "number" } }, required: ["n"] } },
      "the input n must be a number, and is null",
    ],
    ["a host that is not allowed", { at: "http://127.0.0.1:1" }, "http://127.0.0.1:1 is not among the allowed hosts"],
    [
      "an answer of another shape",
      { output },
      "its answer is not as described: result must be a text, and is a number",
    ],
  ])(
    "%s errs at once, with its reason",
    async (_what, { at = target.origin, ...given }: { at?: string; [key: string]: unknown }, why) => {
      target.answer(json({ result: 5 }));
      const { runId, jobId } = await waiting(
        await anOperation(at, given),
        given.input ? { n: { ref: "$Record.Amount" } } : {},
      );
      await doIt(jobId);
      expect(await stepOf(runId)).toMatchObject({ status: "error", error: expect.stringContaining(why) });
    },
  );

  test("that was deleted meanwhile errs at once", async () => {
    const name = await anOperation(target.origin);
    const { runId, jobId } = await waiting(name);
    await db().delete(operation).where(eq(operation.name, name));
    await doIt(jobId);
    expect(await stepOf(runId)).toMatchObject({ status: "error", error: `there is no operation ${name}.` });
  });

  test("is not deleted while an active definition calls it", async () => {
    const name = await anOperation(target.origin);
    await waiting(name);
    const refused = await commanded(admin, (tx) => deleteOperation(tx, admin, { name }));
    expect(refused).toMatchObject({ ok: false, refusal: { code: "operation-in-use" } });
    const free = await anOperation(target.origin);
    must(await commanded(admin, (tx) => deleteOperation(tx, admin, { name: free })));
  });

  test("is not called when the step is no longer in progress", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output }));
    target.answer(json({ result: "late" }));
    must(await commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "not needed" })));
    // What was queued is void; even if it were not, nobody is called.
    await db().update(job).set({ status: "queued", endedAt: null }).where(eq(job.jobId, jobId));
    await doIt(jobId);
    expect(target.connections()).toBe(0);
    expect(await rowOf(jobId)).toMatchObject({ status: "done", lastError: "the step was no longer in progress" });
  });

  test("is not called again when its worker died and an admin failed the step of the suspended run", async () => {
    const { runId, stepRunId, jobId } = await waiting(await anOperation(target.origin, { output }));
    target.answer(json({ result: "late" }));
    await claimed(jobId);
    for (const command of [
      { type: "suspend", reason: "audit" },
      { type: "fail-step", stepRunId, reason: "hopeless" },
    ] as const)
      must(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command })));
    await db().update(job).set({ status: "queued" }).where(eq(job.jobId, jobId));
    await doIt(jobId);
    expect(target.connections()).toBe(0);
    expect(await rowOf(jobId)).toMatchObject({ status: "done", lastError: "the step was no longer in progress" });
    must(
      await commanded(admin, (tx) => controlRun(tx, admin, { runId, command: { type: "resume", reason: "go on" } })),
    );
    expect(await stepOf(runId)).toMatchObject({ status: "error", error: "hopeless" });
  });

  test("whose step ends while it is under way changes nothing", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output }));
    target.answer((request, response) => {
      void commanded(admin, (tx) => cancelRun(tx, admin, { runId, reason: "meanwhile" })).then(() =>
        json({ result: "late" })(request, response),
      );
    });
    const one = await claimed(jobId);
    await perform(one, makeHolder(), never);
    expect((await stateNow(runId)).run.status).toBe("canceled");
    expect(await stepOf(runId)).toMatchObject({ outputs: null });
  });

  test("whose worker died is called again with the same key, and counts as tried", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output, maxAttempts: 2 }));
    target.answer(json({ result: "second" }));
    await claimed(jobId);
    await db().update(job).set({ status: "queued" }).where(eq(job.jobId, jobId));
    await doIt(jobId);
    expect(await stepOf(runId)).toMatchObject({ status: "completed" });

    const killer = await waiting(await anOperation(target.origin, { output, maxAttempts: 2 }));
    await db().update(job).set({ attempts: 2, lastError: "The call: it broke" }).where(eq(job.jobId, killer.jobId));
    target.answer(json({ result: "never" }));
    await doIt(killer.jobId);
    expect(target.connections()).toBe(0);
    expect(await stepOf(killer.runId)).toMatchObject({ status: "error", error: "The call: it broke" });
  });

  test("by a worker that lost the job writes nothing", async () => {
    const { runId, jobId } = await waiting(await anOperation(target.origin, { output }));
    const frozen = await claimed(jobId);
    target.answer((request, response) => {
      void db()
        .update(job)
        .set({ fence: sql`${job.fence} + 1` })
        .where(eq(job.jobId, jobId))
        .then(() => json({ result: "stale" })(request, response));
    });
    await expect(callOperation(frozen, never)).rejects.toThrow("no longer held");
    expect((await stepOf(runId))?.status).toBe("in_progress");
  });

  test("is given back when the worker stops, and not counted", async () => {
    const { jobId } = await waiting(await anOperation(target.origin, { output }));
    target.answer(() => undefined);
    const holder = makeHolder();
    const stopping = new AbortController();
    const working = perform(await claimed(jobId), holder, stopping.signal);
    setTimeout(() => {
      stopping.abort();
      holder.abortAll("the worker is stopping");
    }, 100);
    await working;
    expect(await rowOf(jobId)).toMatchObject({ status: "queued", attempts: 0 });
  });
});

describe("S64: a secret", () => {
  test("is in no row of the database and in no line of the log, whatever the other system says", async () => {
    const lines: string[] = [];
    for (const level of ["trace", "debug", "info", "warn", "error"] as const)
      vi.spyOn(log(), level).mockImplementation(
        (...said: unknown[]) =>
          void lines.push(JSON.stringify(said, (_, value) => (value instanceof Error ? String(value.stack) : value))),
      );
    const credentialId = await aCredential({ origin: target.origin, secret: CANARY });
    const echo = { type: "object", properties: { result: { type: "string" }, echo: { type: "object" } } };
    const name = await anOperation(target.origin, { credentialId, output: echo, maxAttempts: 2 });
    const rows: { runId: string }[] = [];
    for (const status of [200, 400, 500]) {
      const { runId, jobId } = await waiting(name);
      rows.push({ runId });
      target.answer((request, response) =>
        json({ result: CANARY, echo: request.headers, url: encodeURIComponent(CANARY) }, status)(request, response),
      );
      await doIt(jobId);
      if (status === 500) await doIt(jobId);
      expect(target.seen[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    }
    vi.restoreAllMocks();
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join("\n")).not.toContain(CANARY);
    const tables = await db().execute<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public'",
    );
    for (const { name: table } of tables) {
      const found = await db().execute(sql.raw(`select 1 from "${table}" t where t::text like '%${CANARY}%' limit 1`));
      expect([table, found.length]).toEqual([table, 0]);
    }
    const told = await db()
      .select()
      .from(history)
      .where(
        inArray(
          history.runId,
          rows.map(({ runId }) => runId),
        ),
      );
    expect(JSON.stringify(told)).toContain("•••");
  });
});
