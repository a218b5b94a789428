import { eq, inArray, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { command, job, session, workerBeat } from "../../db/schema";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { sweep } from "../../lib/worker/sweep";
import { anOrchestration } from "../builders/definitions";
import { aSession } from "../builders/people";
import { aRun, aTeam, aThingWorld } from "../builders/runs";

let ann: Person;
beforeAll(async () => {
  await aThingWorld();
  ({ ann } = await aTeam());
});

const daysAgo = (days: number) => sql<Date>`now() - ${days} * interval '1 day'`;

test("done jobs go after a week, dead ones stay", async () => {
  const row = (status: "done" | "dead", days: number) => ({
    jobId: newId("job"),
    kind: "wake",
    status,
    endedAt: daysAgo(days),
    lastError: "why",
  });
  const rows = [row("done", 8), row("done", 6), row("dead", 400)];
  await db().insert(job).values(rows);
  await sweep();
  const ids = rows.map(({ jobId }) => jobId);
  const left = await db().select({ id: job.jobId }).from(job).where(inArray(job.jobId, ids));
  expect(left.map(({ id }) => id).sort()).toEqual(ids.slice(1).sort());
});

test("commands go after 30 days, but those that history names stay for ever", async () => {
  const { runId } = await aRun(anOrchestration(), ann);
  const idle = newId("command");
  await db()
    .insert(command)
    .values({ commandId: idle, kind: "wake", receivedAt: daysAgo(0) });
  await db()
    .update(command)
    .set({ receivedAt: daysAgo(31) });
  await sweep();
  const left = await db().select().from(command);
  expect(left.some(({ commandId }) => commandId === idle)).toBe(false);
  expect(left.some((row) => row.runId === runId)).toBe(true);
});

test("sessions go 30 days after their end, and beats of workers that are no more after a day", async () => {
  const [ended, open] = [await aSession(ann), await aSession(ann)];
  await db()
    .update(session)
    .set({ revokedAt: daysAgo(31) })
    .where(eq(session.sessionId, ended));
  await db()
    .insert(workerBeat)
    .values([
      { workerId: "wrk_gone", beatAt: daysAgo(2) },
      { workerId: "wrk_here", beatAt: daysAgo(0) },
    ]);
  await sweep();
  const sessions = await db()
    .select({ id: session.sessionId })
    .from(session)
    .where(inArray(session.sessionId, [ended, open]));
  expect(sessions).toEqual([{ id: open }]);
  expect((await db().select().from(workerBeat)).map(({ workerId }) => workerId)).toEqual(["wrk_here"]);
});

test("two sweeps at once do not get in each other's way", async () => {
  const swept = await Promise.all([sweep(), sweep(), sweep()]);
  expect(swept).toContain(true);
});
