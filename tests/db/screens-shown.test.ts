import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { requestApproval } from "../../lib/approvals/commands";
import { newId } from "../../lib/ids";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { deleteRecord } from "../../lib/records/commands/delete-record";
import { saveRecord } from "../../lib/records/commands/save-record";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { sendScreen } from "../../lib/work/send-screen";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { attached } from "../builders/files";
import { aDecidingFlow } from "../builders/flows";
import { opened, screen } from "../builders/interviews";
import { again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const PASSWORD = "correct horse battery";
const boss = await again(await aPerson({ password: PASSWORD }));
const assignee = { type: "user", value: { literal: boss.username } };
await activated(aDecidingFlow());

async function asked(name: string, { approval = {}, to = assignee, by = team.ann, step = {} }: Asked = {}) {
  const defined = anApprovalStep("One", { flow: "Weigh", assignee: to, ...step });
  const { definitionId } = await activated(anApprovalProcess([aStage("First", [defined])], { name, approval }));
  const recordId = await aRecord("Thing", {}, team.ann);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(by, (tx) => requestApproval(tx, by, request)));
  return { runId, recordId, workItemId: (await theItem(runId)).workItemId };
}
type Asked = { readonly approval?: object; readonly to?: object; readonly by?: Person; readonly step?: object };

async function weighing(name: string, approval: object = {}, step: object = {}) {
  const one = await asked(name, { approval, step });
  return { ...one, view: screen(await opened(boss, one.workItemId)) };
}
type More = { comments?: string; password?: string; shownAs?: string | undefined };
const send = (view: ScreenView, approvalDecision: Value, more: More = {}) =>
  sendScreen(boss, {
    interviewId: view.interviewId,
    screen: view.screen.name,
    values: approvalDecision === null ? {} : { approvalDecision },
    direction: "next",
    key: newId("command"),
    ...more,
  });
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;

const shown = async (workItemId: string) => ({
  shownAs: (await itemDetail(db(), boss, workItemId))?.approval?.shownAs,
});

const change = async (id: string, Amount: number) =>
  must(await commanded(team.ann, (tx) => saveRecord(tx, team.ann, { object: "Thing", id, values: { Amount } })));

describe("a decision by the step's own screens is on what was shown beside them", () => {
  test("a record that was changed since they were opened is refused, what was chosen is kept, and shown anew it is decided", async () => {
    const { runId, recordId, workItemId, view } = await weighing("Shown");
    await change(recordId, 900);
    expect(await send(view, "Approve")).toMatchObject({
      refusal: { code: "facts-changed", details: { name: "A Thing" } },
    });
    expect(await statusOf(runId)).toBe("in_progress");
    const anew = screen(await opened(boss, workItemId));
    expect(anew.values).toEqual({ approvalDecision: "Approve" });
    must(await send(anew, "Approve"));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("the page says what it shows: an older version or other files are refused, though the screens were opened anew elsewhere", async () => {
    const { runId, recordId, workItemId, view } = await weighing("Said");
    const first = await shown(workItemId);
    await change(recordId, 900);
    must(await opened(boss, workItemId));
    const second = await shown(workItemId);
    must(await attached(team.ann, recordId, { name: "receipt.pdf" }));
    for (const shown of [first, second, {}])
      expect(await send(view, "Approve", shown)).toMatchObject({ refusal: { code: "facts-changed" } });
    must(await send(view, "Approve", await shown(workItemId)));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("a record that was deleted since is not what was shown", async () => {
    const { runId, recordId, workItemId, view } = await weighing("Deleted");
    const before = await shown(workItemId);
    must(await commanded(team.ann, (tx) => deleteRecord(tx, team.ann, { object: "Thing", id: recordId })));
    expect(await send(view, "Approve", before)).toMatchObject({ refusal: { code: "facts-changed" } });
    expect(await statusOf(runId)).toBe("in_progress");
  });
});
