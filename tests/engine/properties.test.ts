import fc from "fast-check";
import { expect, test } from "vitest";
import { fold } from "../../lib/engine/apply";
import type { Command } from "../../lib/engine/command";
import { orchestration, type Play, start, tell, type World } from "./play";

/**
 * Random small definitions and random commands: whatever comes, the engine does not throw, its invariants (asserted in every decision) hold, a
 * refusal changes nothing, and the state is the fold of the history. Counts say that the test did more than exercise refusals.
 */
const NAMES = ["A", "B", "C"] as const;
const STAGES = ["S", "T", "U"] as const;

const requirement = fc.record({
  left: fc.constantFrom(
    "$Record.Size",
    ...STAGES.flatMap((stage) => NAMES.map((name) => `${stage}${name}.Status`)),
    "SA.Outputs.approvalDecision",
    "kept",
  ),
  operator: fc.constantFrom("equals", "not_equals", "is_null"),
  right: fc.constantFrom(
    { literal: "Completed" },
    { literal: "In Progress" },
    { literal: 1 },
    { literal: true },
    { literal: "Approve" },
  ),
});
const condition = fc.record({
  logic: fc.constantFrom("all", "any"),
  requirements: fc.array(requirement, { minLength: 1, maxLength: 2 }),
});
const requirements = fc.record({ type: fc.constant("requirements"), condition });
const flow = fc.record({
  type: fc.constant("evaluation_flow"),
  flow: fc.constantFrom("Yes", "No", "Sometimes", "Sometimes", "Yes", "Broken"),
});

const stepIn = (stage: string, name: string, isApproval: boolean) =>
  fc
    .record({
      kind: fc.constantFrom(
        isApproval ? "approval" : "interactive",
        isApproval ? "approval" : "interactive",
        "background",
      ),
      entry: fc.oneof(
        { weight: 5, arbitrary: fc.constant({ type: "stage_starts" }) },
        {
          weight: 3,
          arbitrary: fc.constantFrom(...NAMES).map((other) => ({ type: "step_completed", step: `${stage}${other}` })),
        },
        { weight: 2, arbitrary: requirements },
        { weight: 1, arbitrary: flow },
      ),
      exit: fc.oneof(
        { weight: 5, arbitrary: fc.constant({ type: "flow_completed" }) },
        { weight: 1, arbitrary: requirements },
        { weight: 1, arbitrary: flow },
      ),
      assignee: fc.oneof(
        {
          weight: 12,
          arbitrary: fc.constantFrom(
            { type: "user", value: { literal: "bob" } },
            { type: "user", value: { literal: "ann" } },
            { type: "group", value: { literal: "Team" } },
            { type: "resource", value: { ref: "$Record.Boss" } },
          ),
        },
        { weight: 1, arbitrary: fc.constant({ type: "queue", value: { literal: "Nowhere" } }) },
      ),
      optional: fc.boolean(),
      onReject: fc.constantFrom("stop", "continue"),
      flow: fc.constantFrom("Sync", "Sync", "Sync", "Async", "Async", "Async", "Fails"),
      outputs: fc.constantFrom([], [{ from: "approvalDecision", to: "kept" }]),
    })
    .map(({ kind, exit, assignee, onReject, flow: called, ...common }) => {
      const base = { ...common, kind, name: `${stage}${name}`, label: name };
      if (kind === "background") return { ...base, flow: called };
      return kind === "approval" ? { ...base, exit, assignee, onReject } : { ...base, exit, assignee, flow: "Screens" };
    });

/** Mostly onwards; back, into a loop, now and then. */
const onwards = (name: string) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...["T", "U", "D", null].slice({ S: 0, T: 1, U: 2, D: 3 }[name] ?? 0)) },
    { weight: 1, arbitrary: fc.constantFrom("S", "T", "U", "D") },
  );
const stageOf = (name: string, isApproval: boolean) =>
  fc.record({
    type: fc.constant("stage"),
    name: fc.constant(name),
    label: fc.constant(name),
    next: onwards(name),
    steps: fc
      .integer({ min: 1, max: 3 })
      .chain((count) => fc.tuple(...NAMES.slice(0, count).map((step) => stepIn(name, step, isApproval)))),
    exit: fc.oneof(
      { weight: 5, arbitrary: fc.constant({ type: "all_steps_completed" }) },
      { weight: 1, arbitrary: requirements },
      { weight: 1, arbitrary: flow },
    ),
  });
const decision = fc.record({
  type: fc.constant("decision"),
  name: fc.constant("D"),
  label: fc.constant("D"),
  defaultNext: onwards("D"),
  outcomes: fc
    .record({ name: fc.constant("One"), label: fc.constant("One"), when: condition, next: onwards("D") })
    .map((outcome) => [outcome]),
});
const definition = fc.boolean().chain((isApproval) =>
  fc.tuple(...STAGES.map((name) => stageOf(name, isApproval)), decision).map((elements) =>
    orchestration({
      elements,
      processType: isApproval ? "approval" : "orchestrator",
      variables: [{ name: "kept", type: "text" }],
    }),
  ),
);

const act = fc.record({
  what: fc.constantFrom(
    "complete",
    "complete",
    "complete",
    "complete",
    "claim",
    "takeOver",
    "release",
    "reassign",
    "ends",
    "ends",
    "fails",
    "wake",
    "wake",
    "misses",
    "cancel",
    "retry",
    "retry",
  ),
  which: fc.nat(9),
  who: fc.constantFrom("bob", "bob", "bob", "ann", "eve"),
  says: fc.constantFrom("Approve", "Approve", "Reject", "Maybe"),
  size: fc.constantFrom(1, 2, null),
});
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

const pick = <T>(rows: readonly T[], which: number): T | undefined => rows[which % Math.max(1, rows.length)];

function commandOf(play: Play, { what, which, says }: Act): Command {
  const { items = [], steps = [] } = play.state ?? {};
  const open = items.filter(({ status }) => status === "assigned");
  const workItemId = (pick(which < 8 && open.length > 0 ? open : items, which) ?? { id: "wi_none" }).id;
  if (play.state?.run.status === "error" && which > 3) return { type: "retry", reason: "again" };
  const running = steps.filter(({ status, kind }) => status === "in_progress" && kind === "background");
  const stepRunId = (pick(running.length > 0 ? running : steps, which) ?? { id: "stp_none" }).id;
  const nothingRuns = running.length === 0 && which < 8;
  switch (nothingRuns && (what === "ends" || what === "fails") ? "complete" : what) {
    case "complete":
      return { type: "complete-work-item", workItemId, outputs: { approvalDecision: says } };
    case "claim":
    case "takeOver":
      return { type: "claim-work-item", workItemId, takeOver: what === "takeOver" };
    case "release":
      return { type: "release-work-item", workItemId };
    case "reassign":
      return {
        type: "reassign-work-item",
        workItemId,
        to: { type: "user", id: which % 2 ? "eve" : "bob" },
        reason: "busy",
      };
    case "ends":
      return { type: "flow-finished", stepRunId, outputs: { approvalDecision: says } };
    case "fails":
      return { type: "flow-failed", stepRunId, error: "boom", element: null };
    case "wake":
      return { type: "wake", cause: { type: "record" } };
    case "misses":
      return { type: "wake-failed", error: "boom" };
    case "cancel":
      return which > 7 ? { type: "cancel", reason: "enough" } : { type: "wake", cause: { type: "record" } };
    default:
      return { type: "retry", reason: "again" };
  }
}

/** Usually whoever may: most commands are to be legal. */
function doerOf({ state }: Play, command: Command, { who, which }: Act): string {
  const item = "workItemId" in command ? state?.items.find(({ id }) => id === command.workItemId) : undefined;
  if (!item || which > 7) return who;
  return item.claimedBy ?? (item.assignee.type === "user" ? item.assignee.id : "eve");
}

const worldOf = (): Partial<World> => ({
  record: { Size: null, Boss: "bob" },
  flows: {
    Sync: { outputs: { approvalDecision: "Approve" } },
    Async: { isAsynchronous: true },
    Fails: { error: "boom" },
  },
  answers: { Yes: true, No: false, Sometimes: false, Broken: "broken" },
  missing: ["Nowhere"],
});

test("random runs keep every promise", { timeout: 600_000 }, () => {
  const count = { applied: 0, refused: 0, ended: 0, items: 0 };
  fc.assert(
    fc.property(
      definition,
      fc.array(act, { maxLength: 25, size: "max" }),
      fc.constantFrom(1, 2, null),
      (made, acts, size) => {
        const given = worldOf();
        const play = start(made, { ...given, record: { ...given.record, Size: size } });
        for (const one of acts) {
          if (["completed", "canceled"].includes(play.state?.run.status ?? "") && one.which > 1) continue;
          play.world.record.Size = one.size;
          play.world.answers.Sometimes = one.which > 4;
          const command = commandOf(play, one);
          const { state } = play;
          const events = play.history.length;
          const isBaton = ["flow-finished", "flow-failed", "wake", "wake-failed"].includes(command.type);
          tell(play, command, isBaton ? { type: "system" } : { type: "user", id: doerOf(play, command, one) });
          count[play.refusal ? "refused" : "applied"]++;
          if (play.refusal) expect([play.state, play.history.length]).toEqual([state, events]);
        }
        if (play.state?.run.endedAt) count.ended++;
        count.items += play.state?.items.filter(({ completionKind }) => completionKind === "done").length ?? 0;
        expect(fold(play.history)).toEqual(play.state);
      },
    ),
    { numRuns: Number(process.env.ENGINE_RUNS ?? 1_000) },
  );
  // About two of five commands are legal, and never fewer than one of three, or the test would only exercise refusals (reliability 3.3).
  expect(count.applied / (count.applied + count.refused)).toBeGreaterThan(1 / 3);
  expect(count.items).toBeGreaterThan(250);
  expect(count.ended).toBeGreaterThan(100);
});

test("the same question has the same answer, byte for byte (I50)", () => {
  const elements = [
    {
      type: "stage",
      name: "S",
      label: "S",
      next: null,
      steps: [
        {
          kind: "interactive",
          name: "A",
          label: "A",
          flow: "Screens",
          assignee: { type: "user", value: { literal: "bob" } },
        },
      ],
    },
  ];
  const histories = [1, 2].map(() => start(orchestration({ elements })).history.map(({ event }) => event.type));
  expect(histories[0]).toEqual(histories[1]);
});
