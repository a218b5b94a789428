import type { Actor, Command } from "../../lib/engine/command";
import type { Values } from "../../lib/engine/state";
import { anyOfApprovals, steerApproval, takeBack, wordsOf } from "./approval-moves";
import { type Choices, chance, oneOf, weighted } from "./choices";
import { byWhoMay } from "./doers";
import { isHuman, type ModelItem, type ModelRun, type ModelStep, openItems, openStage } from "./reference/run";

/** One act of somebody; ids of steps and items are the keys of steps. */
export type Move = { readonly command: Command; readonly by: Actor };

const BATON: Actor = { type: "system" };
const user = (id: string): Actor => ({ type: "user", id });

/** The next command: mostly one that makes sense now, sometimes any at all, sometimes one of before once more. */
export function makeMove(choices: Choices, run: ModelRun, earlier: readonly Move[]): Move {
  return byWhoMay(choices, run, anyMove(choices, run, earlier));
}

function anyMove(choices: Choices, run: ModelRun, earlier: readonly Move[]): Move {
  return weighted<() => Move>(choices, [
    [80, () => sensible(choices, run)],
    [8, () => anything(choices, run)],
    [earlier.length > 0 ? 8 : 0, () => oneOf(choices, earlier)],
  ])();
}

function outputsOf(choices: Choices, step: ModelStep, item?: ModelItem): Values {
  if (item?.kind === "question") return { answer: oneOf(choices, ["twelve", "twelve", ""]) };
  if (item?.kind === "revision") return { comments: oneOf(choices, ["mended", ""]) };
  if (item?.kind !== "approval") {
    const approvalDecision = oneOf(choices, ["Approve", "Reject", "", null]);
    return chance(choices, 60) ? { approvalDecision } : { approvalDecision, Comments: "well" };
  }
  const approvalDecision = chance(choices, 8) ? "Maybe" : oneOf(choices, wordsOf(step));
  return chance(choices, 60) ? { approvalDecision } : { approvalDecision, approvalComments: "so" };
}

/** Who may: the assignee, for a group anybody of it, for a claimed item its claimer; of approvals dee, in the place of bob. */
function doerOf(choices: Choices, { claimedBy, assignee, kind, voting }: ModelItem): Actor {
  if (chance(choices, 5)) return user("eve");
  const isBobs = assignee.type === "user" ? assignee.id === "bob" : claimedBy === null || claimedBy === "bob";
  if (kind === "approval" && !voting && isBobs && chance(choices, 15))
    return { type: "user", id: "dee", onBehalfOf: "bob" };
  return user(claimedBy ?? (assignee.type === "user" ? assignee.id : oneOf(choices, ["bob", "eve"])));
}

type Weighted = readonly (readonly [number, () => Move])[];

function sensible(choices: Choices, run: ModelRun): Move {
  const { status } = run;
  const steps = openStage(run)?.steps ?? [];
  const going = status === "in_progress" ? 1 : 0;
  const ask = (command: Command, by: Actor = user(oneOf(choices, ["zoe", "zoe", "ann"]))): Move => ({ command, by });
  const acts: Weighted = [
    ...steps.flatMap((step) => workOn(choices, step)),
    ...takeBack(choices, run),
    [2 * going, () => ask({ type: "wake", cause: oneOf(choices, CAUSES) }, BATON)],
    [going && run.waits.records.length > 0 ? 1 : 0, () => ask({ type: "wake-failed", error: "gone" }, BATON)],
    [going, () => ask({ type: "suspend", reason: "later" })],
    [status === "suspended" ? 4 : 0, () => ask({ type: "resume", reason: "now" })],
    [
      status === "error" ? 4 : 0,
      () =>
        ask({ type: "retry", reason: "again", ...(chance(choices, 20) ? { inputs: { SA: { said: "mended" } } } : {}) }),
    ],
    [going && run.isStalled ? 3 : 0, () => ask({ type: "retry", reason: "look" })],
    [status === "error" || status === "suspended" ? 1 : 0, () => ask({ type: "cancel", reason: "enough" })],
    [going && chance(choices, 30) ? 1 : 0, () => ask({ type: "cancel", reason: "enough" })],
    [going, () => ask({ type: "go-to-stage", stage: oneOf(choices, run.stages).name, reason: "there" })],
    ...steps
      .filter(({ status: now }) => now === "not_started" || now === "in_progress")
      .flatMap((step) => mend(choices, step, going)),
  ];
  const possible = acts.filter(([weight]) => weight > 0);
  return possible.length > 0 ? weighted(choices, possible)() : anything(choices, run);
}

const CAUSES = [
  { type: "record" },
  { type: "clock" },
  { type: "lock" },
  { type: "flow", flow: "Async", runId: null },
] as const;

function workOn(choices: Choices, step: ModelStep): Weighted {
  const { key } = step;
  if (step.status !== "in_progress") return [];
  if (!isHuman(step)) {
    if (step.outputs !== null || step.stored !== null) return [];
    return [
      [
        12,
        () => ({ command: { type: "flow-finished", stepRunId: key, outputs: outputsOf(choices, step) }, by: BATON }),
      ],
      [2, () => ({ command: { type: "flow-failed", stepRunId: key, error: "it broke", element: "Here" }, by: BATON })],
      [step.definition.kind === "background" ? 2 : 0, () => ({ command: lockBy(choices, key), by: BATON })],
    ];
  }
  return openItems(step).flatMap((item) => [
    ...workOnItem(choices, step, item),
    ...(item.kind === "approval" ? steerApproval(choices, step, item) : []),
  ]);
}

const lockBy = (choices: Choices, stepRunId: string): Command => ({
  ...{ type: "keep-lock", stepRunId, keeps: chance(choices, 60) },
  editorId: chance(choices, 30) ? "eve" : null,
});

function workOnItem(choices: Choices, step: ModelStep, item: ModelItem): Weighted {
  const { key, assignee, claimedBy, assignmentNo } = item;
  const shared = assignee.type !== "user" && !item.voting;
  return [
    [
      item.voting ? 1 : 14,
      () => ({
        command: { type: "complete-work-item", workItemId: key, outputs: outputsOf(choices, step, item) },
        by: doerOf(choices, item),
      }),
    ],
    [
      shared ? 4 : 0,
      () => ({
        command: { type: "claim-work-item", workItemId: key, takeOver: chance(choices, 30) },
        by: user(oneOf(choices, ["bob", "eve"])),
      }),
    ],
    [claimedBy ? 3 : 0, () => ({ command: { type: "release-work-item", workItemId: key }, by: user("bob") })],
    [
      item.parent || item.voting ? 1 : 2,
      () => ({ command: reassignTo(choices, key), by: user(oneOf(choices, ["zoe", "zoe", "ann"])) }),
    ],
    [
      1,
      () => ({
        command: { type: "mail-undelivered", workItemId: key, assignmentNo: assignmentNo - choices.below(2) },
        by: BATON,
      }),
    ],
  ];
}

function reassignTo(choices: Choices, key: string): Command {
  const to = oneOf(choices, [
    { type: "user", id: "eve" },
    { type: "group", id: "Team" },
    { type: "user", id: "bob" },
    { type: "user", id: "ann" },
  ] as const);
  const flag = chance(choices, 20) ? ({ flag: "inactive_assignee" } as const) : {};
  return { type: "reassign-work-item", workItemId: key, to, reason: "busy", ...flag };
}

const mend = (choices: Choices, { key, status }: ModelStep, weight: number): Weighted => [
  [
    weight,
    () => ({
      command: {
        type: "skip-step",
        stepRunId: key,
        reason: "no need",
        outputs: skippedWith(choices),
      },
      by: user(oneOf(choices, ["zoe", "zoe", "ann"])),
    }),
  ],
  [
    status === "in_progress" ? weight : 0,
    () => ({ command: { type: "fail-step", stepRunId: key, reason: "wrong" }, by: user("zoe") }),
  ],
];

const skippedWith = (choices: Choices): Values | null =>
  chance(choices, 50) ? { approvalDecision: oneOf(choices, ["Approve", "Approve", "Reject", "Maybe", "Back"]) } : null;

const BATONS: ReadonlySet<Command["type"]> = new Set([
  ...(["wake", "wake-failed", "flow-finished", "flow-failed", "keep-lock", "mail-undelivered"] as const),
  ...(["nobody-left", "somebody-came"] as const),
]);

function anything(choices: Choices, run: ModelRun): Move {
  const key = run.steps.length > 0 ? oneOf(choices, run.steps).key : "S#1/SA#1";
  const item = chance(choices, 10) ? "S#9/SA#9" : key;
  if (run.submission !== null && chance(choices, 50)) return anyOfApprovals(choices, run);
  const outputs = { approvalDecision: "Approve" };
  const all: readonly Command[] = [
    { type: "wake", cause: { type: "record" } },
    { type: "complete-work-item", workItemId: item, outputs },
    { type: "claim-work-item", workItemId: item, takeOver: true },
    { type: "release-work-item", workItemId: item },
    reassignTo(choices, item),
    { type: "mail-undelivered", workItemId: item, assignmentNo: 1 },
    { type: "flow-finished", stepRunId: key, outputs },
    { type: "flow-failed", stepRunId: key, error: "it broke", element: "Here" },
    lockBy(choices, key),
    { type: "wake-failed", error: "gone" },
    { type: "nobody-left", workItemId: item },
    { type: "somebody-came", workItemId: item },
    { type: "retry", reason: "again" },
    { type: "suspend", reason: "later" },
    { type: "resume", reason: "now" },
    { type: "skip-step", stepRunId: key, reason: "no need", outputs: null },
    { type: "fail-step", stepRunId: key, reason: "wrong" },
    { type: "go-to-stage", stage: oneOf(choices, ["S", "T", "Nowhere"]), reason: "there" },
  ];
  const command = oneOf(choices, all);
  const isBaton = BATONS.has(command.type);
  return { command, by: isBaton ? BATON : user(oneOf(choices, ["bob", "ann", "eve"])) };
}
