import { expect, test } from "vitest";
import { requestApproval } from "../../lib/approvals/commands";
import { lookAhead } from "../../lib/approvals/look-ahead";
import { previewChain } from "../../lib/approvals/preview-chain";
import type { Person } from "../../lib/people/current-person";
import { fingerprint } from "../actions/fingerprint";
import { aBackgroundStep, activated, anApprovalProcess, anApprovalStep, aStage } from "../builders/definitions";
import { aGroup, again, aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

const team = await aTeamWithThings();
const judge = await again(await aPerson({ name: "Jo Judge" }));
const toGroup = { assignee: { type: "group", value: { literal: "Finance" } } };
await aGroup("Finance", [judge, await aPerson({ name: "Fay Finance" })]);

/** The manager decides, a flow notes it, then Finance, in a stage of its own above an amount. */
const chain = anApprovalProcess([
  aStage("Team", [anApprovalStep("Manager")], { next: "Big" }),
  {
    type: "decision",
    name: "Big",
    label: "Big",
    outcomes: [
      {
        name: "Yes",
        label: "Yes",
        next: "Money",
        when: {
          logic: "all",
          requirements: [{ left: "$Record.Amount", operator: "greater_than", right: { literal: 50 } }],
        },
      },
    ],
    defaultNext: null,
  },
  aStage("Money", [
    aBackgroundStep("Note"),
    anApprovalStep("Finance", { ...toGroup, entry: { type: "step_completed", step: "Note" } }),
  ]),
]);
const { definitionId } = await activated(chain);

async function submitted(amount: number, person: Person = team.ann) {
  const recordId = await aRecord("Thing", { Amount: amount }, person);
  const request = { definitionId, recordId, comments: "" };
  const { runId } = must(await commanded(person, (tx) => requestApproval(tx, person, request)));
  return theItem(runId);
}

test("Approve says who gets it next, what runs and who is mailed, and leaves nothing behind", async () => {
  const { workItemId } = await submitted(100);
  const before = await fingerprint();
  const ahead = must(await lookAhead(team.boss, { workItemId, outcome: "Approve" }));
  expect(ahead).toEqual({
    next: [{ label: "Finance", stageLabel: "Money", name: "Finance" }],
    runs: ["Note"],
    mails: { names: ["Fay Finance", "Jo Judge"], more: 0 },
    ends: null,
    stops: [],
  });
  expect(await fingerprint()).toEqual(before);
});

test("Approve of a small amount, and Reject, say that it ends, how, and who hears of it", async () => {
  const { workItemId } = await submitted(10);
  const told = { names: ["Ann Asks"], more: 0 };
  expect(must(await lookAhead(team.boss, { workItemId, outcome: "Approve" }))).toMatchObject({
    next: [],
    ends: "approved",
    mails: told,
  });
  expect(must(await lookAhead(team.boss, { workItemId, outcome: "Reject" }))).toMatchObject({
    next: [],
    ends: "rejected",
    mails: told,
  });
});

test("whoever may not decide is not told what would come of it", async () => {
  const { workItemId } = await submitted(10);
  expect(await lookAhead(team.ann, { workItemId, outcome: "Approve" })).toMatchObject({ ok: false });
  const stranger = await aPerson();
  expect(await lookAhead(stranger, { workItemId, outcome: "Approve" })).toMatchObject({
    refusal: { code: "not-found" },
  });
});

test("the whole chain is known before anything is submitted, and nothing of it stays", async () => {
  const recordId = await aRecord("Thing", { Amount: 100 }, team.ann);
  const before = await fingerprint();
  const preview = must(await previewChain(team.ann, { definitionId, recordId, comments: "", firstApprover: null }));
  expect(preview).toEqual({
    steps: [
      {
        stageLabel: "Team",
        label: "Manager",
        who: "Bea Boss",
        type: "user",
        rule: null,
        because: "the stage “Team” began",
        skipped: null,
        problem: null,
      },
      {
        stageLabel: "Money",
        label: "Finance",
        who: "Finance",
        type: "group",
        rule: null,
        because: "“Note” was completed",
        skipped: null,
        problem: null,
      },
    ],
    ends: "approved",
    stops: [],
  });
  expect(await fingerprint()).toEqual(before);
});

test("what nobody could decide is said before it is submitted", async () => {
  const alone = await again(await aPerson({ name: "Al Alone" }));
  const recordId = await aRecord("Thing", { Amount: 100 }, alone);
  const preview = must(await previewChain(alone, { definitionId, recordId, comments: "", firstApprover: null }));
  expect(preview).toMatchObject({
    steps: [],
    ends: "error",
    stops: [expect.stringContaining("Nobody can be given the work")],
  });
});

test("a preview says what keeps it from being submitted at all", async () => {
  const recordId = await aRecord("Thing", {}, team.ann);
  const none = { definitionId: "None", recordId, comments: "", firstApprover: null };
  expect(await previewChain(team.ann, none)).toMatchObject({ refusal: { code: "not-found" } });
});

test("a level that nobody need decide is told too, with the reason", async () => {
  const small = { requirements: [{ left: "$Record.Amount", operator: "less_than", right: { literal: 50 } }] };
  const levels = [
    aStage("One", [anApprovalStep("Small", { autoApprove: small })], { next: "Two" }),
    aStage("Two", [anApprovalStep("Second")]),
  ];
  const { definitionId: skipping } = await activated(anApprovalProcess(levels, { name: "Skipping" }));
  const recordId = await aRecord("Thing", { Amount: 10 }, team.ann);
  const asked = { definitionId: skipping, recordId, comments: "", firstApprover: null };
  expect(must(await previewChain(team.ann, asked)).steps).toMatchObject([
    { label: "Small", who: "Nobody", skipped: expect.stringContaining("own rule") },
    { label: "Second", who: "Bea Boss", skipped: null },
  ]);
});
