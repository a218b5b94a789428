import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { user, workItem } from "../../db/schema";
import type { Person } from "../../lib/people/current-person";
import { dispatch } from "../../lib/runs/dispatch";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson, wasOf } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, started, stateNow } from "../builders/runs";

/** Somebody's vote ends with their leaving, that decides the step, and by that the rest of their work in the run is closed. */
let ann: Person;
let admin: Person;
beforeAll(async () => {
  ({ ann, admin } = await aTeamWithThings());
});

const decided = { left: "One.Status", operator: "equals", right: { literal: "Completed" } };

/** Bob has approved in the group, eve has not; the stage is over with the group's step, where eve has an item of her own in the other. */
async function almostDecided(name: string, other: (eve: Person, board: string) => { readonly [key: string]: unknown }) {
  const [eve, bob] = [await aPerson({ name: "eve" }), await aPerson({ name: "bob" })];
  const { groupId, name: board } = await aGroup(`Board_${name}`, [eve, bob]);
  const group = { type: "group", value: { literal: board } };
  const steps = [
    anApprovalStep("One", { assignee: group, rule: { type: "unanimous" } }),
    anApprovalStep("Two", other(eve, board)),
  ];
  const exit = { type: "requirements", condition: { logic: "all", requirements: [decided] } };
  const { definitionId } = await activated(anApprovalProcess([aStage("First", steps, { exit })], { name }));
  const recordId = await aRecord("Thing", {}, ann);
  const { runId } = must(await started(ann, { definitionId, recordId, inputs: {} }));
  const voter = await again(bob);
  const vote = (await openItems(runId)).find(({ assigneeId }) => assigneeId === bob.userId);
  const outputs = { approvalDecision: "Approve" };
  const command = { type: "complete-work-item", workItemId: vote?.workItemId ?? "", outputs } as const;
  must(await commanded(voter, (tx) => dispatch(tx, voter, { runId, command })));
  return { runId, eve, bob, groupId };
}

const kindsOf = async (runId: string) =>
  (await db().select().from(workItem).where(eq(workItem.runId, runId)))
    .map(({ completionKind }) => completionKind)
    .sort();

test("who is deactivated leaves, though the vote that ends with it closes their other work", async () => {
  const { runId, eve } = await almostDecided("Deactivated", ({ username }) => ({
    assignee: { type: "user", value: { literal: username } },
  }));
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: eve.userId })));
  const [row] = await db().select().from(user).where(eq(user.userId, eve.userId));
  expect(row?.active).toBe(false);
  expect((await stateNow(runId)).submission?.status).toBe("approved");
  expect(await kindsOf(runId)).toEqual(["done", "done", "withdrawn", "withdrawn"]);
});

test("who is taken out of a group leaves it, though the vote that ends with it closes what they had claimed there", async () => {
  const { runId, eve, bob, groupId } = await almostDecided("Taken_out", (_, board) => ({
    assignee: { type: "group", value: { literal: board } },
    rule: { type: "first" },
  }));
  const claimer = await again(eve);
  const shared = (await openItems(runId)).find(({ assigneeType, voting }) => assigneeType === "group" && !voting);
  const claim = { type: "claim-work-item", workItemId: shared?.workItemId ?? "", takeOver: false } as const;
  must(await commanded(claimer, (tx) => dispatch(tx, claimer, { runId, command: claim })));
  const was = await wasOf("group", groupId);
  const members = [{ type: "user" as const, id: bob.userId }];
  const asked = { type: "group" as const, id: groupId, label: was.label, members, was };
  must(await commanded(admin, (tx) => changePlaceAndWork(tx, admin, asked)));
  expect((await stateNow(runId)).submission?.status).toBe("approved");
  expect(await kindsOf(runId)).toEqual(["done", "done", "withdrawn", "withdrawn"]);
});

/** A request whose stages both ask that group, all of whom must agree. */
async function twiceAsked(name: string, members: readonly Person[], more: object = {}) {
  const { name: board } = await aGroup(`Board_${name}`, [...members]);
  const ask = (step: string) =>
    anApprovalStep(step, { assignee: { type: "group", value: { literal: board } }, rule: { type: "unanimous" } });
  const stages = [aStage("First", [ask("One")], { next: "Second" }), aStage("Second", [ask("Two")])];
  const { definitionId } = await activated(anApprovalProcess(stages, { name, ...more }));
  const { runId } = must(await started(ann, { definitionId, recordId: await aRecord("Thing", {}, ann), inputs: {} }));
  return runId;
}

const isActive = async ({ userId }: Person) =>
  (await db().select().from(user).where(eq(user.userId, userId)))[0]?.active;

test("who is deactivated leaves, though the vote that ends with it leads to where they would be asked again", async () => {
  const [eve, bob] = [await aPerson({ name: "eve" }), await again(await aPerson({ name: "bob" }))];
  const runId = await twiceAsked("Asked_again", [eve, bob]);
  const vote = (await openItems(runId)).find(({ assigneeId }) => assigneeId === bob.userId);
  const outputs = { approvalDecision: "Approve" };
  const command = { type: "complete-work-item", workItemId: vote?.workItemId ?? "", outputs } as const;
  must(await commanded(bob, (tx) => dispatch(tx, bob, { runId, command })));
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: eve.userId })));
  expect(await isActive(eve)).toBe(false);
  const open = await openItems(runId);
  expect(
    open.map(({ assigneeType, assigneeId }) => (assigneeType === "user" ? assigneeId : assigneeType)).sort(),
  ).toEqual(["group", bob.userId].sort());
});

test("who is deactivated leaves, though it is to them that what nobody can do falls", async () => {
  const eve = await aPerson({ name: "eve" });
  const fallbackAssignee = { type: "user", value: eve.username };
  const runId = await twiceAsked("Falls_to_them", [eve], { fallbackAssignee });
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: eve.userId })));
  expect(await isActive(eve)).toBe(false);
  expect((await openItems(runId)).map(({ assigneeType, flag }) => [assigneeType, flag])).toEqual([
    ["group", "nobody_left"],
  ]);
});
