import { and, eq, ne } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { assignment, outbox, user, workItem } from "../../db/schema";
import { askQuestion } from "../../lib/approvals/steer";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { cast, makeCast, work } from "../actions/cast";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { commanded, openItems, started, theItem } from "../builders/runs";

beforeAll(makeCast);

/** Whom the tests before have let go is active again, without a manager. */
const makeAgain = () => db().update(user).set({ active: true, managerId: null });
const itemNow = async (workItemId: string) =>
  (await db().select().from(workItem).where(eq(workItem.workItemId, workItemId)))[0];

test("who is deactivated leaves no open work: it goes to their manager, flagged and mailed; what they claimed is free again", async () => {
  const { admin, assignee, claimer, manager } = cast();
  await db().update(user).set({ managerId: manager.userId }).where(eq(user.userId, assignee.userId));
  const [own, claimed] = [await work("person"), await work("group", { claimed: true })];

  expect(must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: assignee.userId })))).toEqual({
    moved: 1,
  });
  expect(await itemNow(own.workItemId)).toMatchObject({
    status: "assigned",
    assigneeId: manager.userId,
    flag: "inactive_assignee",
    assignmentNo: 2,
  });
  expect(await db().select().from(assignment).where(eq(assignment.workItemId, own.workItemId))).toHaveLength(2);
  const mails = await db().select().from(outbox).where(eq(outbox.workItemId, own.workItemId));
  expect(mails.find((mail) => mail.recipientId === manager.userId)?.status).toBe("queued");

  expect(must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: claimer.userId })))).toEqual({
    moved: 1,
  });
  expect(await itemNow(claimed.workItemId)).toMatchObject({
    status: "assigned",
    assigneeType: "group",
    claimedBy: null,
  });
});

test("whose manager was asked about it leaves it to whoever deactivates them; the question stays the manager's", async () => {
  await makeAgain();
  const { admin, assignee, manager, starter } = cast();
  await db().update(user).set({ managerId: manager.userId }).where(eq(user.userId, assignee.userId));
  const by = { assignee: { type: "user", value: { literal: assignee.username } } };
  const { definitionId } = await activated(
    anApprovalProcess([aStage("First", [anApprovalStep("One", by)])], { name: "HandsOver" }),
  );
  const recordId = await aRecord("Thing", {}, starter);
  const { runId } = must(await started(starter, { definitionId, recordId, inputs: {} }));
  const { workItemId } = await theItem(runId);
  const ask = { workItemId, userId: manager.userId, text: "May we?" };
  must(await commanded(assignee, (tx) => askQuestion(tx, assignee, ask)));
  must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: assignee.userId })));
  expect(await itemNow(workItemId)).toMatchObject({ assigneeId: admin.userId, flag: "inactive_assignee" });
  const asked = (await openItems(runId)).find(({ kind }) => kind === "question");
  expect(asked).toMatchObject({ assigneeId: manager.userId, status: "assigned" });
});

test("without a manager it goes to whoever deactivates them", async () => {
  await makeAgain();
  const { admin, assignee } = cast();
  const { workItemId } = await work("person");
  expect(must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: assignee.userId })))).toEqual({
    moved: 1,
  });
  expect(await itemNow(workItemId)).toMatchObject({ assigneeId: admin.userId, flag: "inactive_assignee" });
});

test("who may not manage people moves nothing", async () => {
  const { manager, starter } = cast();
  const refused = await commanded(manager, (tx) => deactivateAndHandOver(tx, manager, { userId: starter.userId }));
  expect(refused).toMatchObject({ ok: false, refusal: { code: "not-found" } });
});

test("nobody is given to approve what they submitted: it goes on to the next, while the rest goes to the manager", async () => {
  await makeAgain();
  const { admin, assignee, starter } = cast();
  await db().update(user).set({ managerId: starter.userId }).where(eq(user.userId, assignee.userId));
  const [toApprove, toDo] = [await work("approval"), await work("person")];
  expect(must(await commanded(admin, (tx) => deactivateAndHandOver(tx, admin, { userId: assignee.userId })))).toEqual({
    moved: 2,
  });
  expect(await itemNow(toApprove.workItemId)).toMatchObject({ assigneeId: admin.userId });
  expect(await itemNow(toDo.workItemId)).toMatchObject({ assigneeId: starter.userId });
});

test("nor to the admin who does it where they have their part in it: then to another one, and with no other the person stays", async () => {
  await makeAgain();
  const { admin: acting, assignee } = cast();
  const { workItemId } = await work("approval");
  const question = { workItemId, userId: acting.userId, text: "May we?" };
  must(await commanded(assignee, (tx) => askQuestion(tx, assignee, question)));
  const leave = () => commanded(acting, (tx) => deactivateAndHandOver(tx, acting, { userId: assignee.userId }));
  const others = and(eq(user.role, "admin"), ne(user.userId, acting.userId));
  await db().update(user).set({ active: false }).where(others);
  expect(await leave()).toMatchObject({ ok: false, refusal: { code: "has-open-work" } });
  const other = await aPerson({ role: "admin" });
  must(await leave());
  expect(await itemNow(workItemId)).toMatchObject({ assigneeId: other.userId, flag: "inactive_assignee" });
});
