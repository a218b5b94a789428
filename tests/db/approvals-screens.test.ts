import { describe, expect, test } from "vitest";
import { requestApproval } from "../../lib/approvals/commands";
import { newId } from "../../lib/ids";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { sendScreen } from "../../lib/work/send-screen";
import { activated, anApprovalProcess, anApprovalStep, aScreenFlow, aStage } from "../builders/definitions";
import { opened, screen } from "../builders/interviews";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const PASSWORD = "correct horse battery";
const boss = await again(await aPerson({ password: PASSWORD }));
const assignee = { type: "user", value: { literal: boss.username } };
const options = ["Approve", "Reject"].map((value) => ({ value, label: value }));
await activated(
  aScreenFlow("Weigh", {
    variables: [{ name: "approvalDecision", type: "text", isOutput: true }],
    start: "Screen",
    elements: [
      {
        type: "screen",
        name: "Screen",
        label: "Screen",
        fields: [{ name: "approvalDecision", type: "radio", label: "Decision", required: true, options }],
        next: null,
      },
    ],
  }),
);

async function asked(name: string, { approval = {}, to = assignee, by = team.ann }: Asked = {}) {
  const process = anApprovalProcess([aStage("First", [anApprovalStep("One", { flow: "Weigh", assignee: to })])], {
    name,
    approval,
  });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", {}, team.ann);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(by, (tx) => requestApproval(tx, by, request)));
  return { runId, workItemId: (await theItem(runId)).workItemId };
}
type Asked = { readonly approval?: object; readonly to?: object; readonly by?: Person };

async function weighing(name: string, approval: object = {}) {
  const { runId, workItemId } = await asked(name, { approval });
  return { runId, workItemId, view: screen(await opened(boss, workItemId)) };
}
const send = (view: ScreenView, approvalDecision: Value, more: { comments?: string; password?: string } = {}) =>
  sendScreen(boss, {
    interviewId: view.interviewId,
    screen: view.screen.name,
    values: { approvalDecision },
    direction: "next",
    key: newId("command"),
    ...more,
  });
const statusOf = async (runId: string) => (await stateNow(runId)).submission?.status;

describe("a decision by the step's own screens", () => {
  test("needs the reason that the step asks for: without one nothing is done, and it can be given besides", async () => {
    const { runId, view } = await weighing("Reasoned");
    expect(await send(view, "Reject")).toMatchObject({
      refusal: { code: "reason-needed", problems: [{ path: "comments" }] },
    });
    expect(await statusOf(runId)).toBe("in_progress");
    must(await send(view, "Reject", { comments: "Too much" }));
    expect(await stateNow(runId)).toMatchObject({
      submission: { status: "rejected" },
      items: [{ outcome: "reject", comments: "Too much" }],
    });
  });

  test("is the submitter's own to give where the process allows self-approval, and else is not to be opened", async () => {
    const { name } = await aGroup(undefined, [boss, await aPerson()]);
    const [to, by] = [{ type: "group", value: { literal: name } }, await again(boss)];
    const others = await asked("Others", { to, by });
    expect(await opened(by, others.workItemId)).toMatchObject({ refusal: { code: "own-submission" } });
    const own = await asked("Own", { to, by, approval: { allowsSelfApproval: true } });
    must(await send(screen(await opened(by, own.workItemId)), "Approve"));
    expect(await statusOf(own.runId)).toBe("approved");
  });

  test("needs the password again where the process asks for it", async () => {
    const { runId, view } = await weighing("Guarded", { asksPassword: true });
    expect(await send(view, "Approve")).toMatchObject({ refusal: { code: "password-needed" } });
    expect(await send(view, "Approve", { password: "not it" })).toMatchObject({ refusal: { code: "password-wrong" } });
    expect(await statusOf(runId)).toBe("in_progress");
    must(await send(view, "Approve", { password: PASSWORD }));
    expect(await statusOf(runId)).toBe("approved");
  });

  test("by somebody whose decision it is not is told neither", async () => {
    const { view } = await weighing("Hidden", { asksPassword: true });
    const other = await aPerson();
    const given = { interviewId: view.interviewId, screen: view.screen.name, values: {}, direction: "next" } as const;
    expect(await sendScreen(other, { ...given, key: newId("command") })).toMatchObject({
      refusal: { code: "not-found" },
    });
  });
});
