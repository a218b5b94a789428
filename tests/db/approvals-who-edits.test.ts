import { describe, expect, test } from "vitest";
import { requestApproval } from "../../lib/approvals/commands";
import { askQuestion } from "../../lib/approvals/steer";
import type { Person } from "../../lib/people/current-person";
import { deleteRecord } from "../../lib/records/commands/delete-record";
import { saveRecord } from "../../lib/records/commands/save-record";
import { completeItem } from "../../lib/work/commands/complete-item";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { standingIn } from "../builders/delegations";
import { aGroup, again, aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems } from "../builders/runs";

const { ann } = await aTeamWithThings();
await anObject("Contract", { Amount: { type: "number" } });
let made = 0;

const BACK = [{ name: "Back", label: "Send back", does: "send_back" }];

/** A contract of Ann's that is asked to be approved in one step. */
async function submitted(step: object, submitter: Person = ann) {
  const start = { type: "autolaunched", object: "Contract", next: "First" };
  const process = anApprovalProcess([aStage("First", [anApprovalStep("One", step as Record<string, unknown>)])], {
    ...{ name: `Edits_${++made}`, start },
  });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Contract", { Amount: 100 }, ann);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(submitter, (tx) => requestApproval(tx, submitter, request)));
  return { runId, recordId, item: (await openItems(runId))[0] };
}
const by = ({ username }: Person) => ({ assignee: { type: "user", value: { literal: username } } });
const save = (who: Person, id: string, Amount: number) =>
  commanded(who, (tx) => saveRecord(tx, who, { object: "Contract", id, values: { Amount } }));
const idOf = (item: { workItemId: string } | undefined) => item?.workItemId ?? "";
const decide = (who: Person, workItemId: string, approvalDecision: string) =>
  commanded(who, (tx) =>
    completeItem(tx, who, { workItemId, outputs: { approvalDecision, approvalComments: "Change the amount" } }),
  );

describe("where the approver may edit the locked record", () => {
  const editing = (who: Person) => ({ ...by(who), locksRecord: true, mayEditRecord: true });

  test("whoever is asked one question about it may not", async () => {
    const [boss, helper] = [await again(await aPerson()), await again(await aPerson())];
    const { recordId, item } = await submitted(editing(boss));
    const ask = { workItemId: idOf(item), userId: helper.userId, text: "Is it so?" };
    must(await commanded(boss, (tx) => askQuestion(tx, boss, ask)));
    expect(await save(helper, recordId, 999)).toMatchObject({ ok: false });
    must(await save(boss, recordId, 200));
  });

  test("whoever decides in their place may not, of a record that is not locked either", async () => {
    const [boss, ana] = [await aPerson(), await aPerson()];
    const standIn = await standingIn(ana, boss);
    for (const step of [editing(boss), { ...by(boss), mayEditRecord: true }]) {
      const { recordId } = await submitted(step);
      expect(await save(standIn, recordId, 999)).toMatchObject({ ok: false });
      must(await save(boss, recordId, 200));
    }
  });

  test("a member who has voted may not any more, and one who has not yet may", async () => {
    const people = [await aPerson(), await aPerson()];
    const { name } = await aGroup(undefined, people);
    const members = await Promise.all(people.map((one) => again(one)));
    const [first, second] = members as [Person, Person];
    const group = { assignee: { type: "group", value: { literal: name } }, rule: { type: "unanimous" } };
    const { runId, recordId } = await submitted({ ...group, locksRecord: true, mayEditRecord: true });
    const vote = (await openItems(runId)).find(({ assigneeId }) => assigneeId === first.userId);
    must(await decide(first, idOf(vote), "Approve"));
    expect(await save(first, recordId, 999)).toMatchObject({ ok: false });
    must(await save(second, recordId, 200));
  });
});

describe("a locked record that was sent back", () => {
  test("is its submitter's to change as long as it lies with them, and not to delete", async () => {
    const boss = await again(await aPerson());
    const { runId, recordId, item } = await submitted({ ...by(boss), locksRecord: true, outcomes: BACK });
    expect(await save(ann, recordId, 50)).toMatchObject({ refusal: { code: "record-locked" } });
    must(await decide(boss, idOf(item), "Back"));
    must(await save(ann, recordId, 50));
    const gone = await commanded(ann, (tx) => deleteRecord(tx, ann, { object: "Contract", id: recordId }));
    expect(gone).toMatchObject({ refusal: { code: "record-locked" } });
    const revision = (await openItems(runId)).find(({ kind }) => kind === "revision");
    must(await commanded(ann, (tx) => completeItem(tx, ann, { workItemId: idOf(revision), outputs: {} })));
    expect(await save(ann, recordId, 60)).toMatchObject({ refusal: { code: "record-locked" } });
  });

  test("is nobody else's to change", async () => {
    const [boss, other] = [await again(await aPerson()), await again(await aPerson({ role: "admin" }))];
    const { recordId, item } = await submitted({ ...by(boss), locksRecord: true, outcomes: BACK });
    must(await decide(boss, idOf(item), "Back"));
    for (const who of [boss, other]) expect(await save(who, recordId, 1)).toMatchObject({ ok: false });
  });
});
