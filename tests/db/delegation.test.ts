import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { delegation, outbox, securityEvent } from "../../db/schema";
import { deactivatePerson } from "../../lib/people/commands/change-person";
import { createDelegation, endDelegation } from "../../lib/people/delegation/commands";
import { awayAmong, delegationsOf, listDelegations } from "../../lib/people/delegation/queries";
import { newDelegationInput } from "../../lib/people/schema/delegation";
import { sentenceOf } from "../../lib/refusals";
import { activated, anApprovalProcess } from "../builders/definitions";
import { answered, asked, inDays, standingIn } from "../builders/delegations";
import { again, aPerson } from "../builders/people";
import { must } from "../builders/records";
import { aTeamWithThings, commanded } from "../builders/runs";

const team = await aTeamWithThings();
const people = (...names: string[]) => Promise.all(names.map((name) => aPerson({ name })));
const stands = async (person: { userId: string }) =>
  (await again(person)).standsFor.map(({ delegatorId }) => delegatorId);
const mailsTo = async (person: { userId: string }) =>
  (
    await db()
      .select({ content: outbox.content })
      .from(outbox)
      .where(and(eq(outbox.recipientId, person.userId), eq(outbox.kind, "delegation")))
  ).map(({ content }) => (content as { event: string }).event);

test("who is asked decides in nobody's place until they accept, and is told", async () => {
  const [ben, ana] = await people("Ben", "Ana");
  if (!ben || !ana) throw new Error("nobody");
  const { delegationId } = must(await asked(ben, ana));
  expect(await stands(ana)).toEqual([]);
  expect(await mailsTo(ana)).toEqual(["asked"]);
  must(await answered(ana, delegationId));
  expect(await stands(ana)).toEqual([ben.userId]);
  expect(await mailsTo(ben)).toEqual(["accepted"]);
  const events = await db().select().from(securityEvent).where(eq(securityEvent.objectId, delegationId));
  expect(events.map(({ action }) => action).toSorted()).toEqual(["delegation-accept", "delegation-create"]);
  expect(await answered(ana, delegationId)).toMatchObject({ refusal: { code: "delegation-over" } });
});

test("declined, it never counts, and whoever asked is told", async () => {
  const [ben, ana] = await people("Ben", "Ana");
  if (!ben || !ana) throw new Error("nobody");
  const { delegationId } = must(await asked(ben, ana));
  must(await answered(ana, delegationId, false));
  expect(await stands(ana)).toEqual([]);
  expect(await mailsTo(ben)).toEqual(["declined"]);
  expect((await delegationsOf(db(), ben)).given).toMatchObject([{ state: "declined", mayEnd: false }]);
  expect(await answered(ana, delegationId)).toMatchObject({ refusal: { code: "delegation-over" } });
});

test("what an admin makes for somebody counts at once, and both are told; others make none for somebody", async () => {
  const [ben, ana, carl] = await people("Ben", "Ana", "Carl");
  if (!ben || !ana || !carl) throw new Error("nobody");
  const input = {
    ...{ delegatorId: ben.userId, delegateId: ana.userId, from: inDays(-1), to: inDays(1) },
    ...{ processes: null, maxAmount: null, mayPassOn: false, reason: "Ben is ill" },
  };
  expect(await commanded(carl, (tx) => createDelegation(tx, carl, input))).toMatchObject({
    refusal: { code: "not-found" },
  });
  must(await commanded(team.admin, (tx) => createDelegation(tx, team.admin, input)));
  expect(await stands(ana)).toEqual([ben.userId]);
  expect([await mailsTo(ana), await mailsTo(ben)]).toEqual([["made"], ["made"]]);
  expect((await delegationsOf(db(), ana)).taken).toMatchObject([{ madeBy: "Ada Admin", state: "in_force" }]);
});

test("it begins and ends with its period", async () => {
  const [ben, ana, bea] = await people("Ben", "Ana", "Bea");
  if (!ben || !ana || !bea) throw new Error("nobody");
  await standingIn(ana, ben, { from: inDays(1), to: inDays(2) });
  expect(await stands(ana)).toEqual([]);
  await standingIn(ana, bea);
  await db()
    .update(delegation)
    .set({ validTo: new Date(Date.now() + 1_000) })
    .where(eq(delegation.delegatorId, bea.userId));
  expect(await stands(ana), "it counts no more when what is decided by it could be late").toEqual([]);
  await db()
    .update(delegation)
    .set({ validFrom: new Date(Date.now() - 9_000), validTo: new Date(Date.now() - 1) });
  expect((await delegationsOf(db(), ana)).taken.map(({ state }) => state)).toEqual(["over", "over"]);
});

test("either of the two and admins end it early, once; others find nothing", async () => {
  const [ben, ana, carl] = await people("Ben", "Ana", "Carl");
  if (!ben || !ana || !carl) throw new Error("nobody");
  for (const by of [ben, ana, team.admin]) {
    const { delegationId } = must(await asked(ben, ana));
    must(await answered(ana, delegationId));
    expect(await commanded(carl, (tx) => endDelegation(tx, carl, { delegationId }))).toMatchObject({
      refusal: { code: "not-found" },
    });
    must(await commanded(by, (tx) => endDelegation(tx, by, { delegationId })));
    expect(await stands(ana)).toEqual([]);
    expect(await commanded(by, (tx) => endDelegation(tx, by, { delegationId }))).toMatchObject({
      refusal: { code: "delegation-over" },
    });
  }
  expect((await mailsTo(ana)).filter((event) => event === "ended")).toHaveLength(2);
});

test("a circle is refused by name, also of those not answered yet, but not of times that do not meet", async () => {
  const [ben, ana, carl] = await people("Ben", "Ana", "Carl");
  if (!ben || !ana || !carl) throw new Error("nobody");
  must(await asked(ben, ana));
  must(await asked(ana, carl));
  const refused = await asked(carl, ben);
  expect(refused).toMatchObject({
    refusal: { code: "delegation-circle", problems: [{ path: "delegateId", message: "closes a circle" }] },
  });
  if (!refused.ok) expect(sentenceOf(refused.refusal)).toContain("Carl → Ben → Ana → Carl");
  expect((await asked(carl, ben, { from: inDays(10), to: inDays(12) })).ok).toBe(true);
  expect(await asked(ben, ben)).toMatchObject({ refusal: { problems: [{ message: "is the same person" }] } });
});

test("two who would close a circle at the same moment: one is refused", async () => {
  const [ben, ana] = await people("Ben", "Ana");
  if (!ben || !ana) throw new Error("nobody");
  const both = await Promise.all([asked(ben, ana), asked(ana, ben)]);
  expect(both.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
});

test("it is passed on only where that was allowed, at most three times, and each narrows it", async () => {
  const [a, b, c, d, e] = await people("Aa", "Bb", "Cc", "Dd", "Ee");
  if (!a || !b || !c || !d || !e) throw new Error("nobody");
  const { definitionId } = await activated(anApprovalProcess(undefined, { name: "Passed_on" }));
  await standingIn(b, a, { maxAmount: 500 });
  await standingIn(c, b);
  expect(await stands(c), "not transitive by itself").toEqual([b.userId]);
  await db().delete(delegation);
  await standingIn(b, a, { mayPassOn: true, maxAmount: 500 });
  await standingIn(c, b, { mayPassOn: true, processes: [definitionId] });
  expect((await again(c)).standsFor).toMatchObject([
    { delegatorId: b.userId, maxAmount: null, processes: [definitionId] },
    { delegatorId: a.userId, maxAmount: 500, processes: [definitionId] },
  ]);
  await standingIn(d, c, { mayPassOn: true });
  expect(await stands(d)).toEqual([c.userId, b.userId, a.userId]);
  const refused = await asked(d, e);
  expect(refused).toMatchObject({ refusal: { code: "delegation-chain" } });
  if (!refused.ok) expect(sentenceOf(refused.refusal)).toContain("Aa → Bb → Cc → Dd → Ee");
});

test("who leaves stands in for nobody, and nobody for them", async () => {
  const [ben, ana, carl] = await people("Ben", "Ana", "Carl");
  if (!ben || !ana || !carl) throw new Error("nobody");
  await standingIn(ana, ben);
  await standingIn(carl, ana);
  must(await commanded(team.admin, (tx) => deactivatePerson(tx, team.admin, { userId: ana.userId })));
  expect(await stands(carl)).toEqual([]);
  expect(await awayAmong(db(), [ben.userId])).toEqual([]);
  expect((await delegationsOf(db(), ben)).given).toMatchObject([{ state: "ended", ended: { byName: "Ada Admin" } }]);
});

test("what cannot be is refused with the field and the rule", async () => {
  const [ben, ana] = await people("Ben", "Ana");
  if (!ben || !ana) throw new Error("nobody");
  const gone = await aPerson({ active: false });
  const problem = async (...args: Parameters<typeof asked>) => {
    const refused = await asked(...args);
    return refused.ok ? null : refused.refusal.problems?.[0];
  };
  expect(await problem(ben, gone)).toEqual({ path: "delegateId", message: "is not an active person" });
  expect(await problem(ben, ana, { to: inDays(-0.5) })).toEqual({ path: "to", message: "is over already" });
  expect(await problem(ben, ana, { processes: ["None_such"] })).toMatchObject({ path: "processes" });
  const input = {
    delegatorId: null,
    delegateId: ana.userId,
    processes: null,
    maxAmount: null,
    mayPassOn: false,
    reason: "",
  };
  const paths = (more: object) =>
    newDelegationInput
      .safeParse({ ...input, from: inDays(0), to: inDays(1), key: "key-12345", ...more })
      .error?.issues.map(({ path }) => path.join("."));
  expect(paths({ to: inDays(-1) })).toEqual(["to"]);
  expect(paths({ to: inDays(400) })).toEqual(["to"]);
  expect(paths({ maxAmount: -1 })).toEqual(["maxAmount"]);
  expect(paths({ processes: [] })).toEqual(["processes"]);
});

test("admins find all of them by either name, a page at a time", async () => {
  const [una, vic] = await people("Una Unique", "Vic Versa");
  if (!una || !vic) throw new Error("nobody");
  for (let day = 0; day < 3; day++) must(await asked(una, vic, { from: inDays(day * 5), to: inDays(day * 5 + 1) }));
  const found = await listDelegations(db(), team.admin, { search: "unique" });
  expect(found.rows.map(({ state }) => state)).toEqual(["asked", "asked", "asked"]);
  expect((await listDelegations(db(), team.admin, { search: "versa", open: "1" })).rows).toHaveLength(3);
  const [first] = found.rows;
  const cursor = Buffer.from(JSON.stringify([new Date().toISOString(), "dlg_zzz"])).toString("base64url");
  expect((await listDelegations(db(), team.admin, { search: "unique", cursor })).rows[0]).toEqual(first);
});
