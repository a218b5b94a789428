import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { record } from "../../db/schema/records";
import { interview } from "../../db/schema/work";
import { requestApproval } from "../../lib/approvals/commands";
import { addApprover } from "../../lib/approvals/steer";
import { newId } from "../../lib/ids";
import type { ScreenView } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { sentenceOf } from "../../lib/refusals";
import { sendScreen } from "../../lib/work/send-screen";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aDecidingFlow } from "../builders/flows";
import { opened, screen, sent } from "../builders/interviews";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, openItems, stateNow, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const PASSWORD = "correct horse battery";
const boss = await again(await aPerson({ password: PASSWORD }));
const assignee = { type: "user", value: { literal: boss.username } };
await activated(aDecidingFlow());

const aProcessWith = (
  name: string,
  step: { readonly flow: string; readonly assignee: object },
  approval: object = {},
) => anApprovalProcess([aStage("First", [anApprovalStep("One", step)])], { name, approval });

async function requested(definitionId: string, by: Person = team.ann) {
  const request = { definitionId, recordId: await aRecord("Thing", {}, team.ann), comments: "" };
  const { runId } = must(await commanded(by, (tx) => requestApproval(tx, by, request)));
  return runId;
}
const withItem = async (runId: string) => ({ runId, workItemId: (await theItem(runId)).workItemId });

async function asked(name: string, { approval = {}, to = assignee, by = team.ann }: Asked = {}) {
  const { definitionId } = await activated(aProcessWith(name, { flow: "Weigh", assignee: to }, approval));
  return withItem(await requested(definitionId, by));
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

  test.each([
    ["keep_open", "in_progress", 1],
    ["fail", "error", 0],
  ] as const)(
    "is none while nobody sent one: screens that end as they are opened have failed (%s)",
    async (onScreenFault, status, open) => {
      await activated(aDecidingFlow("Look"));
      const step = { flow: "Look", assignee, onScreenFault };
      const { definitionId } = await activated(aProcessWith(`Looking_${onScreenFault}`, step));
      // A version that came after the process was looked at.
      const values = { Name: { literal: "Made by looking" } };
      const when = { requirements: [{ left: "approvalDecision", operator: "is_null", right: { literal: true } }] };
      const outcomes = [{ name: "Small", label: "Small", when, next: "Say" }];
      const assignments = [{ variable: "approvalDecision", value: { literal: "Approve" } }];
      const around = [
        { type: "create_records", name: "Make", label: "Make", object: "Thing", values, next: "Amount" },
        { type: "decision", name: "Amount", label: "Amount", outcomes, defaultNext: "Screen" },
        { type: "assignment", name: "Say", label: "Say", assignments, next: null },
      ];
      await activated(aDecidingFlow("Look", around));
      const { runId, workItemId } = await withItem(await requested(definitionId));
      const message = expect.stringContaining("Look ended before it showed a screen");
      expect(must(await opened(boss, workItemId))).toEqual({ type: "failed", message });
      expect(await statusOf(runId)).toBe(status);
      expect(await openItems(runId)).toHaveLength(open);
      expect((await stateNow(runId)).items).toMatchObject([{ outcome: null }]);
      expect(await db().select().from(record).where(eq(record.name, "Made by looking"))).toEqual([]);
      const [kept] = await db().select().from(interview).where(eq(interview.workItemId, workItemId));
      expect(kept?.error).toContain("nobody decides by opening");
    },
  );

  test.each(["unanimous", "beside"] as const)(
    "that comes when another's had closed it is told that one (%s)",
    async (how) => {
      const [ada, ben] = [await again(await aPerson({ name: "Ada" })), await again(await aPerson({ name: "Ben" }))];
      const { name } = await aGroup(undefined, [ada, ben]);
      const group = { type: "group", value: { literal: name } };
      const own = { name: "Not_Now", label: "Not now", does: "reject" };
      const step =
        how === "unanimous"
          ? { flow: "Weigh", assignee: group, rule: { type: "unanimous" }, rejectNeedsReason: false }
          : { flow: "Weigh_Own", assignee: { type: "user", value: { literal: ada.username } }, outcomes: [own] };
      await activated(aDecidingFlow("Weigh_Own", [], ["Approve", "Reject", "Not_Now"]));
      const { definitionId } = await activated(aProcessWith(`Late_${how}`, step));
      const runId = await requested(definitionId);
      const itemOf = async ({ userId }: Person) =>
        (await openItems(runId)).find(({ assigneeId }) => assigneeId === userId)?.workItemId ?? "";
      if (how === "beside") {
        const added = { workItemId: await itemOf(ada), userId: ben.userId, reason: "four eyes" };
        must(await commanded(team.admin, (tx) => addApprover(tx, team.admin, added)));
      }
      const late = screen(await opened(ben, await itemOf(ben)));
      const first = screen(await opened(ada, await itemOf(ada)));
      must(await sent(ada, first, { approvalDecision: how === "unanimous" ? "Reject" : "Not_Now" }));
      const told = await sent(ben, late, { approvalDecision: "Approve" });
      expect(told.ok ? "" : sentenceOf(told.refusal)).toContain(
        how === "unanimous" ? "Ada already rejected this" : "Ada already decided this as “Not now”",
      );
    },
  );

  test("that comes too late for them, said once already, is not taken, and what they chose is kept", async () => {
    const { name, groupId } = await aGroup(undefined, [boss, await aPerson()]);
    const { runId, workItemId } = await asked("Twice", { to: { type: "group", value: { literal: name } } });
    const view = screen(await opened(boss, workItemId));
    const added = { workItemId, userId: boss.userId, reason: "Look twice" };
    must(await commanded(team.admin, (tx) => addApprover(tx, team.admin, added)));
    const beside = (await openItems(runId)).find(({ assigneeId }) => assigneeId !== groupId);
    must(await send(screen(await opened(boss, beside?.workItemId ?? "")), "Approve"));
    const late = await send(view, "Reject");
    expect(late).toMatchObject({ refusal: { code: "said-already" } });
    expect(late.ok ? "" : sentenceOf(late.refusal)).toContain("what you typed is still here");
    const [kept] = await db().select().from(interview).where(eq(interview.interviewId, view.interviewId));
    expect(kept).toMatchObject({ status: "open", draft: { approvalDecision: "Reject" } });
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
