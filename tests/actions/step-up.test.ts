import { expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { overrideItem } from "../../lib/approvals/actions";
import { requestApproval } from "../../lib/approvals/commands";
import { newId } from "../../lib/ids";
import type { Person } from "../../lib/people/current-person";
import { itemDetail } from "../../lib/work/queries/item-detail";
import { activated, anApprovalProcess } from "../builders/definitions";
import { again, aPerson, aSession } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, stateNow, theItem } from "../builders/runs";
import { asking } from "../support/request";

vi.mock("next/headers", () => import("../support/request"));

const password = "correct horse battery";

const { ann, boss } = await aTeamWithThings();
const process = anApprovalProcess(undefined, { name: "Guarded", approval: { asksPassword: true } });
const { definitionId } = await activated(process);

/** Something to decide in a process that wants the password again, and an admin who may decide it in the approver's place. */
async function guarded() {
  const admin = await again(await aPerson({ name: "Ada Override", role: "admin", password }));
  const request = { definitionId, recordId: await aRecord("Thing", {}, ann), comments: "" };
  const { runId } = must(await commanded(ann, (tx) => requestApproval(tx, ann, request)));
  const { workItemId } = await theItem(runId);
  const override = async (person: Person, more: object = {}) => {
    const input = { workItemId, outcome: "Approve", comments: "by phone", key: newId("command"), ...more };
    return asking({ sessionId: await aSession(person) }, () => overrideItem(input));
  };
  return { admin, workItemId, override, statusNow: async () => (await stateNow(runId)).submission?.status };
}

test("an override is done only behind the admin's password, where a decision is", async () => {
  const { admin, workItemId, override, statusNow } = await guarded();
  expect((await itemDetail(db(), admin, workItemId))?.approval).toMatchObject({
    mayOverride: true,
    asksPassword: true,
  });
  expect(await override(admin)).toMatchObject({ ok: false, code: "password-needed" });
  expect(await override(admin, { password: "a guess" })).toMatchObject({ ok: false, code: "password-wrong" });
  // Whoever may not is not told that there is a password to give.
  expect(await override(boss)).toMatchObject({ ok: false, code: "not-your-work" });
  expect(await statusNow()).toBe("in_progress");
  expect(await override(admin, { password })).toMatchObject({ ok: true });
  expect(await statusNow()).toBe("approved");
});

test("whoever has no password is told how to come by one, and nothing is decided", async () => {
  const { override, statusNow } = await guarded();
  const byLink = await again(await aPerson({ name: "Lena Link", role: "admin" }));
  expect(await override(byLink, { password: "a guess" })).toMatchObject({
    ok: false,
    code: "password-none",
    message: expect.stringContaining("ask an administrator"),
  });
  expect(await statusNow()).toBe("in_progress");
});
