import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestApproval } from "../../lib/approvals/commands";
import type { Orchestration } from "../../lib/engine/definition";
import { deliver } from "../../lib/notify/deliver";
import { openTransport, type Transport } from "../../lib/notify/open-transport";
import { reassignItem } from "../../lib/work/commands/reassign-item";
import { activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";
import { aMailServer, type MailServer } from "../support/mail-server";

const team = await aTeamWithThings();
let server: MailServer;
let transport: Transport;
beforeAll(async () => {
  server = await aMailServer();
  transport = openTransport(server.url);
});
afterAll(async () => {
  transport.close();
  await server.close();
});
beforeEach(() => {
  server.taken.length = 0;
});

async function submitted(process: Orchestration) {
  const { definitionId } = await activated(process);
  const recordId = await aRecord("Thing", { Amount: 4711, Status: "canary-status" }, team.ann);
  const input = { definitionId, recordId, comments: "Please, for Monday" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, input)));
  return { runId, recordId };
}

/** The mails that went to somebody, in their order. */
async function mailsTo({ email }: { readonly email: string }) {
  while ((await deliver(transport)).taken > 0);
  return server.taken.filter(({ recipients }) => recipients.includes(email)).map(({ mail }) => mail);
}

test("the approver's mail says who asks, their words and why it is on this desk, and names no value that the author did not mark (S56)", async () => {
  const condition = {
    requirements: [{ left: "$Record.Status", operator: "equals", right: { literal: "canary-status" } }],
  };
  const entry = { type: "requirements", condition };
  await submitted(anApprovalProcess([aStage("First", [anApprovalStep("Step", { entry })])]));
  const [mail] = await mailsTo(team.boss);
  expect(mail?.subject).toMatch(/^\[Approve\] /);
  expect(mail?.text).toContain("Ann Asks asks for your decision on “Step”");
  expect(mail?.text).toContain("Please, for Monday");
  expect(mail?.text).toContain("Here because its condition held. The process assigns it to you.");
  for (const part of [mail?.text, mail?.html]) {
    expect(part).not.toContain("canary-status");
    expect(part).not.toContain("4711");
  }
});

test("whoever it is given to instead is told by whom and why, in the same conversation", async () => {
  const { runId } = await submitted(anApprovalProcess());
  const { workItemId } = await theItem(runId);
  const to = { type: "user" as const, id: team.admin.userId };
  must(await commanded(team.boss, (tx) => reassignItem(tx, team.boss, { workItemId, to, reason: "I am away" })));
  const [mail] = await mailsTo(team.admin);
  expect(mail?.text).toContain("Bea Boss gave it to you: I am away");
  expect(mail?.references).toContain(runId);
});
