import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { outbox } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { createDelegation } from "../../lib/people/delegation/commands";
import { findPerson } from "../../lib/people/queries";
import { changePersonAndManager } from "../../lib/work/commands/change-person";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { letBackIn } from "../../lib/work/commands/let-back-in";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { inDays, standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems } from "../builders/runs";

/** By whom a request is decided is not for whoever asked for it to arrange, admin or not (I36). */
await aTeamWithThings();
let made = 0;

type Given = Parameters<typeof anApprovalStep>[1];
const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const toGroup = (name: string) => ({ assignee: { type: "group", value: { literal: name } } });

async function submitted(by: Person, steps: readonly Given[], approval: object = {}) {
  const stages = steps.map((step, index) =>
    aStage(`Stage${index}`, [anApprovalStep(`Step${index}`, step)], {
      next: index + 1 < steps.length ? `Stage${index + 1}` : null,
    }),
  );
  const start = { type: "autolaunched", object: "Thing", next: "Stage0" };
  const process = anApprovalProcess(stages, { name: `Hands_${++made}`, label: `Hands ${made}`, start, approval });
  const { definitionId } = await activated(process);
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 1 }, by), comments: "" };
  return must(await commanded(by, (tx) => requestApproval(tx, by, ask))).runId;
}
const anAdmin = async () => again(await aPerson({ role: "admin" }));
const theOpen = async (runId: string) => (await openItems(runId))[0]?.workItemId ?? "";
const say = (person: Person, workItemId: string) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision: "approve", comments: "" }));
const delegated = async (who: Person) =>
  (await listApprovals(db(), who, { view: "delegated" })).rows.map(({ workItemId }) => workItemId);

describe("a delegation that an admin makes for others", () => {
  const make = async (admin: Person, delegator: Person, delegate: Person) => {
    const place = { processes: null, maxAmount: null, mayPassOn: false, reason: "" };
    const when = { from: inDays(-1), to: inDays(3) };
    const given = { delegatorId: delegator.userId, delegateId: delegate.userId, ...place, ...when };
    must(await commanded(admin, (tx) => createDelegation(tx, admin, given)));
    return again(delegate);
  };
  test("does not count for what that admin asks for, before or after; for what others ask for it does", async () => {
    const [admin, other, ben] = [await anAdmin(), await anAdmin(), await aPerson({ name: "Ben" })];
    const before = await theOpen(await submitted(admin, [to(ben)]));
    const friend = await make(admin, ben, await again(await aPerson()));
    const after = await theOpen(await submitted(admin, [to(ben)]));
    const others = await theOpen(await submitted(other, [to(ben)]));
    expect(await delegated(friend)).toEqual([others]);
    for (const item of [before, after]) {
      expect(await itemDetail(db(), friend, item)).toMatchObject({ mayWork: false });
      expect(await say(friend, item)).toMatchObject({ refusal: { code: "made-by-submitter", details: { to: "Ben" } } });
    }
    must(await say(friend, others));
    must(await say(await again(ben), before));
  });
});

describe("somebody else's place, passed on by whoever asks for something", () => {
  const mailed = async ({ userId }: Person, workItemId: string) =>
    (await db().$count(outbox, and(eq(outbox.recipientId, userId), eq(outbox.workItemId, workItemId)))) > 0;

  test("is not given by whom they chose, nor are these told; by who stands in for them of their own, and for others' requests it is", async () => {
    const [ben, sue, cem] = [await aPerson({ name: "Ben" }), await aPerson(), await aPerson()];
    const passing = await standingIn(sue, ben, { mayPassOn: true });
    const before = await theOpen(await submitted(passing, [to(ben)]));
    const chosen = await standingIn(cem, passing);
    const after = await theOpen(await submitted(await again(sue), [to(ben)]));
    const others = await theOpen(await submitted(await again(await aPerson()), [to(ben)]));
    expect(await delegated(chosen)).toEqual([others]);
    expect([await mailed(cem, after), await mailed(cem, others), await mailed(ben, after)]).toEqual([
      false,
      true,
      true,
    ]);
    for (const item of [before, after]) {
      expect(await itemDetail(db(), chosen, item)).toMatchObject({ mayWork: false });
      expect(await say(chosen, item)).toMatchObject({ refusal: { code: "made-by-submitter", details: { to: "Ben" } } });
    }
    must(await say(chosen, others));
    const own = await standingIn(cem, await again(ben));
    expect((await delegated(own)).toSorted()).toEqual([before, after].toSorted());
    must(await say(own, after));
  });
});

describe("an admin who asked for something", () => {
  const change = (
    by: Person,
    { groupId: id, name }: { groupId: string; name: string },
    was: Person[],
    members: Person[],
  ) => {
    const entries = (people: Person[]) => people.map(({ userId }) => ({ type: "user" as const, id: userId }));
    const label = name.replaceAll("_", " ");
    const input = { type: "group" as const, id, label, members: entries(members) };
    return commanded(by, (tx) => changePlaceAndWork(tx, by, { ...input, was: { label, members: entries(was) } }));
  };

  test("does not change who is in the group that decides on it, now or later; another admin may, and they may after it", async () => {
    const [admin, other] = [await anAdmin(), await anAdmin()];
    const [first, second, friend] = [await aPerson(), await aPerson(), await aPerson()];
    const [now, later] = [await aGroup(undefined, [first]), await aGroup(undefined, [second])];
    const runId = await submitted(admin, [toGroup(now.name), toGroup(later.name)]);
    const refused = { refusal: { code: "own-request-there", details: { name: expect.stringContaining("Hands ") } } };
    expect(await change(admin, now, [first], [friend])).toMatchObject(refused);
    expect(await change(admin, later, [second], [second, friend])).toMatchObject(refused);
    must(await change(other, later, [second], [second, friend]));
    must(await say(await again(first), await theOpen(runId)));
    must(await say(await again(friend), await theOpen(runId)));
    must(await change(admin, now, [first], [friend]));
  });

  test("changes other groups, and this one's name, and it where the process lets them decide themselves", async () => {
    const admin = await anAdmin();
    const [one, friend] = [await aPerson(), await aPerson()];
    const [deciding, another] = [await aGroup(undefined, [one]), await aGroup(undefined, [one])];
    await submitted(admin, [toGroup(deciding.name)]);
    must(await change(admin, another, [one], [friend]));
    must(await change(admin, deciding, [one], [one]));
    const own = await aGroup(undefined, [one]);
    await submitted(admin, [toGroup(own.name)], { allowsSelfApproval: true });
    must(await change(admin, own, [one], [friend]));
  });

  const refused = (to: string) => ({
    refusal: { code: "own-request-theirs", details: { name: expect.stringContaining("Hands "), to } },
  });
  const leave = (by: Person, { userId }: Person) => commanded(by, (tx) => deactivateAndHandOver(tx, by, { userId }));
  const back = (by: Person, { userId }: Person) => commanded(by, (tx) => letBackIn(tx, by, { userId }));

  test("deactivates nobody who decides on it, for themselves or in a group, now or later, nor lets one back in; another admin may, and they once it is taken back", async () => {
    const [admin, other] = [await anAdmin(), await anAdmin()];
    const [ben, mia, later] = [
      await aPerson({ name: "Ben" }),
      await aPerson({ name: "Mia" }),
      await aPerson({ name: "Lou" }),
    ];
    const { name } = await aGroup(undefined, [mia, await aPerson()]);
    const runId = await submitted(admin, [to(ben), toGroup(name), to(later)]);
    for (const person of [ben, mia, later]) expect(await leave(admin, person)).toMatchObject(refused(person.name));
    must(await leave(admin, await aPerson()));
    must(await leave(other, mia));
    expect(await back(admin, mia)).toMatchObject(refused("Mia"));
    must(await back(other, mia));
    must(await commanded(admin, (tx) => recallSubmission(tx, admin, { runId, reason: "later" })));
    must(await leave(admin, ben));
  });

  const managed = async (by: Person, { userId }: Person, manager: Person) => {
    const found = await findPerson(db(), userId);
    if (!found) throw new Error("there is nobody");
    const { name, username, email, role, managerId } = found;
    const was = { name, username, email, role, managerId };
    const input = { userId, ...was, managerId: manager.userId, was };
    return commanded(by, (tx) => changePersonAndManager(tx, by, input));
  };

  test("gives no other manager to who decides on it, to its record's owner or to themselves, where the process asks managers; another admin may", async () => {
    const [admin, other, friend] = [await anAdmin(), await anAdmin(), await aPerson()];
    const ben = await again(await aPerson({ name: "Ben" }));
    const due = { minutes: 60, escalate: { afterMinutes: 60, to: "manager" } };
    await submitted(admin, [to(ben)]);
    must(await managed(admin, ben, other));
    await submitted(admin, [{ ...to(ben), due }]);
    expect(await managed(admin, ben, friend)).toMatchObject(refused("Ben"));
    expect(await managed(admin, admin, friend)).toMatchObject(refused(admin.name));
    must(await managed(admin, await again(await aPerson()), friend));
    must(await managed(other, ben, friend));
  });
});
