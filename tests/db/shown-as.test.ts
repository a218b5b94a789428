import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { sealedDecision } from "../../db/schema";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { decideMany } from "../../lib/approvals/decide-many";
import { traceOf } from "../../lib/approvals/queries/trace-of";
import { overrideItem } from "../../lib/approvals/steer";
import { newId } from "../../lib/ids";
import type { Value } from "../../lib/logic/value";
import { saveRecord } from "../../lib/records/commands/save-record";
import { sentenceOf } from "../../lib/refusals";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { listApprovals } from "../../lib/work/queries/list-approvals";
import { sendScreen } from "../../lib/work/send-screen";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { attached } from "../builders/files";
import { aDecidingFlow } from "../builders/flows";
import { opened, screen } from "../builders/interviews";
import { again, aPerson } from "../builders/people";
import { anObject, aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, theItem } from "../builders/runs";

/** A deal's approvers are shown what its client says, whom not everybody may see. */
const { ann, boss, admin } = await aTeamWithThings();
const facts = [
  { label: "Amount", value: "$Record.Amount" },
  { label: "Client", value: "$Record.Client" },
  { label: "Rating", value: "$Record.Client.Rating" },
];
let made = 0;

beforeAll(async () => {
  await anObject("Client", { Rating: { type: "text" } }, "none");
  const client = { type: "lookup", options: { object: "Client" } } as const;
  await anObject("Deal", { Amount: { type: "number" }, Note: { type: "text" }, Client: client }, "edit");
  await activated(aDecidingFlow("Say"));
});

async function aDeal() {
  const client = await aRecord("Client", { Name: "Acme", Rating: "A" }, "system");
  return { client, recordId: await aRecord("Deal", { Amount: 100, Client: client }, "system") };
}
const one = (more: object = {}) =>
  anApprovalStep("One", { assignee: { type: "user", value: { literal: boss.username } }, ...more });

async function asked(steps = [one()], deal?: Awaited<ReturnType<typeof aDeal>>) {
  const { client, recordId } = deal ?? (await aDeal());
  const approval = { facts, policy: "With care." };
  const process = anApprovalProcess([aStage("First", steps)], {
    ...{ name: `Deal_${++made}`, approval },
    start: { type: "autolaunched", object: "Deal", next: "First" },
  });
  const { definitionId } = await activated(process);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  const [first] = await openItems(runId);
  return { runId, client, recordId, definitionId, workItemId: first?.workItemId ?? "" };
}
const save = async (object: string, id: string, values: { [field: string]: Value }) =>
  must(await commanded(null, (tx) => saveRecord(tx, "system", { object, id, values })));
const onPage = async (workItemId: string, who = boss) =>
  (await itemDetail(db(), who, workItemId))?.approval?.shownAs ?? "none";
const inList = async (workItemId: string) => {
  const { rows } = await listApprovals(db(), boss, { view: "decide" });
  return rows.find((row) => row.workItemId === workItemId)?.shownAs ?? "none";
};
const onRecord = async (recordId: string) => {
  const { submissions } = await traceOf(db(), admin, recordId);
  return submissions[0]?.stages?.[0]?.steps[0]?.items[0]?.steer?.shownAs ?? "none";
};
const say = (workItemId: string, shownAs: string, decision = "approve") =>
  commanded(boss, (tx) => decide(tx, boss, { workItemId, decision, comments: "So", shownAs }));
const override = (workItemId: string, shownAs: string) =>
  commanded(admin, (tx) => overrideItem(tx, admin, { workItemId, outcome: "Approve", comments: "Now", shownAs }));
const sealOf = async (workItemId: string) =>
  (await db().select().from(sealedDecision).where(eq(sealedDecision.workItemId, workItemId)))[0]?.seen;
const changed = (what: string) => ({ refusal: { code: "facts-changed", details: { name: "A Deal", what } } });

describe("what lies behind a lookup is part of what was shown", () => {
  test("on the page: when it is another by now nothing is decided, and the sentence says what changed", async () => {
    const { workItemId, client } = await asked();
    const shownAs = await onPage(workItemId);
    await save("Client", client, { Rating: "D" });
    const refused = await say(workItemId, shownAs);
    expect(refused).toMatchObject(changed("Rating"));
    expect(refused.ok || sentenceOf(refused.refusal)).toContain("A Deal was changed after you opened this (Rating)");
    must(await say(workItemId, await onPage(workItemId)));
  });

  test("in the list, by keys and many at once: each of which something changed is refused, the others are decided", async () => {
    const [some, other] = [await asked(), await asked()];
    const [first, second] = [await inList(some.workItemId), await inList(other.workItemId)];
    expect([first, second]).toEqual([expect.stringMatching(/^l/), expect.stringMatching(/^l/)]);
    await save("Client", some.client, { Rating: "D" });
    const items = [
      { workItemId: some.workItemId, shownAs: first, comments: "" },
      { workItemId: other.workItemId, shownAs: second, comments: "" },
    ];
    const report = await decideMany(boss, { items, decision: "approve", key: newId("command") });
    expect(report).toMatchObject({
      done: [other.workItemId],
      failed: [{ message: expect.stringContaining("(Rating)") }],
    });
    expect(await say(some.workItemId, first)).toMatchObject(changed("Rating"));
    must(await say(some.workItemId, await inList(some.workItemId)));
  });

  test("beside a form, whether the page says what it shows or not; what was chosen is kept", async () => {
    const { workItemId, client } = await asked([one({ flow: "Say" })]);
    const view = screen(await opened(boss, workItemId));
    const shownAs = await onPage(workItemId);
    await save("Client", client, { Rating: "D" });
    const send = (said?: string) =>
      sendScreen(boss, {
        ...{ interviewId: view.interviewId, screen: view.screen.name, direction: "next", key: newId("command") },
        ...{ values: { approvalDecision: "Approve" }, shownAs: said },
      });
    for (const said of [shownAs, undefined])
      expect(await send(said)).toMatchObject({ refusal: { code: "facts-changed" } });
    expect(screen(await opened(boss, workItemId)).values).toEqual({ approvalDecision: "Approve" });
    must(await send(await onPage(workItemId)));
    expect(await sealOf(workItemId)).toMatchObject({ door: "page", facts: [{}, {}, { label: "Rating", value: "D" }] });
  });

  test("for an admin who overrides, on the item's page and on the record's", async () => {
    const { workItemId, client, recordId } = await asked();
    const [page, record] = [await onPage(workItemId, admin), await onRecord(recordId)];
    expect(record).toMatch(/^r/);
    await save("Client", client, { Rating: "D" });
    expect(await override(workItemId, page)).toMatchObject(changed("Rating"));
    await save("Deal", recordId, { Note: "New" });
    expect(await override(workItemId, record)).toMatchObject({ refusal: { code: "facts-changed" } });
    must(await override(workItemId, await onRecord(recordId)));
    expect(await sealOf(workItemId)).toMatchObject({
      door: "record",
      facts: expect.arrayContaining([expect.objectContaining({ label: "Note", shown: "New" })]),
      rests: { facts: [{ label: "Rating", value: "D" }] },
    });
  });
});

describe("a fingerprint", () => {
  test("is of values as their reader may read them: what is not theirs to see changes nothing of it", async () => {
    const low = await again(await aPerson());
    const theirs = one({ assignee: { type: "user", value: { literal: low.username } } });
    const { workItemId, client, recordId } = await asked([theirs]);
    const [mine, admins] = [await onPage(workItemId, low), await onPage(workItemId, admin)];
    expect(mine).not.toBe(admins);
    await save("Client", client, { Name: "Acme & Sons" });
    expect(await onPage(workItemId, low)).toBe(mine);
    expect(await onPage(workItemId, admin)).not.toBe(admins);
    expect((await itemDetail(db(), low, workItemId))?.facts[1]).toEqual({
      label: "Client",
      value: "Not yours to see",
    });
    await save("Deal", recordId, { Amount: 101 });
    expect(await onPage(workItemId, low)).not.toBe(mine);
  });

  test("of one door is none of another, and anything else is refused", async () => {
    const { workItemId } = await asked();
    const page = await onPage(workItemId);
    for (const shownAs of [page.replace("p", "l"), `${page}AAAA`, "", "x"])
      expect(await say(workItemId, shownAs)).toMatchObject({ refusal: { code: "facts-changed" } });
    must(await say(workItemId, page));
  });
});

describe("what changed is told as its reader may read it", () => {
  async function again_() {
    const low = await again(await aPerson());
    const theirs = one({ assignee: { type: "user", value: { literal: low.username } } });
    const deal = await aDeal();
    const { workItemId, definitionId, recordId } = await asked([theirs], deal);
    const rejected = { workItemId, decision: "reject", comments: "Not so" };
    must(await commanded(low, (tx) => decide(tx, low, rejected)));
    const other = await aRecord("Client", { Name: "Globex", Rating: "C" }, "system");
    await save("Deal", recordId, { Client: other });
    const request = { definitionId, recordId, comments: "" };
    const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
    return { low, recordId, workItemId: (await theItem(runId)).workItemId };
  }
  const hidden = "Not yours to see";

  test("on the page of a decision: names that are not theirs to see are not said, whoever kept them", async () => {
    const { low, workItemId } = await again_();
    const changes = (await itemDetail(db(), low, workItemId))?.approval?.since?.changes;
    expect(changes).toEqual([
      { label: "Client", before: hidden, after: hidden },
      { label: "Rating", before: "A", after: "C" },
    ]);
    const all = (await itemDetail(db(), admin, workItemId))?.approval?.since?.changes;
    expect(all?.[0]).toEqual({ label: "Client", before: "Acme", after: "Globex" });
  });

  test("on the record's page: what lies behind a record that is not theirs is left out, and it is said so", async () => {
    const { recordId } = await again_();
    const changes = async (who: typeof ann) => (await traceOf(db(), who, recordId)).submissions[0]?.changes;
    expect(await changes(ann)).toEqual([
      { label: "Client", before: hidden, after: hidden },
      { label: "Rating", before: hidden, after: hidden },
    ]);
    expect(await changes(admin)).toMatchObject([{ before: "Acme" }, { before: "A", after: "C" }]);
  });
});

describe("what is sealed is what was shown there", () => {
  test("of a decision from the list: its facts, and neither policy nor attachments; what it rests on is kept apart", async () => {
    const deal = await aDeal();
    const { id } = must(await attached(ann, deal.recordId, { name: "offer.pdf" }));
    const { workItemId } = await asked(undefined, deal);
    must(await say(workItemId, await inList(workItemId)));
    expect(await sealOf(workItemId)).toMatchObject({ door: "list", policy: "", files: [], rests: { files: [{ id }] } });
  });

  test("of one on the page: policy and attachments; of one that did not say what it saw that it did not", async () => {
    const deal = await aDeal();
    const { id } = must(await attached(ann, deal.recordId, { name: "offer.pdf" }));
    const { workItemId, definitionId } = await asked(undefined, deal);
    must(await say(workItemId, await onPage(workItemId)));
    const all = { policy: "With care.", files: [{ id }], rests: { files: [], facts: [] } };
    expect(await sealOf(workItemId)).toMatchObject({ door: "page", ...all });
    const request = { definitionId, recordId: deal.recordId, comments: "" };
    const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
    const next = (await theItem(runId)).workItemId;
    must(await commanded(boss, (tx) => decide(tx, boss, { workItemId: next, decision: "approve", comments: "" })));
    expect(await sealOf(next)).toMatchObject({ door: "unsaid", ...all });
  });
});
