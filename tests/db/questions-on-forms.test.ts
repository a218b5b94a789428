import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { requestApproval } from "../../lib/approvals/commands";
import { answerItem, askQuestion } from "../../lib/approvals/steer";
import { deactivate } from "../../lib/definitions/commands/deactivate";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { opened, screen, sent } from "../builders/interviews";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const boss = await again(await aPerson());
const assignee = { type: "user", value: { literal: boss.username } };
await activated(aScreenFlow("Weigh", { variables: [{ name: "approvalDecision", type: "text", isOutput: true }] }));

describe("a question that is answered on a form", () => {
  const colours = [
    { value: "r", label: "Red" },
    { value: "g", label: "Green" },
  ];
  const fields = [
    { name: "Asked", type: "display_text", label: "{!question}" },
    { name: "guests", type: "number", label: "Guests", required: true },
    { name: "colour", type: "radio", label: "Colour", options: colours },
    { name: "paid", type: "checkbox", label: "Paid already" },
    { name: "note", type: "text", label: "Note" },
  ];
  const types = { guests: "number", colour: "text", paid: "boolean", note: "text" };
  const outputs = Object.entries(types).map(([name, type]) => ({ name, type, isOutput: true }));
  const inputs = ["recordId", "question"].map((name) => ({ name, type: "text", isInput: true }));
  const element = { type: "screen", name: "Screen", label: "About it", fields, next: null };
  const form = aScreenFlow("Tell_more", {
    variables: [...inputs, ...outputs],
    start: "Screen",
    elements: [element],
  });

  async function asked(name: string, step: object = {}) {
    await activated(form);
    const process = anApprovalProcess(
      [aStage("First", [anApprovalStep("One", { assignee, answers: { flow: "Tell_more" }, ...step })])],
      { name },
    );
    const { definitionId } = await activated(process);
    const recordId = await aRecord("Thing", {}, team.ann);
    const { runId } = must(
      await commanded(team.ann, (tx) => requestApproval(tx, team.ann, { definitionId, recordId, comments: "" })),
    );
    const { workItemId } = await theItem(runId);
    const hal = await again(await aPerson({ name: "Hal" }));
    const ask = { workItemId, userId: hal.userId, text: "How many guests?" };
    must(await commanded(boss, (tx) => askQuestion(tx, boss, ask)));
    const question = (await openItems(runId)).find(({ kind }) => kind === "question")?.workItemId ?? "";
    return { runId, workItemId, question, hal };
  }

  test("shows the question on it; its outputs are the answer, in words, and the approver's item stays", async () => {
    const { runId, workItemId, question, hal } = await asked("Asked_on_form");
    expect(await itemDetail(db(), hal, question)).toMatchObject({ hasScreens: true, mayWork: true });
    const view = screen(await opened(hal, question));
    expect(view.screen.fields[0]).toMatchObject({ type: "display_text", label: "How many guests?" });
    expect(await sent(hal, view, { guests: null })).toMatchObject({ refusal: { code: "invalid" } });
    expect(must(await sent(hal, view, { guests: 12, colour: "g", paid: true, note: "" }))).toMatchObject({
      type: "finished",
    });
    const answer = "Guests: 12\nColour: Green\nPaid already: Yes";
    expect(await itemDetail(db(), boss, workItemId)).toMatchObject({
      mayWork: true,
      approval: { questions: [{ toName: "Hal", text: "How many guests?", answer }] },
    });
    expect((await stateNow(runId)).steps[0]).toMatchObject({ status: "in_progress", outputs: null });
    expect(await opened(hal, question)).toMatchObject({ refusal: { code: "item-closed" } });
  });

  test("is answered nowhere else, and its form is nobody else's", async () => {
    const { question, hal } = await asked("Asked_only_there");
    const text = { workItemId: question, text: "Twelve" };
    expect(await commanded(hal, (tx) => answerItem(tx, hal, text))).toMatchObject({
      refusal: { code: "needs-screens" },
    });
    expect(await itemDetail(db(), hal, question)).toMatchObject({ mayWork: true });
    const stranger = await again(await aPerson());
    expect(await opened(stranger, question)).toMatchObject({ refusal: { code: "not-found" } });
  });

  test("whoever began it goes on in the version that they began in; a flow that is in use stays active", async () => {
    const { question, hal } = await asked("Asked_before");
    const view = screen(await opened(hal, question));
    const [shown, guests, ...others] = fields;
    await activated(
      aScreenFlow("Tell_more", {
        variables: [...inputs, ...outputs],
        start: "Screen",
        elements: [{ ...element, fields: [shown, { ...guests, label: "How many" }, ...others] }],
      }),
    );
    expect(screen(await opened(hal, question)).screen.fields[1]?.label).toBe("Guests");
    must(await sent(hal, view, { guests: 3 }));
    const admin = team.admin;
    const off = await commanded(admin, (tx) => deactivate(tx, admin, { name: "Tell_more", force: false }));
    expect(off).toMatchObject({ ok: false, refusal: { code: "flow-in-use" } });
  });

  test("the screens of the decision itself are not the asked person's to fill in", async () => {
    const { question, hal } = await asked("Asked_beside", { flow: "Weigh", answers: undefined });
    expect(await itemDetail(db(), hal, question)).toMatchObject({ hasScreens: false });
    expect(await opened(hal, question)).toMatchObject({ refusal: { code: "no-flow" } });
    must(await commanded(hal, (tx) => answerItem(tx, hal, { workItemId: question, text: "Twelve" })));
  });

  test("is not answered by being opened, where a version that came later ends before it shows a screen", async () => {
    const { question, workItemId, hal } = await asked("Asked_unseen");
    const when = { requirements: [{ left: "question", operator: "is_null", right: { literal: false } }] };
    const outcomes = [{ name: "Asked", label: "Asked", when, next: null }];
    const first = { type: "decision", name: "Whether", label: "Whether", outcomes, defaultNext: "Screen" };
    await activated(
      aScreenFlow("Tell_more", { variables: [...inputs, ...outputs], start: "Whether", elements: [first, element] }),
    );
    const message = expect.stringContaining("nobody answers by opening a page");
    expect(must(await opened(hal, question))).toEqual({ type: "failed", message });
    expect(await itemDetail(db(), hal, question)).toMatchObject({ mayWork: true });
    expect(await itemDetail(db(), boss, workItemId)).toMatchObject({
      mayWork: true,
      approval: { questions: [{ toName: "Hal", answer: null }] },
    });
    await activated(form);
    expect(screen(await opened(hal, question)).screen.name).toBe("Screen");
  });
});
