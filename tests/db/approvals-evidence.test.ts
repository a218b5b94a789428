import { eq, type SQL, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { sealedDecision, submittedFacts } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { decideAgain } from "../../lib/approvals/decide-again";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { answerItem, recallSubmission } from "../../lib/approvals/steer";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { deleteRecord } from "../../lib/records/commands/delete-record";
import { saveRecord } from "../../lib/records/commands/save-record";
import { verifyDecisions } from "../../lib/runs/verify-decisions";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const policy = "Up to 500 is fine.";
const facts = [
  { label: "How much", value: "$Record.Amount" },
  { label: "Whose manager", value: "$Record.Owner.Manager.Name" },
];
const further = [{ name: "Rework", label: "Send back", does: "send_back", to: null, needsReason: true }];
const { definitionId } = await activated(
  anApprovalProcess([aStage("First", [anApprovalStep("One", { outcomes: further })])], { approval: { facts, policy } }),
);

async function submitted(definition = definitionId, recordId?: string) {
  const about = recordId ?? (await aRecord("Thing", { Amount: 100, Status: "New" }, team.ann));
  const request = { definitionId: definition, recordId: about, comments: "Please" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  return { recordId: about, workItemId: (await theItem(runId)).workItemId, runId };
}
const say = (person: Person, workItemId: string, decision: string, more: object = {}) =>
  commanded(person, (tx) => decide(tx, person, { workItemId, decision, comments: "So be it", ...more }));
const change = async (id: string, values: { [field: string]: number }) =>
  must(await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id, values })));
const detail = async (person: Person, workItemId: string) => {
  const found = await itemDetail(db(), person, workItemId);
  if (!found?.approval) throw new Error("no approval is shown");
  return { ...found, approval: found.approval };
};

test("what the approver saw is sealed with the decision: the author's facts, the definition's version, the policy", async () => {
  const { workItemId, recordId } = await submitted();
  must(await say(team.boss, workItemId, "approve"));
  const [sealed] = await db().select().from(sealedDecision).where(eq(sealedDecision.workItemId, workItemId));
  expect(sealed).toMatchObject({
    recordId,
    decidedBy: team.boss.userId,
    outcome: "approve",
    seen: {
      facts: [
        { label: "How much", path: "$Record.Amount", value: 100 },
        { label: "Whose manager", path: "$Record.Owner.Manager.Name", value: "Bea Boss" },
      ],
      record: { id: recordId, version: 1 },
      definition: { name: "Approval", hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      policy,
    },
  });
});

test("the page shows the facts that the author chose, the policy and the outcomes", async () => {
  const { workItemId } = await submitted();
  const { facts: shown, approval } = await detail(team.boss, workItemId);
  expect(shown).toEqual([
    { label: "How much", value: "100" },
    { label: "Whose manager", value: "Bea Boss" },
  ]);
  expect(approval).toMatchObject({
    policy,
    shownAs: expect.stringMatching(/^p/),
    since: null,
    stale: [],
    outcomes: [{ name: "Approve" }, { name: "Reject", needsReason: true }, { name: "Rework", needsReason: true }],
  });
});

test("a decision on something else than was shown is refused, and the item stays", async () => {
  const { workItemId, recordId } = await submitted();
  const { shownAs } = (await detail(team.boss, workItemId)).approval;
  await change(recordId, { Amount: 900 });
  expect(await say(team.boss, workItemId, "approve", { shownAs })).toMatchObject({
    refusal: { code: "facts-changed", details: { name: "A Thing", what: "How much" } },
  });
  const now = (await detail(team.boss, workItemId)).approval;
  must(await say(team.boss, workItemId, "approve", { shownAs: now.shownAs }));
});

test("a decision on a record that was deleted since is refused: it is not what was shown", async () => {
  const { workItemId, recordId } = await submitted();
  const { shownAs } = (await detail(team.boss, workItemId)).approval;
  must(await commanded(team.ann, (tx) => deleteRecord(tx, team.ann, { object: "Thing", id: recordId })));
  expect(await say(team.boss, workItemId, "approve", { shownAs })).toMatchObject({
    refusal: { code: "facts-changed", details: { name: "" } },
  });
  const now = (await detail(team.boss, workItemId)).approval;
  must(await say(team.boss, workItemId, "approve", { shownAs: now.shownAs }));
});

test("submitted again after a rejection, the differences are shown, field by field", async () => {
  const { workItemId, recordId } = await submitted();
  must(await say(team.boss, workItemId, "reject"));
  await change(recordId, { Amount: 70 });
  const again_ = await submitted(definitionId, recordId);
  expect((await detail(team.boss, again_.workItemId)).approval.since).toMatchObject({
    byName: "Bea Boss",
    said: "Reject",
    changes: [{ label: "How much", before: "100", after: "70" }],
  });
});

test("submitted again after a recall, before anybody decided, the differences from the last submission are shown", async () => {
  const { runId, recordId } = await submitted();
  must(await commanded(team.ann, (tx) => recallSubmission(tx, team.ann, { runId, reason: "A slip" })));
  await change(recordId, { Amount: 900 });
  const { workItemId } = await submitted(definitionId, recordId);
  const changes = [{ label: "How much", before: "100", after: "900" }];
  expect((await detail(team.boss, workItemId)).approval.since).toMatchObject({
    ...{ what: "submission", byName: "Ann Asks", said: null, changes },
  });
  expect((await traceOf(db(), team.boss, recordId)).submissions).toMatchObject([{ changes }, { changes: null }]);
});

test("what was changed before the last submission was decided on is different from that submission, too", async () => {
  const { workItemId, recordId } = await submitted();
  await change(recordId, { Amount: 200 });
  must(await say(team.boss, workItemId, "reject"));
  const next = await submitted(definitionId, recordId);
  expect((await detail(team.boss, next.workItemId)).approval.since).toMatchObject({
    ...{ what: "submission", said: "Reject", changes: [{ before: "100", after: "200" }] },
  });
  await change(recordId, { Amount: 300 });
  await submitted((await activated(anApprovalProcess(undefined, { name: "Other" }))).definitionId, recordId);
  const first = await detail(team.boss, workItemId);
  expect(first.approval.since).toBeNull();
});

test("in a group of more than twenty the last to vote is still shown what changed since the last submission", async () => {
  const people = await Promise.all(Array.from({ length: 22 }, () => aPerson()));
  await aGroup("Crowd", people);
  const step = anApprovalStep("One", {
    assignee: { type: "group", value: { literal: "Crowd" } },
    rule: { type: "unanimous" },
  });
  const process = anApprovalProcess([aStage("First", [step])], { name: "Crowded", approval: { facts } });
  const crowded = (await activated(process)).definitionId;
  const voters = await Promise.all(people.map((person) => again(person)));
  const vote = async (runId: string, person: Person, decision: string) => {
    const mine = (await openItems(runId)).find(({ assigneeId }) => assigneeId === person.userId);
    if (decision !== "") must(await say(person, mine?.workItemId ?? "", decision));
    return mine?.workItemId ?? "";
  };
  const request = async (recordId: string) => {
    const input = { definitionId: crowded, recordId, comments: "" };
    return must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, input))).runId;
  };
  const recordId = await aRecord("Thing", { Amount: 100 }, team.ann);
  const [one, ...others] = voters;
  const last = others.at(-1);
  if (!one || !last) throw new Error("nobody votes");
  await vote(await request(recordId), one, "reject");
  await change(recordId, { Amount: 900 });
  const runId = await request(recordId);
  for (const person of voters.slice(0, -1)) await vote(runId, person, "approve");
  expect((await detail(last, await vote(runId, last, ""))).approval.since).toMatchObject({
    ...{ said: "Reject", changes: [{ before: "100", after: "900" }] },
  });
});

test("a further outcome sends it back; with a reason only", async () => {
  const { workItemId, runId } = await submitted();
  expect(await say(team.boss, workItemId, "Rework", { comments: "" })).toMatchObject({
    refusal: { code: "reason-needed" },
  });
  expect(await say(team.boss, workItemId, "Unheard")).toMatchObject({ refusal: { code: "unknown-outcome" } });
  must(await say(team.boss, workItemId, "Rework"));
  expect(await theItem(runId)).toMatchObject({ kind: "revision", assigneeId: team.ann.userId });
});

test("an approval whose facts changed afterwards is named on the next approver's page", async () => {
  const two = [anApprovalStep("One"), anApprovalStep("Two", { entry: { type: "step_completed", step: "One" } })];
  const process = anApprovalProcess([aStage("First", two)], { name: "Twice", approval: { facts } });
  const { workItemId, runId, recordId } = await submitted((await activated(process)).definitionId);
  must(await say(team.boss, workItemId, "approve"));
  await change(recordId, { Amount: 101 });
  const { approval } = await detail(team.boss, (await theItem(runId)).workItemId);
  expect(approval.stale).toMatchObject([{ byName: "Bea Boss", changes: [{ before: "100", after: "101" }] }]);
});

test("who sent it back is not named as somebody who approved what has changed since", async () => {
  const steps = [
    anApprovalStep("One", { outcomes: further }),
    anApprovalStep("Two", { entry: { type: "step_completed", step: "One" } }),
  ];
  const process = anApprovalProcess([aStage("First", steps)], { name: "Mended", approval: { facts } });
  const { workItemId, runId, recordId } = await submitted((await activated(process)).definitionId);
  must(await say(team.boss, workItemId, "Rework"));
  await change(recordId, { Amount: 80 });
  const revision = (await theItem(runId)).workItemId;
  must(await commanded(team.ann, (tx) => answerItem(tx, team.ann, { workItemId: revision, text: "mended" })));
  must(await say(team.boss, (await theItem(runId)).workItemId, "approve"));
  expect((await detail(team.boss, (await theItem(runId)).workItemId)).approval.stale).toEqual([]);
});

test("the votes of a group are told as they stand", async () => {
  const [one, two, three] = [await aPerson({ name: "One" }), await aPerson({ name: "Two" }), await aPerson()];
  await aGroup("Jury", [one, two, three]);
  const step = anApprovalStep("One", {
    assignee: { type: "group", value: { literal: "Jury" } },
    rule: { type: "at_least", count: 2 },
  });
  const process = anApprovalProcess([aStage("First", [step])], { name: "Judged" });
  const recordId = await aRecord("Thing", { Amount: 1 }, team.ann);
  const request = { definitionId: (await activated(process)).definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  const mine = async (person: Person) =>
    (await openItems(runId)).find(({ assigneeId }) => assigneeId === person.userId)?.workItemId ?? "";
  must(await say(await again(one), await mine(one), "approve"));
  expect((await detail(await again(two), await mine(two))).approval.vote).toMatchObject({
    needed: 2,
    approve: 1,
    reject: 0,
    open: 2,
    rule: "At least 2 must approve",
    voters: expect.arrayContaining([expect.objectContaining({ name: "One", said: "Approve" })]),
  });
});

test("where the process asks for the password, a decision needs it, and guesses are slowed down", async () => {
  const boss = await again(await aPerson({ name: "Pat Password", role: "manager", password: "correct horse battery" }));
  const step = anApprovalStep("One", { assignee: { type: "user", value: { literal: boss.username } } });
  const process = anApprovalProcess([aStage("First", [step])], { name: "Careful", approval: { asksPassword: true } });
  const { workItemId } = await submitted((await activated(process)).definitionId);
  const attempt = (password?: string) =>
    decideAgain(boss, {
      input: { workItemId, decision: "approve", comments: "", key: newId("command"), ...(password && { password }) },
    });
  expect(await attempt()).toMatchObject({ refusal: { code: "password-needed" } });
  expect(await say(boss, workItemId, "approve")).toMatchObject({ refusal: { code: "password-needed" } });
  const guess = async () => {
    const tried = await attempt("a guess");
    return tried.ok ? "ok" : tried.refusal.code;
  };
  const said = [await guess(), await guess(), await guess(), await guess(), await guess()];
  expect(said).toEqual(Array(5).fill("password-wrong"));
  // How long one has to wait doubles, so that even a slow machine is stopped soon.
  for (let more = 0; more < 10 && said.at(-1) !== "too-often"; more++) said.push(await guess());
  expect(said.at(-1)).toBe("too-often");
  expect(await attempt("correct horse battery")).toMatchObject({ refusal: { code: "too-often" } });
  await db().execute("delete from attempt");
  expect(await attempt("correct horse battery")).toMatchObject({ ok: true });
});

test("what is kept of decisions is held against the history, and what was meddled with is found", async () => {
  const { workItemId } = await submitted();
  must(await say(team.boss, workItemId, "approve"));
  expect(await verifyDecisions(db())).toMatchObject({ complaints: [] });
  const meddled = async (change: (tx: Tx) => Promise<unknown>) => {
    let said: string[] = [];
    await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
      await tx.sql`set local session_replication_role = replica`;
      await change(tx);
      said = (await verifyDecisions(tx.db)).complaints.filter((text) => text.includes(workItemId));
      throw new Undo();
    }).catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
    return said;
  };
  const of = (tx: Tx) => tx.sql`work_item_id = ${workItemId}`;
  const other = `{"facts": [], "values": {}}`;
  expect(
    await meddled((tx) => tx.sql`update sealed_decision set seen = ${other}::text::jsonb where ${of(tx)}`),
  ).toEqual([expect.stringContaining("what the decider saw is not what the history says")]);
  expect(await meddled((tx) => tx.sql`delete from sealed_decision where ${of(tx)}`)).toEqual([
    expect.stringContaining("that is not kept"),
  ]);
  expect(
    await meddled((tx) => tx.sql`update sealed_decision set decided_by = ${team.ann.userId} where ${of(tx)}`),
  ).toEqual([expect.stringContaining("the decider is not who")]);
  expect(await meddled((tx) => tx.sql`update sealed_decision set outcome = 'reject' where ${of(tx)}`)).toEqual([
    expect.stringContaining("the outcome is not what was decided"),
  ]);
});

test("what is kept of submissions is held against the history, too, and nobody changes it", async () => {
  const { workItemId, runId, recordId } = await submitted();
  must(await say(team.boss, workItemId, "Rework"));
  await change(recordId, { Amount: 80 });
  const revision = (await theItem(runId)).workItemId;
  must(await commanded(team.ann, (tx) => answerItem(tx, team.ann, { workItemId: revision, text: "mended" })));
  const { submissions, complaints } = await verifyDecisions(db());
  expect([submissions > 1, complaints]).toEqual([true, []]);
  const of = sql`run_id = ${runId} and revision = ${revision}`;
  for (const meddle of [
    sql`update submitted_facts set seen = '{}' where ${of}`,
    sql`delete from submitted_facts where ${of}`,
  ])
    await expect(db().execute(meddle)).rejects.toThrow();
  const told = async (meddle: SQL) => {
    let said: string[] = [];
    await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
      await tx.sql`set local session_replication_role = replica`;
      await tx.db.execute(meddle);
      said = (await verifyDecisions(tx.db)).complaints.filter((text) => text.includes(runId));
      throw new Undo();
    }).catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error;
    });
    return said;
  };
  const amount = sql`update submitted_facts set seen = jsonb_set(seen, '{facts,0,value}', '1') where ${of}`;
  const cases: [SQL, string][] = [
    [amount, "what was submitted is not what the history says"],
    [sql`delete from submitted_facts where ${of}`, "has a submission that is not kept"],
    [sql`update submitted_facts set revision = 'wi_other' where ${of}`, "that the history does not have"],
    [sql`update submitted_facts set submitted_by = ${team.boss.userId} where ${of}`, "the submitter is not who"],
    [sql`update submitted_facts set submitted_at = now() where ${of}`, "not submitted when"],
    [sql`update submitted_facts set record_id = 'rec_other' where ${of}`, "submitted otherwise"],
  ];
  for (const [meddle, problem] of cases) expect((await told(meddle)).join()).toContain(problem);
});

test("sent back to its submitter and sent again, what changed is told field by field, to the approvers of other steps too", async () => {
  const two = anApprovalStep("Two", { outcomes: further, entry: { type: "step_completed", step: "One" } });
  const process = anApprovalProcess([aStage("First", [anApprovalStep("One"), two])], {
    name: "Levels",
    approval: { facts },
  });
  const { workItemId, runId, recordId } = await submitted((await activated(process)).definitionId);
  const send = async () => {
    const { workItemId: revision } = await theItem(runId);
    must(await commanded(team.ann, (tx) => answerItem(tx, team.ann, { workItemId: revision, text: "mended" })));
    return (await theItem(runId)).workItemId;
  };
  const since = async (id: string) => (await detail(team.boss, id)).approval.since;
  must(await say(team.boss, workItemId, "approve"));
  must(await say(team.boss, (await theItem(runId)).workItemId, "Rework"));
  await change(recordId, { Amount: 80 });
  const again_ = await send();
  expect(await since(again_)).toMatchObject({
    ...{ what: "decision", said: "Send back", changes: [{ label: "How much", before: "100", after: "80" }] },
  });
  expect(await since(workItemId)).toMatchObject({ said: "Send back", changes: [{ before: "100", after: "80" }] });
  must(await say(team.boss, again_, "Rework"));
  await change(recordId, { Amount: 70 });
  expect(await since(await send())).toMatchObject({ changes: [{ before: "80", after: "70" }] });
  const kept = await db().select().from(submittedFacts).where(eq(submittedFacts.runId, runId));
  expect(kept.map(({ submittedBy }) => submittedBy)).toEqual(Array(3).fill(team.ann.userId));
});

class Undo extends Error {}
