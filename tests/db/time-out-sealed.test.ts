import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq, inArray } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { history, record } from "../../db/schema";
import { stampClock } from "../../db/transaction";
import { requestApproval } from "../../lib/approvals/commands";
import { addApprover } from "../../lib/approvals/steer";
import { dispatch } from "../../lib/runs/dispatch";
import { exportRun } from "../../lib/runs/export-run";
import { aBackgroundStep, activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aPdf, attached } from "../builders/files";
import { aBackgroundFlow } from "../builders/flows";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

/** S79 of what nobody decided: how the request stood when its time ran out is in the run's chain. */
const { ann, boss, admin } = await aTeamWithThings();
const receipt = aPdf("A receipt");
const bea = await aPerson({ name: "Bea" });
const changes = aBackgroundFlow("Sets_Amount", {
  start: "Change",
  elements: [
    {
      ...{ type: "update_records", name: "Change", label: "Change", object: "Thing", next: null },
      record: "recordId",
      values: { Amount: { literal: 7 } },
    },
  ],
});
await activated(changes);
const due = { minutes: 60, timeOut: { afterMinutes: 60, outcome: "Reject" } };
const step = anApprovalStep("Step", {
  due,
  assignee: { type: "user", value: { literal: bea.username } },
  onReject: { goTo: "After" },
});
const sets = aBackgroundStep("Set", { flow: "Sets_Amount", inputs: { recordId: { ref: "$Record.Id" } } });
const { definitionId } = await activated(
  anApprovalProcess([aStage("First", [step], { next: "After" }), aStage("After", [sets])], {
    approval: { policy: "Only what is needed", facts: [{ label: "Sum", value: "$Record.Amount" }] },
  }),
);

async function submitted() {
  const recordId = await aRecord("Thing", { Amount: 100 }, ann);
  must(await attached(ann, recordId, { name: "receipt.pdf", bytes: receipt }));
  const ask = { definitionId, recordId, comments: "" };
  return { recordId, ...must(await commanded(ann, (tx) => requestApproval(tx, ann, ask))) };
}
const sealedIn = (runId: string) =>
  db()
    .select()
    .from(history)
    .where(and(eq(history.runId, runId), inArray(history.type, ["step-timed-out", "time-out-sealed"])))
    .orderBy(history.seq);
const stood = {
  facts: [{ label: "Sum", value: 100 }],
  files: [{ name: "receipt.pdf", sha256: createHash("sha256").update(receipt).digest("hex") }],
  definition: { version: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  policy: "Only what is needed",
};

test("as it was before what followed from it; the export tells it", async () => {
  const { runId, recordId } = await submitted();
  must(
    await commanded(null, (tx) => {
      stampClock(tx, Date.now() + 61 * 60_000);
      return dispatch(tx, "system", { runId, command: { type: "wake", cause: { type: "clock" } } });
    }),
  );
  const [row] = await db().select({ data: record.data }).from(record).where(eq(record.recordId, recordId));
  expect(row?.data).toMatchObject({ Amount: 7 });
  expect(await sealedIn(runId)).toMatchObject([
    { type: "step-timed-out" },
    { type: "time-out-sealed", actorType: "system", actorId: null, personal: { seen: stood } },
  ]);
  const path = join(mkdtempSync(join(tmpdir(), "evidence-")), "evidence.json");
  writeFileSync(path, JSON.stringify(await exportRun(db(), admin, runId)));
  const told = execFileSync(process.execPath, ["lib/launch/verify-export.mjs", path], { encoding: "utf8" });
  expect(told).toMatch(
    /Nobody decided on stp_\w+ in time: reject\n {4}It was:\n {4}Sum: 100\n {4}attached: receipt.pdf, SHA-256 /,
  );
  expect(told).toContain(" 0 problems");
});

test("with nobody as its actor, also where somebody's act found that the time had run out", async () => {
  const { runId } = await submitted();
  const { workItemId } = await theItem(runId);
  const { userId } = await aPerson();
  must(
    await commanded(boss, (tx) => {
      stampClock(tx, Date.now() + 61 * 60_000);
      return addApprover(tx, boss, { workItemId, userId, reason: "late" });
    }),
  );
  const [out, sealed] = await sealedIn(runId);
  expect(out).toMatchObject({ type: "step-timed-out", actorId: boss.userId });
  expect(sealed).toMatchObject({ actorType: "system", actorId: null, personal: { seen: stood } });
});
