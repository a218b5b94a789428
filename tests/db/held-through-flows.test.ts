import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { record, user } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { aBackgroundStep, activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, started, theItem } from "../builders/runs";

/** Whoever is given work is held from when they were looked up until that commits, whatever becomes of what is done meanwhile. */
const { ann } = await aTeamWithThings();

test("who is found for a step while a flow beside it has something undone is still held when it goes on", async () => {
  const [leaves, spare] = [await aPerson(), await aPerson()];
  const values = { Name: { literal: "A Thing" }, Helper: { literal: "usr_nobody" } };
  await activated(
    aBackgroundFlow("Tries", {
      start: "Wrong",
      elements: [
        // There is no such person: it is refused and undone, and the flow goes on.
        {
          type: "create_records",
          name: "Wrong",
          label: "Wrong",
          object: "Thing",
          values,
          next: null,
          faultNext: "Right",
        },
        {
          ...{ type: "update_records", name: "Right", label: "Right", object: "Thing", record: "recordId", next: null },
          values: { Status: { literal: "seen" } },
        },
      ],
    }),
  );
  const assignee = { type: "user", value: { literal: leaves.username } };
  const steps = [
    aBackgroundStep("Work", { flow: "Tries", inputs: { recordId: { ref: "$Record.Id" } } }),
    anInteractiveStep("Check", { assignee }),
  ];
  const fallbackAssignee = { type: "user", value: spare.username };
  const { definitionId } = await activated(
    anOrchestration([aStage("Only", steps)], { name: "Held_through", fallbackAssignee }),
  );
  await db().update(user).set({ active: false }).where(eq(user.userId, leaves.userId));
  const recordId = await aRecord("Thing", {}, ann);
  // The flow's second element waits for the record; by then the step's assignee was found, and the first was undone.
  const { starting, isFree } = await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.db.select({ id: record.recordId }).from(record).where(eq(record.recordId, recordId)).for("update");
    const begun = started(ann, { definitionId, recordId, inputs: {} });
    await expect.poll(waiting).toBe(1);
    return { starting: begun, isFree: await isFreeNow(spare.userId) };
  });
  const { runId } = must(await starting);
  expect(await theItem(runId)).toMatchObject({ assigneeId: spare.userId });
  expect(isFree).toBe(false);
});

const waiting = async () => {
  const waits = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return (await db().execute(waits)).length;
};

/** Whether anybody could change that person now. */
const isFreeNow = async (userId: string) =>
  (await db().execute(sql`select 1 from "user" where user_id = ${userId} for update skip locked`)).length > 0;
