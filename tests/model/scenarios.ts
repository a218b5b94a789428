import type { Actor, Command } from "../../lib/engine/command";
import type { Orchestration } from "../../lib/engine/definition";
import type { Values } from "../../lib/engine/state";
import { afterStep, approval, background, human, orchestration, requires, stage } from "../engine/play";
import type { Move } from "./moves";
import type { World } from "./world";

/** Runs whose histories are kept as they were recorded; together they hold every kind of event. */
export type Scenario = {
  readonly name: string;
  readonly definition: Orchestration;
  readonly world?: Partial<World>;
  readonly start?: Partial<Extract<Command, { type: "start" }>>;
  readonly moves: readonly (Move & { readonly world?: Partial<World> })[];
};

const user = (id: string): Actor => ({ type: "user", id });
const by = (id: string, command: Command, world?: Partial<World>) => ({
  command,
  by: user(id),
  ...(world && { world }),
});
const baton = (command: Command, world?: Partial<World>) => ({
  command,
  by: { type: "system" } as const,
  ...(world && { world }),
});
const done = (item: string, outputs: Values = {}, who = "bob") =>
  by(who, { type: "complete-work-item", workItemId: item, outputs });
const brought = (step: string, outputs: Values = { result: "ok" }) =>
  baton({ type: "flow-finished", stepRunId: step, outputs });
const failed = (step: string) => baton({ type: "flow-failed", stepRunId: step, error: "it broke", element: "Get" });
const keepLock = (stepRunId: string, keeps: boolean, editorId: string | null = null) =>
  baton({ type: "keep-lock", stepRunId, keeps, editorId });
const wake = (world?: Partial<World>) => baton({ type: "wake", cause: { type: "record" } }, world);
const asked = (type: "suspend" | "resume" | "cancel" | "retry") => by("ann", { type, reason: "because" });

const approvals = { processType: "approval" };
const submission = { submission: { submittedBy: "ann", comments: "please" } };
const external = (name: string) => ({ kind: "external", name, label: name, operation: "Post" });
const team = { assignee: { type: "group", value: { literal: "Team" } } };
const job = { processing: "asynchronous" };
const lock = { locksRecord: true };
const decision = {
  type: "decision",
  name: "Fork",
  label: "Fork",
  outcomes: [{ name: "Again", label: "Again", when: requires("answer", "equals", "again").condition, next: "First" }],
  defaultNext: null,
};
const answer = { outputs: [{ from: "answer", to: "answer" }] };
const variables = [{ name: "answer", type: "text" }];
const made = (elements: unknown[], more: object = {}) => orchestration({ elements, variables, ...more });

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "two-stages",
    definition: made([
      stage("First", [background("Prepare"), human("Ask", { ...afterStep("Prepare"), ...answer })], { next: "Second" }),
      stage("Second", [background("Work", job), external("Tell")]),
    ]),
    moves: [
      done("First#1/Ask#1", { answer: "yes", Comments: "well" }),
      brought("Second#1/Work#1"),
      brought("Second#1/Tell#1"),
    ],
  },
  {
    name: "approved",
    definition: made([stage("First", [approval("Chief"), approval("Board", afterStep("Chief"))])], approvals),
    start: submission,
    moves: ["Chief", "Board"].map((step) =>
      done(`First#1/${step}#1`, { approvalDecision: "Approve", approvalComments: "fine" }),
    ),
  },
  {
    name: "rejected",
    definition: made([stage("First", [approval("Chief"), approval("Board")])], approvals),
    start: submission,
    moves: [done("First#1/Chief#1", { approvalDecision: "Reject", approvalComments: "no" })],
  },
  {
    name: "loop",
    definition: made([stage("First", [human("Ask", answer)], { next: "Fork" }), decision]),
    moves: [done("First#1/Ask#1", { answer: "again" }), done("First#2/Ask#1", { answer: "enough" })],
  },
  {
    name: "fault-path",
    definition: made([
      stage("First", [background("Work", job), human("Ask")], { faultNext: "Repair" }),
      stage("Repair", [human("Mend")]),
    ]),
    moves: [failed("First#1/Work#1"), done("Repair#1/Mend#1")],
  },
  {
    name: "retried",
    definition: made([
      stage("First", [
        background("Work", { ...job, inputs: { size: { ref: "$Record.Size" } } }),
        human("Ask", { exit: requires("$Record.Size", "equals", 2) }),
      ]),
    ]),
    moves: [
      done("First#1/Ask#1", { answer: "yes" }),
      failed("First#1/Work#1"),
      by("ann", { type: "retry", reason: "mended", inputs: { Work: { size: 7 } } }),
      brought("First#1/Work#2"),
      wake({ record: { Size: 2 } }),
    ],
  },
  {
    name: "suspended",
    definition: made([stage("First", [background("Work", job), background("More", job), human("Ask")])]),
    moves: [
      asked("suspend"),
      brought("First#1/Work#1"),
      done("First#1/Ask#1"),
      failed("First#1/More#1"),
      asked("resume"),
    ],
  },
  {
    name: "canceled",
    definition: made([stage("First", [approval("Chief")])], approvals),
    start: submission,
    moves: [asked("cancel")],
  },
  {
    name: "by-hand",
    definition: made([stage("First", [human("Ask"), human("Late", afterStep("Ask"))]), stage("Second", [human("Go")])]),
    moves: [
      by("ann", { type: "skip-step", stepRunId: "First#1/Ask#1", reason: "known", outputs: { answer: "yes" } }),
      by("ann", { type: "go-to-stage", stage: "Second", reason: "enough" }),
      by("ann", { type: "fail-step", stepRunId: "Second#1/Go#1", reason: "wrong" }),
      by("ann", { type: "go-to-stage", stage: "Second", reason: "once more" }),
    ],
  },
  {
    name: "group-work",
    definition: made([stage("First", [human("Ask", team)])]),
    moves: [
      by("bob", { type: "claim-work-item", workItemId: "First#1/Ask#1", takeOver: false }),
      by("eve", { type: "claim-work-item", workItemId: "First#1/Ask#1", takeOver: true }),
      by("eve", { type: "release-work-item", workItemId: "First#1/Ask#1" }),
      baton({ type: "mail-undelivered", workItemId: "First#1/Ask#1", assignmentNo: 1 }),
      by("ann", {
        type: "reassign-work-item",
        workItemId: "First#1/Ask#1",
        to: { type: "user", id: "eve" },
        reason: "busy",
      }),
      done("First#1/Ask#1", { Comments: "at last" }, "eve"),
    ],
  },
  {
    name: "locks-and-waits",
    definition: made([
      stage("First", [human("Edit", lock)], { next: "Second" }),
      stage("Second", [human("Go", { entry: requires("$Record.Size", "greater_than", 4) })]),
    ]),
    world: { lockedBy: "run_other" },
    moves: [
      baton({ type: "wake", cause: { type: "lock" } }, { lockedBy: null }),
      done("First#1/Edit#1"),
      baton({ type: "wake-failed", error: "it broke" }),
      asked("retry"),
      wake({ record: { Size: 5 } }),
    ],
  },
  {
    name: "background-locks",
    definition: made([
      stage("First", [background("Hold", { ...job, ...lock }), external("Post"), human("Edit", lock)], {
        next: "Second",
      }),
      stage("Second", [background("Work", lock)]),
    ]),
    moves: [brought("First#1/Hold#1"), done("First#1/Edit#1"), brought("First#1/Post#1")],
  },
  {
    name: "flow-locks",
    definition: made([
      stage("First", [background("Hold", job)], { next: "Second" }),
      stage("Second", [human("Edit")], { next: "Third" }),
      stage("Third", [background("Free", job), human("Go")]),
    ]),
    moves: [
      keepLock("First#1/Hold#1", true, "eve"),
      brought("First#1/Hold#1"),
      done("Second#1/Edit#1"),
      keepLock("Third#1/Free#1", false),
      brought("Third#1/Free#1"),
    ],
  },
  {
    name: "evaluated",
    definition: made([
      stage("First", [human("Ask", { entry: { type: "evaluation_flow", flow: "Sometimes" } })], {
        exit: { type: "evaluation_flow", flow: "Yes" },
        next: "Second",
      }),
      stage("Second", [human("Go", { entry: { type: "evaluation_flow", flow: "Broken" } })]),
    ]),
    moves: [asked("retry")],
  },
  {
    name: "debug",
    definition: made([stage("First", [human("Ask", answer), background("Work", { ...job, ...afterStep("Ask") })])]),
    start: { debug: { playedBy: "dan", mocks: { Ask: { answer: "yes" } }, startStage: null } },
    moves: [brought("First#1/Work#1")],
  },
  {
    name: "overridden",
    definition: made([stage("First", [approval("Chief"), approval("Board")])], {
      ...approvals,
      approval: { allowsSelfApproval: true },
    }),
    start: { submission: { submittedBy: "bob", comments: "please" } },
    moves: [
      by("bob", {
        type: "complete-work-item",
        workItemId: "First#1/Chief#1",
        outputs: { approvalDecision: "Approve" },
        seen: { values: { "$Record.Size": 1 } },
      }),
      by("root", {
        type: "override-work-item",
        workItemId: "First#1/Board#1",
        outcome: "Approve",
        comments: "by phone",
      }),
    ],
  },
  {
    name: "submitted",
    definition: made([stage("First", [approval("Chief")])], approvals),
    start: submission,
    moves: [baton({ type: "seal-submission", revision: null, seen: { facts: [] } })],
  },
  {
    name: "handed-on",
    definition: made([stage("First", [background("Work")])]),
    world: { flows: { Work: { version: 1, isAsynchronous: false, gives: {}, isHandedOn: true } } },
    moves: [brought("First#1/Work#1")],
  },
  {
    name: "by-the-clock",
    definition: made(
      [
        stage("First", [
          approval("Small", { autoApprove: requires("$Record.Size", "equals", 1).condition }),
          approval("Chief", {
            due: {
              minutes: 60,
              remindAfter: [30],
              escalate: { afterMinutes: 60, to: "manager" },
              timeOut: { afterMinutes: 90, outcome: "Reject" },
            },
          }),
        ]),
      ],
      approvals,
    ),
    start: submission,
    moves: [
      ...[31, 61, 91].map((minutes) =>
        baton({ type: "wake", cause: { type: "clock" } }, { now: Date.UTC(2026, 0, 1) + minutes * 60_000 }),
      ),
      baton({ type: "seal-time-out", stepRunId: "First#1/Chief#1", seen: { facts: [] } }),
    ],
  },
];
