import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { history, outbox, record, workItem } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { answerItem, askQuestion } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { endDelegation } from "../../lib/people/delegation/commands";
import { delegationsOf } from "../../lib/people/delegation/queries";
import { readRecord } from "../../lib/records/queries/read-record";
import { rightsOn } from "../../lib/records/queries/where-visible";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listRequests } from "../../lib/work/queries/list-requests";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

const team = await aTeamWithThings();
await anObject("Private", { Amount: { type: "number" } });

let made = 0;
const to = (person: Person) => ({ assignee: { type: "user", value: { literal: person.username } } });

/** A private record of the submitter's, to be approved by these people, all at once. */
async function submitted(
  approvers: readonly Person[],
  submitter: Person = team.ann,
  { steps, ...more }: { steps?: object[]; approval?: object } = {},
) {
  const process = anApprovalProcess(
    [aStage("First", (steps as never[]) ?? approvers.map((one, index) => anApprovalStep(`Step${index}`, to(one))))],
    { name: `In_place_${++made}`, start: { type: "autolaunched", object: "Private", next: "First" }, ...more },
  );
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Private", { Amount: 100 }, submitter);
  const { runId } = must(
    await commanded(submitter, (tx) => requestApproval(tx, submitter, { definitionId, recordId, comments: "" })),
  );
  return { definitionId, recordId, runId, items: await openItems(runId) };
}
const say = (person: Person, item: { workItemId: string } | undefined, decision: "approve" | "reject" = "approve") =>
  commanded(person, (tx) => decide(tx, person, { workItemId: item?.workItemId ?? "", decision, comments: "ok" }));
const itemNow = async (id = "") => (await db().select().from(workItem).where(eq(workItem.workItemId, id)))[0];

test("a delegate reads the request and decides it; item, history and page name both", async () => {
  const [ben, stranger] = [await aPerson({ name: "Ben" }), await aPerson({ name: "Ana" })];
  const { items, runId, recordId } = await submitted([ben]);
  const [item] = items;
  const id = item?.workItemId ?? "";
  expect(await itemDetail(db(), stranger, id)).toBeNull();
  const ana = await standingIn(stranger, ben);
  expect(await itemDetail(db(), ana, id)).toMatchObject({
    mayWork: true,
    approval: { onBehalfOfName: "Ben" },
    standIns: [{ delegatorName: "Ben", delegateName: "Ana" }],
    facts: expect.arrayContaining([expect.objectContaining({ label: "Amount" })]),
  });
  const row = await readRecord(db(), recordId);
  if (!row) throw new Error("no record");
  expect(await rightsOn(db(), ana, { ...row, othersMay: "none" })).toMatchObject({ read: true, edit: false });
  must(await say(ana, item));
  expect(await itemNow(id)).toMatchObject({ completedBy: ana.userId, onBehalfOf: ben.userId, outcome: "approve" });
  const deeds = await db()
    .select()
    .from(history)
    .where(and(eq(history.runId, runId), eq(history.actorId, ana.userId)));
  expect(deeds.length).toBeGreaterThan(0);
  expect(deeds.every(({ onBehalfOf }) => onBehalfOf === ben.userId)).toBe(true);
  const detail = await itemDetail(db(), await again(ben), id);
  expect(detail).toMatchObject({ closed: { byName: "Ana for Ben" } });
  expect(detail?.history.at(-1)).toMatchObject({ actorName: "Ana for Ben", title: "approved it" });
  expect(await say(ana, item)).toMatchObject({ refusal: { code: "item-closed" } });
});

test("the requester is told that the approver is away, until when, and who decides", async () => {
  const [ben, ana] = [await aPerson({ name: "Ben" }), await aPerson({ name: "Ana" })];
  await standingIn(ana, ben);
  const { runId, items } = await submitted([ben]);
  const request = (await listRequests(db(), team.ann.userId, {})).rows.find((row) => row.runId === runId);
  expect(request?.standIns).toMatchObject([{ delegatorName: "Ben", delegateName: "Ana", until: expect.any(String) }]);
  const mails = await db()
    .select()
    .from(outbox)
    .where(eq(outbox.workItemId, items[0]?.workItemId ?? ""));
  expect(mails.map(({ recipientId }) => recipientId).toSorted()).toEqual([ana.userId, ben.userId].toSorted());
  expect(mails.find(({ recipientId }) => recipientId === ana.userId)?.content).toMatchObject({ inPlaceOf: "Ben" });
});

test("of each request they are told only who may decide that one: by process, amount, and who asked", async () => {
  const ben = await aPerson({ name: "Ben" });
  const named = async (runId: string, reader = team.ann) =>
    (await listRequests(db(), reader.userId, {})).rows
      .find((row) => row.runId === runId)
      ?.standIns.map(({ delegateName, reader: who }) => [delegateName, who]);
  const approval = { amount: "$Record.Amount" };
  const [first, second] = [await submitted([ben], team.ann, { approval }), await submitted([ben])];
  const ana = await standingIn(await aPerson({ name: "Ana" }), ben, {
    processes: [first.definitionId],
    maxAmount: 100,
  });
  expect([await named(first.runId), await named(second.runId)]).toEqual([[["Ana", null]], []]);
  const [item] = first.items;
  const standIns = async (reader: Person) =>
    (await itemDetail(db(), reader, item?.workItemId ?? ""))?.standIns.map((one) => one.reader);
  expect([await standIns(await again(ben)), await standIns(ana)]).toEqual([["delegator"], ["delegate"]]);
  await db()
    .update(record)
    .set({ data: { Amount: 101 } })
    .where(eq(record.recordId, first.recordId));
  expect(await named(first.runId)).toEqual([]);
  const own = await submitted([ben], ana, { approval });
  await standingIn(ana, ben);
  expect(await named(own.runId, ana)).toEqual([]);
});

test("only the named processes; an amount that the definition does not know is above every limit", async () => {
  const [ben, one] = [await aPerson(), await aPerson()];
  const [first, second] = [await submitted([ben]), await submitted([ben])];
  const ana = await standingIn(one, ben, { processes: [first.definitionId] });
  expect(await say(ana, second.items[0])).toMatchObject({ refusal: { code: "not-found" } });
  expect(await itemDetail(db(), ana, second.items[0]?.workItemId ?? "")).toBeNull();
  must(await say(ana, first.items[0]));
  const other = await standingIn(await aPerson(), ben, { maxAmount: 1_000_000 });
  expect(await say(other, second.items[0])).toMatchObject({ refusal: { code: "not-found" } });
});

test("up to the amount that the process names, as the record says it when it is decided", async () => {
  const ben = await aPerson();
  const ana = await standingIn(await aPerson(), ben, { maxAmount: 100 });
  const approval = { amount: "$Record.Amount" };
  const [first, second] = [
    await submitted([ben], team.ann, { approval }),
    await submitted([ben], team.ann, { approval }),
  ];
  const mails = await db()
    .select()
    .from(outbox)
    .where(eq(outbox.workItemId, second.items[0]?.workItemId ?? ""));
  expect(mails.some(({ recipientId }) => recipientId === ana.userId)).toBe(true);
  await db()
    .update(record)
    .set({ data: { Amount: 100.01 } })
    .where(eq(record.recordId, second.recordId));
  expect(await itemDetail(db(), ana, second.items[0]?.workItemId ?? "")).toBeNull();
  expect(await say(ana, second.items[0])).toMatchObject({ refusal: { code: "not-found" } });
  must(await say(ana, first.items[0]));
  expect(await itemNow(first.items[0]?.workItemId)).toMatchObject({ decidedAs: "delegate" });
});

test("nobody approves their own request through a delegate, nor as one", async () => {
  const ben = await aPerson();
  const asBen = await standingIn(team.ann, ben);
  const { items } = await submitted([ben], team.ann);
  expect(await say(asBen, items[0])).toMatchObject({ refusal: { code: "own-submission" } });
  const carl = await standingIn(await aPerson(), ben);
  const { name } = await aGroup(undefined, [ben, await aPerson()]);
  const step = anApprovalStep("Step", { assignee: { type: "group", value: { literal: name } } });
  const own = await submitted([], ben, { steps: [step] });
  expect(await say(carl, own.items[0])).toMatchObject({ refusal: { code: "own-submission" } });
  expect(await itemNow(own.items[0]?.workItemId)).toMatchObject({ status: "assigned" });
});

test("two approvals are two people's: who has a say of their own gives no second one for another", async () => {
  const [ben, ana] = [await aPerson({ name: "Ben" }), await aPerson()];
  const { items, runId } = await submitted([ben, ana]);
  const standIn = await standingIn(ana, ben);
  const [bens, anas] = [ben, ana].map(({ userId }) => items.find(({ assigneeId }) => assigneeId === userId));
  must(await say(standIn, anas));
  const refused = await say(standIn, bens);
  expect(refused).toMatchObject({ refusal: { code: "decided-before", details: { to: "Ben" } } });
  expect(await itemDetail(db(), standIn, bens?.workItemId ?? "")).toMatchObject({ mayWork: false });
  must(await say(ben, bens));
  expect(await stateNow(runId)).toMatchObject({ submission: { status: "approved" } });
});

test("in the place of a member of a group, and for a claimed item only of whoever claimed it", async () => {
  const [ben, other] = [await aPerson(), await aPerson()];
  const { name } = await aGroup(undefined, [ben, other]);
  const step = anApprovalStep("Step", { assignee: { type: "group", value: { literal: name } } });
  const { items } = await submitted([], team.ann, { steps: [step] });
  const ana = await standingIn(await aPerson(), ben);
  await db()
    .update(workItem)
    .set({ claimedBy: other.userId })
    .where(eq(workItem.workItemId, items[0]?.workItemId ?? ""));
  expect(await itemDetail(db(), ana, items[0]?.workItemId ?? "")).toBeNull();
  await db()
    .update(workItem)
    .set({ claimedBy: null })
    .where(eq(workItem.workItemId, items[0]?.workItemId ?? ""));
  must(await say(ana, items[0]));
  expect(await itemNow(items[0]?.workItemId)).toMatchObject({ completedBy: ana.userId, onBehalfOf: ben.userId });
});

test("ended before the decision it counts no more; a decision under way is waited for", async () => {
  const ben = await aPerson();
  const ana = await standingIn(await aPerson(), ben);
  const [first, second] = [await submitted([ben]), await submitted([ben])];
  const [{ delegationId } = { delegationId: "" }] = (await delegationsOf(db(), ben)).given;
  let decided = () => {};
  const arrived = new Promise<void>((done) => {
    decided = done;
  });
  let goOn = () => {};
  const barrier = new Promise<void>((done) => {
    goOn = done;
  });
  const deciding = commanded(ana, async (tx) => {
    const done = await decide(tx, ana, {
      workItemId: first.items[0]?.workItemId ?? "",
      decision: "approve",
      comments: "",
    });
    decided();
    await barrier;
    return done;
  });
  await arrived;
  const ending = commanded(ben, (tx) => endDelegation(tx, ben, { delegationId }));
  const soon = await Promise.race([ending.then(() => "ended"), new Promise((done) => setTimeout(done, 300))]);
  goOn();
  expect(soon).toBeUndefined();
  must(await deciding);
  must(await ending);
  // The person as they were a moment ago: what counts is read under the lock.
  expect(ana.standsFor).toHaveLength(1);
  expect(await say(ana, second.items[0])).toMatchObject({ refusal: { code: "not-found" } });
});

test("a delegate asks for information, the history names both, and the answer comes to both", async () => {
  const [ben, hal] = [await aPerson({ name: "Ben" }), await aPerson({ name: "Hal" })];
  const [first, other] = [await aPerson({ name: "Ana" }), await aPerson({ name: "Eva" })];
  const { items, runId } = await submitted([ben]);
  const workItemId = items[0]?.workItemId ?? "";
  const ask = (person: Person) =>
    commanded(person, (tx) => askQuestion(tx, person, { workItemId, userId: hal.userId, text: "How many?" }));
  expect(await ask(first)).toMatchObject({ refusal: { code: "not-found" } });
  const elsewhere = await standingIn(other, ben, { processes: [(await submitted([ben])).definitionId] });
  expect(await ask(elsewhere)).toMatchObject({ refusal: { code: "not-found" } });
  const ana = await standingIn(first, ben);
  expect(await itemDetail(db(), ana, workItemId)).toMatchObject({ approval: { mayAsk: true } });
  must(await ask(ana));
  const question = (await openItems(runId)).find(({ kind }) => kind === "question")?.workItemId ?? "";
  const [made] = await db()
    .select()
    .from(history)
    .where(and(eq(history.subjectId, question), eq(history.type, "work-item-created")));
  expect(made).toMatchObject({ actorId: ana.userId, onBehalfOf: ben.userId });
  const asked = { actorName: "Ana for Ben", title: "asked Hal", comments: "How many?" };
  expect(await itemDetail(db(), await again(ben), workItemId)).toMatchObject({
    mayWork: true,
    history: [{ title: "The process assigned it to Ben" }, asked],
    approval: { questions: [{ byName: "Ana for Ben", toName: "Hal", text: "How many?", answer: null }] },
  });
  const hals = await again(hal);
  expect(await itemDetail(db(), hals, question)).toMatchObject({
    prompt: { text: "How many?", byName: "Ana for Ben" },
    history: [asked],
  });
  must(await commanded(hals, (tx) => answerItem(tx, hals, { workItemId: question, text: "Twelve" })));
  const mails = await db()
    .select()
    .from(outbox)
    .where(and(eq(outbox.runId, runId), eq(outbox.kind, "notice")));
  expect(mails.map(({ recipientId }) => recipientId).toSorted()).toEqual([ana.userId, ben.userId].toSorted());
  must(await say(ana, items[0]));
});
