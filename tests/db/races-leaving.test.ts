import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { user, workItem } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import type { Result } from "../../lib/result";
import { startRun } from "../../lib/runs/start";
import { claimItem } from "../../lib/work/commands/claim-item";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { activated, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, started, theItem } from "../builders/runs";
import { atOnce } from "../support/at-once";
import { patience, roundsOr } from "../support/rounds";

/** Work that reaches a person in the moment of their deactivation (I37): whichever commits first, none is left with somebody who is gone. */
const ROUNDS = roundsOr(10);
const team = await aTeamWithThings();

const one = (name: string, assignee: object) =>
  anOrchestration([aStage("First", [anInteractiveStep("Fill", { assignee })])], { name });
const leave = ({ userId }: Person) => commanded(team.admin, (tx) => deactivateAndHandOver(tx, team.admin, { userId }));
const isActive = async ({ userId }: Person) =>
  (await db().select({ active: user.active }).from(user).where(eq(user.userId, userId)))[0]?.active;

/** `give` in a transaction that is held open when all is done but the commit; meanwhile the person is deactivated. */
async function heldOpen(person: Person, give: Parameters<typeof commanded>[1]): Promise<void> {
  let arrive = () => {};
  let goOn = () => {};
  const arrived = new Promise<void>((done) => {
    arrive = done;
  });
  const barrier = new Promise<void>((done) => {
    goOn = done;
  });
  const giving: Promise<Result<unknown>> = commanded(team.ann, async (tx) => {
    const given = await give(tx);
    arrive();
    await barrier;
    return given;
  });
  await arrived;
  const leaving = leave(person);
  const first = await Promise.race([leaving.then(() => "left"), new Promise((done) => setTimeout(done, 300))]);
  goOn();
  must(await giving);
  must(await leaving);
  expect(first, "who is just given work cannot leave before that is settled").toBeUndefined();
  expect(await isActive(person)).toBe(false);
}

test("assigned by a run that starts: the deactivation waits, finds it and hands it over", async () => {
  const person = await aPerson();
  const { definitionId } = await activated(one("Leave_start", { type: "user", value: { literal: person.username } }));
  const recordId = await aRecord("Thing", {}, team.ann);
  let runId = "";
  await heldOpen(person, async (tx) => {
    const begun = await startRun(tx, team.ann, { definitionId, recordId, inputs: {} });
    if (begun.ok) runId = begun.value.runId;
    return begun;
  });
  expect(await theItem(runId)).toMatchObject({ assigneeId: team.admin.userId, flag: "inactive_assignee" });
});

test("reassigned to them: likewise", async () => {
  const [person, holder] = [await aPerson(), await aPerson()];
  const { definitionId } = await activated(one("Leave_move", { type: "user", value: { literal: holder.username } }));
  const recordId = await aRecord("Thing", {}, team.ann);
  const { runId } = must(await started(team.ann, { definitionId, recordId, inputs: {} }));
  const { workItemId } = await theItem(runId);
  const to = { type: "user", id: person.userId } as const;
  await heldOpen(person, (tx) => reassignItem(tx, team.boss, { workItemId, to, reason: "" }));
  expect(await theItem(runId)).toMatchObject({ assigneeId: team.admin.userId, flag: "inactive_assignee" });
});

test("claimed by them: it is free again", async () => {
  const person = await aPerson();
  await aGroup("Leavers", [person, await aPerson()]);
  const { definitionId } = await activated(one("Leave_claim", { type: "group", value: { literal: "Leavers" } }));
  const recordId = await aRecord("Thing", {}, team.ann);
  const { runId } = must(await started(team.ann, { definitionId, recordId, inputs: {} }));
  const { workItemId } = await theItem(runId);
  const member = await again(person);
  await heldOpen(person, (tx) => claimItem(tx, member, { workItemId, takeOver: false }));
  expect(await theItem(runId)).toMatchObject({ assigneeType: "group", claimedBy: null });
});

test("at once, many times: whoever is gone has nothing, and nobody waits for ever", patience(ROUNDS), async () => {
  const holder = await aPerson();
  const { definitionId } = await activated(one("Leave_race", { type: "user", value: { literal: holder.username } }));
  for (let round = 0; round < ROUNDS; round++) {
    const person = await aPerson();
    const items = await Promise.all(
      [1, 2].map(async () => {
        const recordId = await aRecord("Thing", {}, team.ann);
        return theItem(must(await started(team.ann, { definitionId, recordId, inputs: {} })).runId);
      }),
    );
    const to = { type: "user", id: person.userId } as const;
    const moves = items.map(
      ({ workItemId }) =>
        () =>
          commanded(team.boss, (tx) => reassignItem(tx, team.boss, { workItemId, to, reason: "" })),
    );
    const acts: (() => Promise<Result<unknown>>)[] = [() => leave(person), ...moves];
    const answers = await atOnce(person.userId, round % 2 ? acts.toReversed() : acts);
    expect(await isActive(person)).toBe(false);
    for (const answer of answers) if (!answer.ok) expect(answer.refusal.code).toBe("unknown-assignee");
    for (const { workItemId } of items) {
      const [row] = await db().select().from(workItem).where(eq(workItem.workItemId, workItemId));
      expect(row?.assigneeId).not.toBe(person.userId);
    }
  }
});
