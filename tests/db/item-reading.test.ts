import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { securityEvent } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import { noteReading } from "../../lib/work/note-reading";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aGroup, again } from "../builders/people";
import { aRun, aTeamWithThings, theItem } from "../builders/runs";

let team: Awaited<ReturnType<typeof aTeamWithThings>>;
beforeAll(async () => {
  team = await aTeamWithThings();
});

async function anItem(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { runId } = await aRun(anOrchestration([aStage("S", [anInteractiveStep("Fill", more)])], { name }), team.ann);
  return (await theItem(runId)).workItemId;
}

async function opened(person: Person, workItemId: string): Promise<void> {
  const detail = await itemDetail(db(), person, workItemId);
  if (!detail) throw new Error(`${person.name} may not see the item`);
  await noteReading(person, detail);
}

const eventsAbout = (workItemId: string) =>
  db().select().from(securityEvent).where(eq(securityEvent.objectId, workItemId));

test("S83: an admin who opens somebody else's item leaves one row an hour, however often and at once", async () => {
  const workItemId = await anItem("Read");
  await Promise.all(Array.from({ length: 5 }, () => opened(team.admin, workItemId)));
  expect(await eventsAbout(workItemId)).toMatchObject([
    { action: "item-read", actorId: team.admin.userId, allowed: true },
  ]);
  // Security events cannot be changed; time is let pass on a copy of the rule's clock instead: an event of two hours ago does not count.
  const other = await anItem("Read_Before");
  await db()
    .insert(securityEvent)
    .values({
      ...{ eventId: "sev_long_ago", action: "item-read", actorId: team.admin.userId, objectId: other, allowed: true },
      at: sql`clock_timestamp() - interval '2 hours'`,
    });
  await opened(team.admin, other);
  await opened(team.admin, other);
  expect(await eventsAbout(other)).toHaveLength(2);
});

test("S83: nobody else leaves one, nor an admin about work that is theirs", async () => {
  const workItemId = await anItem("Own");
  await opened(team.ann, workItemId);
  await opened(team.boss, workItemId);
  expect(await eventsAbout(workItemId)).toEqual([]);
  await aGroup("Admins_Too", [team.admin]);
  const shared = await anItem("Shared", { assignee: { type: "group", value: { literal: "Admins_Too" } } });
  await opened(await again(team.admin), shared);
  expect(await eventsAbout(shared)).toEqual([]);
});
