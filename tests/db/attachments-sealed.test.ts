import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { sealedDecision } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { factsForMail } from "../../lib/approvals/mail-facts";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { orchestrationVersion } from "../../lib/definitions/queries";
import type { Person } from "../../lib/people/current-person";
import { removeFile } from "../../lib/records/commands/remove-file";
import { exportRun } from "../../lib/runs/export-run";
import { verifyDecisions } from "../../lib/runs/verify-decisions";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aPdf, attached } from "../builders/files";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";

/** S79 for files: what was attached when somebody decided is in the evidence, by name and SHA-256. */
const team = await aTeamWithThings();
const facts = [{ label: "How much", value: "$Record.Amount" }];
const { definitionId } = await activated(
  anApprovalProcess([aStage("First", [anApprovalStep("One")])], { approval: { facts } }),
);
const [receipt, other] = [aPdf("A receipt"), aPdf("Another receipt")];
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const attach = async (recordId: string, name: string, bytes = receipt) =>
  must(await attached(team.ann, recordId, { name, bytes })).id;
const remove = async (id: string) => must(await commanded(team.ann, (tx) => removeFile(tx, team.ann, id)));
const newRecord = () => aRecord("Thing", { Amount: 100 }, team.ann);
async function submit(recordId: string, definition = definitionId) {
  const request = { definitionId: definition, recordId, comments: "Please" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  return { runId, workItemId: (await theItem(runId)).workItemId };
}
const say = (workItemId: string, decision: string, more: object = {}) =>
  commanded(team.boss, (tx) => decide(tx, team.boss, { workItemId, decision, comments: "So be it", ...more }));
const detail = async (person: Person, workItemId: string) => {
  const found = await itemDetail(db(), person, workItemId);
  if (!found?.approval) throw new Error("no approval is shown");
  return { ...found, approval: found.approval };
};

test("whoever decides is shown what is attached; what was removed is not there", async () => {
  const recordId = await newRecord();
  const id = await attach(recordId, "receipt.pdf");
  await remove(await attach(recordId, "wrong.pdf"));
  const { workItemId } = await submit(recordId);
  const { files, approval } = await detail(team.boss, workItemId);
  expect(files).toMatchObject([{ id, name: "receipt.pdf", size: receipt.length, byName: "Ann Asks", removed: null }]);
  expect(approval.shownAs).toMatch(/^p/);
});

test("the SHA-256 of each is sealed with the decision, and stays when the file is removed; in the export too", async () => {
  const recordId = await newRecord();
  const id = await attach(recordId, "receipt.pdf");
  const { workItemId, runId } = await submit(recordId);
  must(await say(workItemId, "approve"));
  await remove(id);
  const files = [{ id, name: "receipt.pdf", sha256: sha256(receipt) }];
  const [sealed] = await db().select().from(sealedDecision).where(eq(sealedDecision.workItemId, workItemId));
  expect(sealed?.seen).toMatchObject({ files });
  const exported = await exportRun(db(), team.admin, runId);
  expect(exported?.history.find(({ type }) => type === "decision-sealed")?.personal).toMatchObject({ seen: { files } });
  expect((await verifyDecisions(db())).complaints).toEqual([]);
});

test("a decision on other files than were shown is refused, and the item stays", async () => {
  const recordId = await newRecord();
  const first = await attach(recordId, "receipt.pdf");
  const { workItemId } = await submit(recordId);
  const shown = async () => ({ shownAs: (await detail(team.boss, workItemId)).approval.shownAs });
  const one = await shown();
  await attach(recordId, "invoice.pdf");
  const two = await shown();
  await remove(first);
  for (const before of [one, two])
    expect(await say(workItemId, "approve", before)).toMatchObject({
      refusal: { code: "facts-changed", details: { what: "attachments" } },
    });
  must(await say(workItemId, "approve", await shown()));
});

test("changed since approved: what was added, removed or replaced by another of its name is told", async () => {
  const two = [anApprovalStep("One"), anApprovalStep("Two", { entry: { type: "step_completed", step: "One" } })];
  const process = anApprovalProcess([aStage("First", two)], { name: "Twice", approval: { facts } });
  const recordId = await newRecord();
  const [gone, swapped] = [await attach(recordId, "gone.pdf"), await attach(recordId, "swapped.pdf")];
  await attach(recordId, "same.pdf");
  const { workItemId, runId } = await submit(recordId, (await activated(process)).definitionId);
  must(await say(workItemId, "approve"));
  expect((await detail(team.boss, (await theItem(runId)).workItemId)).approval.stale).toEqual([]);
  await remove(gone);
  await remove(swapped);
  await attach(recordId, "swapped.pdf", other);
  await attach(recordId, "new.pdf");
  const changes = [
    { label: "Attachment gone.pdf", before: "attached", after: "removed" },
    { label: "Attachment swapped.pdf", before: "attached", after: "attached, with another content" },
    { label: "Attachment new.pdf", before: "", after: "attached" },
  ];
  const { approval } = await detail(team.boss, (await theItem(runId)).workItemId);
  expect(approval.stale).toMatchObject([{ byName: "Bea Boss", changes }]);
  expect((await traceOf(db(), team.ann, recordId)).stale).toMatchObject([{ byName: "Bea Boss", changes }]);
});

test("submitted again, what was attached meanwhile is among the differences; a mail names no file", async () => {
  const recordId = await newRecord();
  must(await say((await submit(recordId)).workItemId, "reject"));
  await attach(recordId, "receipt.pdf");
  const { workItemId, runId } = await submit(recordId);
  const changes = [{ label: "Attachment receipt.pdf", before: "", after: "attached" }];
  expect((await detail(team.boss, workItemId)).approval.since).toMatchObject({ said: "Reject", changes });
  expect((await traceOf(db(), team.ann, recordId)).submissions[0]?.changes).toEqual(changes);
  const pinned = await orchestrationVersion(db(), definitionId, 1);
  if (!pinned) throw new Error("there is no such process");
  const { shown, ...told } = await factsForMail(db(), { pinned, runId, recordId });
  expect(shown).toMatchObject({ files: [], rests: { files: [{ name: "receipt.pdf" }] } });
  expect(told.facts).toHaveLength(1);
  expect(JSON.stringify(told)).not.toContain("receipt");
});

test("the trace has what was attached when somebody decided, with its digest", async () => {
  const recordId = await newRecord();
  const id = await attach(recordId, "receipt.pdf");
  const { workItemId } = await submit(recordId);
  const filesOf = async () =>
    (await traceOf(db(), team.ann, recordId)).submissions[0]?.stages?.[0]?.steps[0]?.items[0]?.files;
  expect(await filesOf()).toEqual([]);
  must(await say(workItemId, "approve"));
  await attach(recordId, "later.pdf");
  expect(await filesOf()).toEqual([{ id, name: "receipt.pdf", sha256: sha256(receipt) }]);
});

test("an approval that may be skipped while nothing changed is asked for again with other files", async () => {
  const step = anApprovalStep("One", { skipIfUnchanged: ["$Record.Amount"] });
  const process = anApprovalProcess([aStage("First", [step])], { name: "Skipping", approval: { facts } });
  const { definitionId: skipping } = await activated(process);
  const recordId = await newRecord();
  await attach(recordId, "receipt.pdf");
  must(await say((await submit(recordId, skipping)).workItemId, "approve"));
  const request = { definitionId: skipping, recordId, comments: "Again" };
  const again = async () => must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request))).runId;
  expect(await stateNow(await again())).toMatchObject({ steps: [{ decidedBy: "unchanged" }] });
  await attach(recordId, "other.pdf");
  expect(await stateNow(await again())).toMatchObject({ steps: [{ status: "in_progress", decidedBy: null }] });
});
