import { and, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { history, submission } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import type { GroupRule } from "../../lib/engine/approval-definition";
import type { Person } from "../../lib/people/current-person";
import type { Result } from "../../lib/result";
import { changePlaceAndWork } from "../../lib/work/commands/change-place";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson, wasOf } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow } from "../builders/runs";
import { atOnce, eitherFirst } from "../support/at-once";
import { patience, roundsOr } from "../support/rounds";

/**
 * A group decides at one moment (A15, F27, F34): all its members stand before the run, then go through. The votes that were taken decide
 * by the rule and not one more is taken; the stage goes on once.
 */
const ROUNDS = roundsOr(8);
const { ann, admin } = await aTeamWithThings();
const made = await Promise.all(Array.from({ length: 4 }, () => aPerson()));
const { groupId, name } = await aGroup("Council", made);
const members = await Promise.all(made.map(again));

async function process(rule: GroupRule, title: string): Promise<string> {
  const step = anApprovalStep("Decide", { assignee: { type: "group", value: { literal: name } }, rule });
  return (await activated(anApprovalProcess([aStage("First", [step])], { name: title }))).definitionId;
}

async function requested(definitionId: string): Promise<string> {
  const recordId = await aRecord("Thing", {}, ann);
  const request = { definitionId, recordId, comments: "please" };
  return must(await commanded(ann, (tx) => requestApproval(tx, ann, request))).runId;
}

type Vote = "approve" | "reject";
const say = (person: Person, workItemId: string, decision: Vote) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: "as I see it" }));
const statusOf = async (runId: string) =>
  (await db().select().from(submission).where(eq(submission.runId, runId)))[0]?.status;
const codeOf = (answer: Result<unknown>) => (answer.ok ? "ok" : answer.refusal.code);

async function votesIn(runId: string): Promise<(person: Person) => string> {
  const { items } = await stateNow(runId);
  return ({ userId }) => items.find(({ assignee }) => assignee.id === userId)?.id ?? "";
}

async function stepsEnded(runId: string): Promise<number> {
  const rows = await db()
    .select({ seq: history.seq })
    .from(history)
    .where(and(eq(history.runId, runId), eq(history.type, "step-completed")));
  return rows.length;
}

/** Of four members how many must approve, and of whose rejections nothing can come any more. */
const RULES: readonly [string, GroupRule, number][] = [
  ["unanimous", { type: "unanimous" }, 4],
  ["at least two", { type: "at_least", count: 2 }, 2],
  ["half of them", { type: "percent", percent: 50 }, 2],
  ["three of four in percent", { type: "percent", percent: 51 }, 3],
  ["the majority", { type: "majority" }, 3],
];

test.each(RULES)(
  "%s of four who vote at once: as many votes as decide are taken, and one result",
  {
    ...patience(ROUNDS),
  },
  async (title, rule, needed) => {
    const definitionId = await process(rule, `Votes_${title.replaceAll(" ", "_")}`);
    const seen = new Set<string | undefined>();
    for (let round = 0; round < ROUNDS; round++) {
      const runId = await requested(definitionId);
      const itemOf = await votesIn(runId);
      // Every set of votes in turn, the first two being all of one mind; whoever sets out first changes too.
      const mask = round < 2 ? round * 15 : round % 16;
      const voteOf = (at: number): Vote => ((mask >> at) % 2 === 0 ? "approve" : "reject");
      const order = members.map((_, at) => (at + round) % members.length);
      const acts = order.map((at) => () => say(members[at] ?? ann, itemOf(members[at] ?? ann), voteOf(at)));
      const answers = await atOnce(runId, acts);
      const taken = (vote: Vote) => answers.filter(({ ok }, at) => ok && voteOf(order[at] ?? 0) === vote).length;
      for (const answer of answers) expect(["ok", "item-closed"]).toContain(codeOf(answer));
      const [isApproved, isRejected] = [taken("approve") === needed, taken("reject") === members.length - needed + 1];
      expect([isApproved, isRejected].filter(Boolean), `${taken("approve")} : ${taken("reject")}`).toHaveLength(1);
      expect(taken("approve")).toBeLessThanOrEqual(needed);
      expect(await statusOf(runId)).toBe(isApproved ? "approved" : "rejected");
      expect(await stepsEnded(runId)).toBe(1);
      seen.add(await statusOf(runId));
    }
    expect(seen).toEqual(new Set(["approved", "rejected"]));
  },
);

/** The group's members from now on, as an admin says it. */
async function become(now: readonly Person[]) {
  const was = await wasOf("group", groupId);
  const entries = now.map(({ userId }) => ({ type: "user", id: userId }) as const);
  const input = { type: "group", id: groupId, label: was.label, members: entries, was } as const;
  return commanded(admin, (tx) => changePlaceAndWork(tx, admin, input));
}

test("put out of the group while they vote against all others: rejected by them before that, or approved without them", {
  ...patience(ROUNDS),
}, async () => {
  const definitionId = await process({ type: "unanimous" }, "Votes_left");
  const [last, ...others] = members;
  if (!last) throw new Error("nobody is left");
  const seen = new Set<string | undefined>();
  for (let round = 0; round < ROUNDS; round++) {
    const runId = await requested(definitionId);
    const itemOf = await votesIn(runId);
    for (const other of others) must(await say(other, itemOf(other), "approve"));
    const vote = () => say(last, itemOf(last), "reject");
    const [voted, left] = await eitherFirst<Result<unknown>>(round, runId, [vote, () => become(others)]);
    expect(codeOf(left)).toBe("ok");
    expect(["ok", "item-closed", "not-found", "not-your-work"]).toContain(codeOf(voted));
    expect(await statusOf(runId)).toBe(voted.ok ? "rejected" : "approved");
    expect(await stepsEnded(runId)).toBe(1);
    seen.add(await statusOf(runId));
    must(await become(members));
  }
  expect(seen.size).toBe(2);
});

test("put out of the group while they decide for it: decided before that, or refused and still to be decided", {
  ...patience(ROUNDS),
}, async () => {
  const definitionId = await process({ type: "first" }, "Decides_left");
  const [last, ...others] = members;
  const [other] = others;
  if (!last || !other) throw new Error("nobody is left");
  const seen = new Set<boolean>();
  for (let round = 0; round < ROUNDS; round++) {
    const runId = await requested(definitionId);
    const { items } = await stateNow(runId);
    const id = items[0]?.id ?? "";
    const decision = () => say(last, id, "reject");
    const [said, left] = await eitherFirst<Result<unknown>>(round, runId, [decision, () => become(others)]);
    expect(codeOf(left)).toBe("ok");
    expect(["ok", "not-found"]).toContain(codeOf(said));
    if (!said.ok) must(await say(other, id, "approve"));
    expect(await statusOf(runId)).toBe(said.ok ? "rejected" : "approved");
    seen.add(said.ok);
    must(await become(members));
  }
  expect(seen.size).toBe(2);
});
