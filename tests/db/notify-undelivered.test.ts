import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { job } from "../../db/schema";
import { claimMails } from "../../lib/notify/claim-mails";
import { recordOutcome } from "../../lib/notify/record-outcome";
import { runPage } from "../../lib/runs/queries/run-page";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { claimJobs } from "../../lib/worker/claim-jobs";
import { makeHolder } from "../../lib/worker/holder";
import { perform } from "../../lib/worker/perform";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aGroup, aPerson } from "../builders/people";
import { must } from "../builders/records";
import { aRun, aTeam, aThingWorld, commanded, theItem } from "../builders/runs";

/** When mail servers refuse every mail about an assignment, the item says so (A16). */
let team: Awaited<ReturnType<typeof aTeam>>;
beforeAll(async () => {
  await aThingWorld();
  team = await aTeam();
  await aGroup("Pair", [await aPerson(), await aPerson()]);
});

const shared = anOrchestration(
  [aStage("First", [anInteractiveStep("Fill", { assignee: { type: "group", value: { literal: "Pair" } } })])],
  { name: "Paired" },
);
const dead = { type: "dead", reason: "no such user here" } as const;
const doJobs = async () => {
  for (const one of await claimJobs(10)) await perform(one, makeHolder(), new AbortController().signal);
};
async function twoMails() {
  const { runId } = await aRun(shared, team.ann);
  const [first, second] = await claimMails(10);
  if (!first || !second) throw new Error("two members are mailed");
  return { runId, first, second };
}

test("an item of which one member was told is as it was", async () => {
  const { runId, first, second } = await twoMails();
  await recordOutcome(first, { type: "sent", recipient: "one@example.org" });
  await recordOutcome(second, dead);
  await doJobs();
  expect(await theItem(runId)).toMatchObject({ flag: null });
});

test("one whose mails all died, the last two at once, is flagged, and the run says so; given to another it is not", async () => {
  const { runId, first, second } = await twoMails();
  await Promise.all([recordOutcome(first, dead), recordOutcome(second, dead)]);
  await doJobs();
  const item = await theItem(runId);
  expect(item.flag).toBe("not_notified");
  expect(await db().select().from(job).where(eq(job.runId, runId))).toMatchObject([{ status: "done" }]);
  const page = await runPage(db(), team.admin, runId);
  expect(page?.events.map(({ title }) => title)).toContain("Nobody could be told by mail");
  const to = { type: "user", id: team.ann.userId } as const;
  must(
    await commanded(team.boss, (tx) =>
      reassignItem(tx, team.boss, { workItemId: item.workItemId, to, reason: "they have no mail" }),
    ),
  );
  expect((await theItem(runId)).flag).toBeNull();
});

test("one that was given to another before the run heard of it is left alone", async () => {
  const { runId, first, second } = await twoMails();
  const { workItemId } = await theItem(runId);
  const to = { type: "user", id: team.ann.userId } as const;
  await Promise.all([recordOutcome(first, dead), recordOutcome(second, dead)]);
  must(await commanded(team.boss, (tx) => reassignItem(tx, team.boss, { workItemId, to, reason: "meanwhile" })));
  await doJobs();
  expect((await theItem(runId)).flag).toBeNull();
});
