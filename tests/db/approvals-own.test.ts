import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { addApprover } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { controlRun, goToStage, retryRun } from "../../lib/runs/commands";
import { runPage } from "../../lib/runs/queries/run-page";
import { deactivateAndHandOver } from "../../lib/work/commands/hand-over";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { aBackgroundStep, activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow } from "../builders/runs";

const { ann, admin } = await aTeamWithThings();
let made = 0;

const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const one = await again(await aPerson({ name: "Olaf One" }));
const other = await again(await aPerson({ name: "Otto Other" }));

/** Two levels and what is done afterwards, submitted by that person; the run's id. */
async function submitted(by: Person, { step = {}, ...more }: { step?: object; approval?: object } = {}) {
  const stages = [
    aStage("First", [anApprovalStep("One", { ...to(one), ...step })], { next: "Second" }),
    aStage("Second", [anApprovalStep("Two", to(other))], { next: "Third" }),
    aStage("Third", [aBackgroundStep("Book")]),
  ];
  const { definitionId } = await activated(anApprovalProcess(stages, { name: `Own_${++made}`, ...more }));
  const ask = { definitionId, recordId: await aRecord("Thing", { Amount: 100 }, by), comments: "" };
  return must(await commanded(by, (tx) => requestApproval(tx, by, ask))).runId;
}
const approves = async (person: Person, runId: string) => {
  const [item] = await openItems(runId);
  const word = { workItemId: item?.workItemId ?? "", decision: "approve", comments: "" };
  return must(await commanded(person, (tx) => decide(tx, person, word)));
};
const stepNow = async (runId: string) =>
  (await stateNow(runId)).steps.findLast(({ status }) => status === "in_progress")?.id ?? "";
const skip = async (runId: string, outputs: Record<string, string> | null, by: Person = admin) => {
  const command = { type: "skip-step", stepRunId: await stepNow(runId), reason: "so", outputs } as const;
  return commanded(by, (tx) => controlRun(tx, by, { runId, command }));
};
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;
const own = { ok: false, refusal: { code: "own-submission" } };

describe("an admin who submitted something", () => {
  test.each([null, { approvalDecision: "Approve" }, { approvalDecision: "yes" }])(
    "does not skip a step of it, whatever it is taken to have said: %o",
    async (outputs) => {
      const runId = await submitted(admin);
      expect(await skip(runId, outputs)).toMatchObject(own);
      expect(await openItems(runId)).toHaveLength(1);
    },
  );

  test("does not go past its next level, nor fail a step of it; another admin may", async () => {
    const runId = await submitted(admin);
    await approves(one, runId);
    const going = (by: Person) => commanded(by, (tx) => goToStage(tx, by, { runId, stage: "Third", reason: "enough" }));
    expect(await going(admin)).toMatchObject(own);
    const command = { type: "fail-step", stepRunId: await stepNow(runId), reason: "x" } as const;
    expect(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command }))).toMatchObject(own);
    const second = await again(await aPerson({ role: "admin" }));
    must(await going(second));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("tries it again after an error, but with no other inputs", async () => {
    const runId = await submitted(admin);
    const command = { type: "fail-step", stepRunId: await stepNow(runId), reason: "x" } as const;
    const second = await again(await aPerson({ role: "admin" }));
    must(await commanded(second, (tx) => controlRun(tx, second, { runId, command })));
    const again2 = (inputs?: Record<string, object>) =>
      commanded(admin, (tx) =>
        retryRun(tx, admin, { runId, reason: "again", ...(inputs && { inputs: inputs as never }) }),
      );
    expect(await again2({ One: { level: 0 } })).toMatchObject(own);
    must(await again2());
    expect(await openItems(runId)).toHaveLength(1);
  });

  test("is offered none of it on the run's page, which others are", async () => {
    const runId = await submitted(admin);
    const second = await again(await aPerson({ role: "admin" }));
    const offered = async (person: Person) => (await runPage(db(), person, runId))?.control;
    expect(await offered(admin)).toMatchObject({ mayCancel: true, goTo: null, steps: [] });
    expect((await offered(second))?.steps).toHaveLength(1);
  });

  test("may where the process lets people decide what they submitted", async () => {
    const runId = await submitted(admin, { approval: { allowsSelfApproval: true } });
    must(await skip(runId, { approvalDecision: "Approve" }));
    expect((await stateNow(runId)).stages.map(({ name }) => name)).toEqual(["First", "Second"]);
  });
});

describe("a manager who submitted something", () => {
  const lead = async () => again(await aPerson({ role: "manager" }));

  test("gives its approval to nobody else, as another manager may", async () => {
    const manager = await lead();
    const friend = await again(await aPerson({ managerId: manager.userId }));
    const runId = await submitted(manager);
    const [item] = await openItems(runId);
    const give = (by: Person) => {
      const given = {
        workItemId: item?.workItemId ?? "",
        to: { type: "user", id: friend.userId },
        reason: "x",
      } as const;
      return commanded(by, (tx) => reassignItem(tx, by, given));
    };
    expect(await give(manager)).toMatchObject(own);
    must(await give(await lead()));
    expect((await openItems(runId))[0]?.assigneeId).toBe(friend.userId);
  });

  test("adds nobody to those who decide on it, as another manager may", async () => {
    const manager = await lead();
    const board = [await aPerson(), await aPerson(), await aPerson()];
    const { name } = await aGroup(undefined, board);
    const voting = { assignee: { type: "group", value: { literal: name } }, rule: { type: "at_least", count: 2 } };
    const runId = await submitted(manager, { step: voting });
    const workItemId = (await openItems(runId)).find((item) => item.voting)?.workItemId ?? "";
    const add = (by: Person) =>
      commanded(by, (tx) => addApprover(tx, by, { workItemId, userId: one.userId, reason: "x" }));
    expect(await add(manager)).toMatchObject(own);
    must(await add(await lead()));
    expect(await openItems(runId)).toHaveLength(5);
  });

  test("is offered neither on the item's page nor in the record's trace", async () => {
    const manager = await lead();
    const runId = await submitted(manager);
    const [item] = await openItems(runId);
    const offered = async (person: Person) => {
      const detail = await itemDetail(db(), person, item?.workItemId ?? "");
      const trace = await traceOf(db(), person, item?.recordId ?? "");
      const traced = trace.submissions[0]?.stages?.[0]?.steps[0]?.items[0]?.steer;
      return [detail?.mayReassign, detail?.approval?.mayAddApprover, traced?.mayAddApprover ?? false];
    };
    expect(await offered(manager)).toEqual([false, false, false]);
    expect(await offered(await lead())).toEqual([true, true, true]);
  });

  test("whose approver another admin deactivates, as oneself does not: it goes to the approver's manager, as the rule says", async () => {
    const chief = await aPerson();
    const leaving = await aPerson({ managerId: chief.userId });
    const runId = await submitted(admin, { step: to(leaving) });
    const leave = (by: Person) => commanded(by, (tx) => deactivateAndHandOver(tx, by, { userId: leaving.userId }));
    expect(await leave(admin)).toMatchObject({ refusal: { code: "own-request-theirs" } });
    must(await leave(await again(await aPerson({ role: "admin" }))));
    expect((await openItems(runId))[0]).toMatchObject({ assigneeId: chief.userId, flag: "inactive_assignee" });
  });
});

describe("an approval step that is skipped", () => {
  test("with Reject stops the process, as a rejection does", async () => {
    const runId = await submitted(ann);
    must(await skip(runId, { approvalDecision: "Reject" }));
    expect([await statusOf(runId), await openItems(runId)]).toEqual(["rejected", []]);
  });

  test("with an outcome that sends it to a stage goes there", async () => {
    const outcomes = [{ name: "Onward", label: "Onward", does: "send_back", to: "Third" }];
    const runId = await submitted(ann, { step: { outcomes } });
    must(await skip(runId, { approvalDecision: "Onward" }));
    expect((await stateNow(runId)).stages.map(({ name }) => name)).toEqual(["First", "Third"]);
  });

  test("with a word that it does not know is refused", async () => {
    const runId = await submitted(ann);
    expect(await skip(runId, { approvalDecision: "approve" })).toMatchObject({ refusal: { code: "unknown-outcome" } });
    expect(await openItems(runId)).toHaveLength(1);
  });

  test("without a decision is none: how the submission ends is for the others and its process to say", async () => {
    const runId = await submitted(ann, { approval: { whenNoStepRan: "rejected" } });
    must(await skip(runId, { approvalComments: "nobody there" }));
    must(await skip(runId, null));
    expect(await statusOf(runId)).toBe("rejected");
  });

  test("with a rejection in a suspended run waits for nothing in secret: it is refused", async () => {
    const runId = await submitted(ann);
    const suspend = { type: "suspend", reason: "x" } as const;
    const stepRunId = await stepNow(runId);
    must(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command: suspend })));
    const command = { type: "skip-step", stepRunId, reason: "so", outputs: { approvalDecision: "Reject" } } as const;
    expect(await commanded(admin, (tx) => controlRun(tx, admin, { runId, command }))).toMatchObject({
      refusal: { code: "run-suspended" },
    });
  });

  test("in a process that asks for a password with each decision is given none", async () => {
    const runId = await submitted(ann, { approval: { asksPassword: true } });
    expect(await skip(runId, { approvalDecision: "Approve" })).toMatchObject({ refusal: { code: "skip-undecided" } });
    must(await skip(runId, null));
  });
});
