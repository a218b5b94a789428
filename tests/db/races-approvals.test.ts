import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { submission, user, workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { overrideItem, recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { endDelegation } from "../../lib/people/delegation/commands";
import { delegationsOf } from "../../lib/people/delegation/queries";
import type { Result } from "../../lib/result";
import { cancelRun, controlRun, goToStage } from "../../lib/runs/commands";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";
import { eitherFirst } from "../support/at-once";
import { patience, roundsOr } from "../support/rounds";

/** Two people at the same moment about one approval (F29, F34): one of the two happens, the other is told, and the run is whole. */
const FEW = roundsOr(10);
const { ann, boss, admin } = await aTeamWithThings();

const asked = [
  aStage("First", [anApprovalStep("One", { assignee: { type: "user", value: { literal: boss.username } } })]),
];
const { definitionId } = await activated(anApprovalProcess(asked, { name: "Raced" }));

async function submitted() {
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  const request = { definitionId, recordId, comments: "please" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  const [item] = await openItems(runId);
  return { runId, workItemId: item?.workItemId ?? "" };
}
const approve = (person: Person, workItemId: string) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision: "approve", comments: "so" }));
const statusOf = async (runId: string) =>
  (await db().select().from(submission).where(eq(submission.runId, runId)))[0]?.status;
const itemNow = async (id: string) => (await db().select().from(workItem).where(eq(workItem.workItemId, id)))[0];

test("recalled at the moment of the decision: one of the two happens (F29)", patience(FEW), async () => {
  for (let round = 0; round < FEW; round++) {
    const { runId, workItemId } = await submitted();
    const recall = () => commanded(ann, (tx) => recallSubmission(tx, ann, { runId, reason: "x" }));
    const decision = () => approve(boss, workItemId);
    const [recalled, decided] = await eitherFirst<Result<unknown>>(round, runId, [recall, decision]);
    expect([recalled.ok, decided.ok].filter(Boolean)).toHaveLength(1);
    expect(await statusOf(runId)).toBe(recalled.ok ? "recalled" : "approved");
  }
});

test(
  "a delegation ended at the moment of the decision: each decision lies within the time it counted",
  patience(FEW),
  async () => {
    for (let round = 0; round < FEW; round++) {
      const stand = await standingIn(await aPerson(), boss);
      const { runId, workItemId } = await submitted();
      const { delegationId } = (await delegationsOf(db(), stand)).taken[0] ?? { delegationId: "" };
      const end = () => commanded(boss, (tx) => endDelegation(tx, boss, { delegationId }));
      const decision = () => approve(stand, workItemId);
      const [ended, done] = await eitherFirst<Result<unknown>>(round, runId, [end, decision]);
      must(ended);
      expect(done.ok || done.refusal.code === "not-found").toBe(true);
      expect((await itemNow(workItemId))?.status).toBe(done.ok ? "completed" : "assigned");
    }
  },
);

type About = { readonly runId: string; readonly workItemId: string; readonly stepRunId: string };
type Act = (tx: Tx, person: Person, about: About) => Promise<Result<unknown>>;
const reason = "as an admin";

/** What only an admin may do to a submission of somebody else's. */
const ADMINS = {
  cancel: (tx, person, { runId }) => cancelRun(tx, person, { runId, reason }),
  suspend: (tx, person, { runId }) => controlRun(tx, person, { runId, command: { type: "suspend", reason } }),
  resume: (tx, person, { runId }) => controlRun(tx, person, { runId, command: { type: "resume", reason } }),
  skip: (tx, person, { runId, stepRunId }) =>
    controlRun(tx, person, { runId, command: { type: "skip-step", stepRunId, reason, outputs: null } }),
  fail: (tx, person, { runId, stepRunId }) =>
    controlRun(tx, person, { runId, command: { type: "fail-step", stepRunId, reason } }),
  "go to a stage": (tx, person, { runId }) => goToStage(tx, person, { runId, stage: "First", reason }),
  override: (tx, person, { workItemId }) =>
    overrideItem(tx, person, { workItemId, outcome: "Approve", comments: "so" }),
  reassign: (tx, person, { workItemId }) =>
    reassignItem(tx, person, { workItemId, to: { type: "user", id: admin.userId }, reason }),
} as const satisfies Readonly<Record<string, Act>>;

test.each<[string, Act]>(Object.entries(ADMINS))(
  "%s by an admin who is none any more at that moment: done before that, or refused (F34)",
  patience(FEW),
  async (name, act) => {
    const { userId } = await aPerson({ role: "admin" });
    const become = (role: Person["role"]) => db().update(user).set({ role }).where(eq(user.userId, userId));
    const seen = { done: 0, refused: 0 };
    for (let round = 0; round < FEW; round++) {
      await become("admin");
      const other = await again({ userId });
      const at = await submitted();
      if (name === "resume") must(await commanded(admin, (tx) => ADMINS.suspend(tx, admin, { ...at, stepRunId: "" })));
      const stepRunId = (await stateNow(at.runId)).steps[0]?.id ?? "";
      const perform = () => commanded(other, (tx) => act(tx, other, { ...at, stepRunId }));
      const lose = () => become("member");
      const losing = (): Promise<Result<unknown>> => lose().then(() => ({ ok: true, value: null }));
      const [result] = await eitherFirst<Result<unknown>>(round, at.runId, [perform, losing]);
      expect(result.ok || ["not-found", "forbidden"].includes(result.refusal.code), JSON.stringify(result)).toBe(true);
      seen[result.ok ? "done" : "refused"]++;
      await lose();
      const late = await perform();
      expect(late.ok).toBe(false);
    }
    expect(Math.min(seen.done, seen.refused)).toBeGreaterThan(0);
  },
);
