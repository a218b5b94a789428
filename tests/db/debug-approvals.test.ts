import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { run, sealedDecision, submittedFacts } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { answerItem, recallSubmission } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { controlRun } from "../../lib/runs/commands";
import { debugRun } from "../../lib/runs/debug-run";
import { openRunsAbout } from "../../lib/runs/queries/open-runs";
import { runPage } from "../../lib/runs/queries/run-page";
import { runsAboutRecord } from "../../lib/runs/queries/runs-about-record";
import { verifyDecisions } from "../../lib/runs/verify-decisions";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { listItems } from "../../lib/work/queries/list-items";
import { activated, aDraft, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow, theItem } from "../builders/runs";

let author: Person;
let team: Awaited<ReturnType<typeof aTeamWithThings>>;

beforeAll(async () => {
  team = await aTeamWithThings();
  author = await aPerson({ name: "Otis Author", role: "author" });
});

const to = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const BACK = { name: "Back", label: "Send it back", does: "send_back", to: null };

/** A debug run of it that is kept, about a record of the author's own. */
async function played(definition: { name: string }) {
  const recordId = await aRecord("Thing", { Amount: 100 }, author);
  const input = { definitionId: definition.name, version: 1, recordId, inputs: {}, startStage: null, mocks: {} };
  const done = must(await debugRun(author, { input: { ...input, keep: true } }));
  if (!("runId" in done)) throw new Error("the run was not kept");
  return { runId: done.runId, recordId };
}

async function say(who: Person, runId: string, decision: string) {
  const { workItemId } = await theItem(runId);
  const shownAs = (await itemDetail(db(), who, workItemId))?.approval?.shownAs;
  return commanded(who, (tx) => decide(tx, who, { workItemId, decision, comments: "as I say", shownAs }));
}

describe("a debug run of an approval process that is kept", () => {
  test("is decided by whoever plays it at every step, of groups that vote too, though nobody may decide on what is their own", async () => {
    const [one, other] = [await aPerson(), await aPerson()];
    const group = await aGroup(undefined, [one, other]);
    const votes = {
      assignee: { type: "group", value: { literal: group.name } },
      rule: { type: "unanimous" },
    };
    const stages = [
      aStage("First", [anApprovalStep("Alone", to(team.boss))], { next: "Second" }),
      aStage("Second", [anApprovalStep("Together", votes)]),
    ];
    const draft = await aDraft(anApprovalProcess(stages, { name: "Played_By_One" }), author);
    const { runId } = await played(draft);
    for (const label of ["Alone", "Together"]) {
      expect(await theItem(runId)).toMatchObject({ label, assigneeType: "user", assigneeId: author.userId });
      must(await say(author, runId, "approve"));
    }
    expect((await stateNow(runId)).submission?.status).toBe("approved");
  });

  test("is marked as played wherever it stands, and leaves nothing that could be taken for an approval", async () => {
    const process = anApprovalProcess(
      [aStage("S", [anApprovalStep("Decide", { ...to(team.boss), skipIfUnchanged: ["$Record.Amount"] })])],
      {
        name: "Played_Marked",
      },
    );
    await activated(process);
    const { runId, recordId } = await played(process);
    const inLists = [
      (await listApprovals(db(), author, { view: "decide" })).rows,
      (await listItems(db(), {})).rows,
      (await runsAboutRecord(db(), recordId)).rows,
      await openRunsAbout(db(), recordId, ["Played_Marked"]),
    ];
    for (const rows of inLists) expect(rows.find((one) => one.runId === runId)).toMatchObject({ isDebug: true });
    const ofStep = async (who: Person) => (await runPage(db(), who, runId))?.stages[0]?.steps[0]?.run?.items;
    expect(await ofStep(author)).toMatchObject([{ isMine: true }]);
    expect(await ofStep(await aPerson({ role: "admin" }))).toMatchObject([{ isMine: false }]);
    must(await say(author, runId, "approve"));
    expect(await db().select().from(sealedDecision).where(eq(sealedDecision.runId, runId))).toEqual([]);
    expect(await db().select().from(submittedFacts).where(eq(submittedFacts.runId, runId))).toEqual([]);
    expect((await verifyDecisions(db())).complaints).toEqual([]);
    const { submissions, stale } = await traceOf(db(), author, recordId);
    expect([submissions, stale]).toMatchObject([[{ runId, status: "approved", isDebug: true }], []]);
    const told = await db().execute(
      sql`select s.is_debug as submission, i.is_debug as item from contract.submission s join contract.approval_item i using (submission_id) where s.run_id = ${runId}`,
    );
    expect([...told]).toEqual([{ submission: true, item: true }]);
    const real = await commanded(team.ann, (tx) =>
      requestApproval(tx, team.ann, { definitionId: "Played_Marked", recordId, comments: "" }),
    );
    expect((await stateNow(must(real).runId)).submission?.status).toBe("in_progress");
  });

  test("is led past a step by whoever plays it, though they decided at another", async () => {
    const stages = [
      aStage("First", [anApprovalStep("One", to(team.boss))], { next: "Second" }),
      aStage("Second", [anApprovalStep("Two", to(team.boss))]),
    ];
    const process = anApprovalProcess(stages, { name: "Played_Past" });
    await activated(process);
    const { runId } = await played(process);
    must(await say(author, runId, "approve"));
    const go = { type: "go-to-stage", stage: "First", reason: "once more" } as const;
    must(await commanded(author, (tx) => controlRun(tx, author, { runId, command: go })));
    expect(await theItem(runId)).toMatchObject({ label: "One" });
  });

  test("is sent back to whoever plays it, who sends it again and decides", async () => {
    const process = anApprovalProcess(
      [aStage("S", [anApprovalStep("Decide", { ...to(team.boss), outcomes: [BACK] })])],
      {
        name: "Played_Back",
      },
    );
    await activated(process);
    const { runId } = await played(process);
    must(await say(author, runId, "Back"));
    const titles = (await runPage(db(), author, runId))?.events.map(({ title }) => title);
    expect(titles).toContain("End Work Item (Send it back)");
    const back = await theItem(runId);
    expect(back).toMatchObject({ kind: "revision", assigneeId: author.userId });
    must(await commanded(author, (tx) => answerItem(tx, author, { workItemId: back.workItemId, text: "Mended." })));
    const rows = (await listApprovals(db(), author, { view: "decide" })).rows;
    expect(rows.filter((one) => one.runId === runId)).toHaveLength(1);
    must(await say(author, runId, "approve"));
    expect((await stateNow(runId)).submission?.status).toBe("approved");
  });

  test("is taken back by whoever plays it", async () => {
    const process = anApprovalProcess([aStage("S", [anApprovalStep("Decide", to(team.boss))])], {
      name: "Played_Recall",
    });
    await activated(process);
    const { runId } = await played(process);
    expect(
      await commanded(team.ann, (tx) => recallSubmission(tx, team.ann, { runId, reason: "not mine" })),
    ).toMatchObject({ refusal: { code: "not-found" } });
    must(await commanded(author, (tx) => recallSubmission(tx, author, { runId, reason: "seen enough" })));
    expect((await stateNow(runId)).submission?.status).toBe("recalled");
  });

  test("is nobody's to decide in the place of whoever plays it", async () => {
    const process = anApprovalProcess([aStage("S", [anApprovalStep("Decide", to(team.boss))])], {
      name: "Played_Alone",
    });
    await activated(process);
    const standIn = await standingIn(await aPerson(), author);
    const { runId } = await played(process);
    expect(
      (await listApprovals(db(), standIn, { view: "delegated" })).rows.filter((one) => one.runId === runId),
    ).toEqual([]);
    const { workItemId } = await theItem(runId);
    expect(await itemDetail(db(), standIn, workItemId)).toBeNull();
    expect(
      await commanded(standIn, (tx) => decide(tx, standIn, { workItemId, decision: "approve", comments: "" })),
    ).toMatchObject({ refusal: { code: "not-found" } });
    expect(await openItems(runId)).toHaveLength(1);
    must(await say(await again(author), runId, "approve"));
    const [row] = await db().select().from(run).where(eq(run.runId, runId));
    expect(row).toMatchObject({ isDebug: true, status: "completed" });
  });
});
