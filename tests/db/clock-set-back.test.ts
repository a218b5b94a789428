import { asc, eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { history } from "../../db/schema";
import { stampClock } from "../../db/transaction";
import type { Command } from "../../lib/engine/command";
import type { Person } from "../../lib/people/current-person";
import { dispatch } from "../../lib/runs/dispatch";
import { aBackgroundStep, activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, started, stateNow } from "../builders/runs";

/** F44: what came later has the later instant, whatever the database's clock did meanwhile. */
let ann: Person;
let admin: Person;
beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
});

const HOUR_MS = 3_600_000;

/** One command an hour ago by the clock, though the run has begun just now. */
const anHourAgo = async (person: Person, runId: string, command: Command) =>
  must(
    await commanded(person, (tx) => {
      stampClock(tx, Date.now() - HOUR_MS);
      return dispatch(tx, person, { runId, command });
    }),
  );

test("with the clock set back, who approved last is the one in whose name the next step runs", async () => {
  const [bob, eve] = [await aPerson({ name: "bob" }), await aPerson({ name: "eve" })];
  const one = anApprovalStep("One", { assignee: { type: "user", value: { literal: bob.username } } });
  const two = aBackgroundStep("Two", { entry: { type: "step_completed", step: "One" }, runAs: "latest_completer" });
  const { definitionId } = await activated(anApprovalProcess([aStage("First", [one, two])], { name: "Set_back" }));
  const recordId = await aRecord("Thing", {}, ann);
  const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
  const itemOf = async ({ userId }: Person) =>
    (await openItems(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
  const to = { type: "user", id: eve.userId } as const;
  await anHourAgo(admin, runId, { type: "add-approver", workItemId: await itemOf(bob), to, reason: "four eyes" });
  // Bob's item is the older one.
  for (const person of [eve, bob]) {
    const workItemId = await itemOf(person);
    const outputs = { approvalDecision: "Approve" };
    await anHourAgo(person, runId, { type: "complete-work-item", workItemId, outputs });
  }
  expect((await stateNow(runId)).steps.find(({ name }) => name === "Two")?.runAs).toBe(bob.userId);
  const rows = await db().select().from(history).where(eq(history.runId, runId)).orderBy(asc(history.seq));
  const instants = new Map(rows.map(({ commandId, at }) => [commandId, at.getTime()]));
  expect(instants.size).toBe(4);
  expect([...instants.values()]).toEqual([...new Set(instants.values())].sort((first, second) => first - second));
});
