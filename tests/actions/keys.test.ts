import { expect, test, vi } from "vitest";
import { decide, decideManyItems } from "../../lib/approvals/actions";
import { requestApproval } from "../../lib/approvals/commands";
import { newId } from "../../lib/ids";
import type { AfterScreen, ScreenView } from "../../lib/interviews/schema";
import { startOrchestration } from "../../lib/runs/actions";
import { openInterview, submitScreen } from "../../lib/work/actions/interview";
import { activated, anApprovalProcess, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aScreenFlow } from "../builders/flows";
import { aSession } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";
import { asking } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

/**
 * A form keeps its key until it knows that it was taken, so that trying again after a broken connection does it once. What is changed in between is
 * something else: it is refused, never answered as if it were what was taken.
 */
const { ann, boss } = await aTeamWithThings();
const as = async <T>(person: typeof ann, act: () => Promise<T>) => asking({ sessionId: await aSession(person) }, act);
const REUSED = { ok: false, code: "key-reused" };

test("who approved and does not know it, and then rejects, is not told that it was rejected", async () => {
  const { definitionId } = await activated(anApprovalProcess(undefined, { name: "Plain_approval" }));
  const request = { definitionId, recordId: await aRecord("Thing", {}, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  const { workItemId } = await theItem(runId);
  const key = newId("command");
  const say = (decision: string, comments: string) => as(boss, () => decide({ workItemId, decision, comments, key }));
  expect(await say("approve", "")).toMatchObject({ ok: true });
  expect(await say("approve", "")).toMatchObject({ ok: true });
  expect(await say("reject", "too dear")).toMatchObject(REUSED);
  expect((await stateNow(runId)).submission?.status).toBe("approved");
});

test("a screen that is sent with other values is not taken for the one that was", async () => {
  const page = (name: string, next: string | null) => ({
    ...{ type: "screen", name, label: name, next },
    fields: [{ name: `said_${name}`, type: "text", label: "Said" }],
  });
  await activated(aScreenFlow("Pages", { start: "One", elements: [page("One", "Two"), page("Two", null)] }));
  const assignee = { type: "user", value: { literal: ann.username } };
  const steps = [anInteractiveStep("Fill", { assignee, flow: "Pages" })];
  const { runId } = await aRun(anOrchestration([aStage("Only", steps)], { name: "Paged" }), ann);
  const { workItemId } = await theItem(runId);
  const shown = await as(ann, () => openInterview({ workItemId, key: newId("command") }));
  if (!shown.ok) throw new Error(shown.message);
  const { interviewId } = shown.value as AfterScreen & ScreenView;
  const key = newId("command");
  const send = (said: string, shownAs = "before") => {
    const sent = { interviewId, screen: "One", values: { said_One: said }, direction: "next", shownAs, key } as const;
    return as(ann, () => submitScreen(sent));
  };
  expect(await send("here")).toMatchObject({ ok: true, value: { screen: { name: "Two" } } });
  // What it saved is on the page by now.
  expect(await send("here", "since")).toMatchObject({ ok: true, value: { screen: { name: "Two" } } });
  expect(await send("there")).toMatchObject(REUSED);
});

test("a start about another record is not taken for the first", async () => {
  const { definitionId } = await activated(
    anOrchestration([aStage("Only", [anInteractiveStep()])], { name: "Started" }),
  );
  const [one, other] = [await aRecord("Thing", {}, ann), await aRecord("Thing", {}, ann)];
  const key = newId("command");
  const start = (recordId: string) => as(ann, () => startOrchestration({ definitionId, recordId, key }));
  const first = await start(one);
  expect(first).toMatchObject({ ok: true });
  expect(await start(one)).toEqual(first);
  expect(await start(other)).toMatchObject(REUSED);
});

test("many that are decided under one key are each decided once, and not taken for something else that is said of them", async () => {
  const { definitionId } = await activated(anApprovalProcess(undefined, { name: "Many_approvals" }));
  const asked = async () => {
    const request = { definitionId, recordId: await aRecord("Thing", {}, ann), comments: "" };
    return must(await commanded(ann, (tx) => requestApproval(tx, ann, request))).runId;
  };
  const runIds = [await asked(), await asked()];
  const ids = (await Promise.all(runIds.map(theItem))).map(({ workItemId }) => workItemId);
  const key = newId("command");
  const say = (decision: "approve" | "reject") =>
    as(boss, () =>
      decideManyItems({ items: ids.map((workItemId) => ({ workItemId, comments: "so" })), decision, key }),
    );
  expect(await say("approve")).toMatchObject({ ok: true, value: { done: ids, failed: [] } });
  expect(await say("approve")).toMatchObject({ ok: true, value: { done: ids, failed: [] } });
  expect(await say("reject")).toMatchObject({ ok: true, value: { done: [] } });
  for (const runId of runIds) expect((await stateNow(runId)).submission?.status).toBe("approved");
});
