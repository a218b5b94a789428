import { expect, test } from "vitest";
import { stampClock } from "../../db/transaction";
import { requestApproval } from "../../lib/approvals/commands";
import { dispatch } from "../../lib/runs/dispatch";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow } from "../builders/runs";

const { ann } = await aTeamWithThings();

test.each([true, false])("not done in time by somebody without a manager, with a fallback: %s", async (hasFallback) => {
  const [alone, other] = [await aPerson(), await aPerson()];
  const due = { minutes: 60, escalate: { afterMinutes: 60, to: "manager" } };
  const step = anApprovalStep("Step", { due, assignee: { type: "user", value: { literal: alone.username } } });
  const fallbackAssignee = { type: "user", value: other.username };
  const process = anApprovalProcess([aStage("First", [step])], {
    ...{ name: `Due_${hasFallback}`, ...(hasFallback && { fallbackAssignee }) },
  });
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  const ask = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, ask)));
  const later = (minutes: number) =>
    commanded(null, (tx) => {
      stampClock(tx, Date.now() + minutes * 60_000);
      return dispatch(tx, "system", { runId, command: { type: "wake", cause: { type: "clock" } } });
    });
  must(await later(59));
  expect((await stateNow(runId)).items).toMatchObject([{ assignee: { id: alone.userId }, flag: null }]);
  must(await later(61));
  const then = hasFallback
    ? { assignee: { id: other.userId }, assignmentNo: 2, flag: null }
    : { assignee: { id: alone.userId }, assignmentNo: 1, flag: "not_escalated" };
  expect((await stateNow(runId)).items).toMatchObject([{ status: "assigned", ...then }]);
});
