import type { Tx } from "../../db/transaction";
import { orchestrationVersion, type Pinned } from "../definitions/queries";
import type { Orchestration } from "../engine/definition";
import { stepById } from "../engine/find";
import type { ItemFlag, WorkItem } from "../engine/state";
import type { Person } from "../people/current-person";
import { membersOf, namesOf } from "../people/queries";
import { sentenceOf } from "../refusals";
import { ok, type Result } from "../result";
import { carry } from "../runs/dispatch";
import { type HeldRun, holdRun } from "../runs/hold-run";
import { playThrough } from "../runs/play-through";
import { tryOut } from "../runs/try-out";
import { ruleInWords } from "../work/queries/approval-detail";
import { beganBecause } from "../work/queries/why-here";
import { type Request, requestApproval } from "./commands";
import type { Preview, PreviewedStep } from "./schema";
import { stopsIn } from "./stops-in";

/** Decisions that a preview makes in others' places. */
const MAX_DECISIONS = 20;
/** For the background work between two decisions; and in all. */
const STRETCH_SECONDS = 2;
const MAX_SECONDS = 8;

type Steps = Map<string, PreviewedStep>;
type Play = HeldRun & { readonly pinned: Pinned<Orchestration> };

/**
 * The whole chain before anything is submitted: the real start, and then Approve by each assignee in turn, all of it rolled back. Refusals:
 * those of `requestApproval`, so that what would not be taken is said before it is sent.
 */
export const previewChain = (person: Person, asked: Request): Promise<Result<Preview>> =>
  tryOut(person.userId, (tx) => play(tx, person, asked));

async function play(tx: Tx, person: Person, asked: Request): Promise<Result<Preview>> {
  const started = await requestApproval(tx, person, asked);
  if (!started.ok) return started;
  const { runId } = started.value;
  const endsAt = performance.now() + MAX_SECONDS * 1_000;
  const steps: Steps = new Map();
  const stuck = new Set<string>();
  for (let decided = 0; ; ) {
    const now = await settled(tx, runId);
    const open = now.state.items.filter(({ kind, status }) => kind === "approval" && status === "assigned");
    noteSkipped(now, steps);
    // A vote is one line; that its members have items of their own is how it is done.
    await note(tx, now, { steps, open: open.filter(({ parentId }) => parentId === null) });
    const next = open.find(({ id, voting }) => !voting && !stuck.has(id));
    if (!next) return ok(shown(now, steps));
    if (++decided > MAX_DECISIONS || performance.now() > endsAt)
      return ok({ ...shown(now, steps), ends: null, stops: ["There is more to come than can be shown here."] });
    const problem = await approve(tx, now, next);
    if (problem === null) continue;
    stuck.add(next.id);
    const line = steps.has(next.id) ? next.id : (next.parentId ?? "");
    const step = steps.get(line);
    if (step) steps.set(line, { ...step, problem });
  }
}

function shown({ state, pinned }: Play, steps: Steps): Preview {
  const { submission } = state;
  const ends = submission?.endedAt ? submission.status : null;
  return { steps: [...steps.values()], ends, stops: stopsIn(state, pinned.body) };
}

/** The run when all that needs nobody has been done. */
async function settled(tx: Tx, runId: string): Promise<Play> {
  await playThrough(tx, runId, STRETCH_SECONDS);
  const held = await holdRun(tx, { runId });
  const pinned = held && (await orchestrationVersion(tx.db, held.row.definitionId, held.row.definitionVersion));
  if (!pinned) throw new Error("a run that was begun is not there");
  return { ...held, pinned };
}

const PROBLEMS: Readonly<Record<ItemFlag, string>> = {
  fallback: "Its own assignee cannot be found; this is who gets it instead.",
  inactive_assignee: "Its own assignee is not active or asked for this themselves; this is who gets it instead.",
  not_notified: "Nobody there can be told by mail.",
  record_withheld: "It names a record that whoever gave it may not read, so it stands on another.",
  nobody_left: "Nobody there can decide it.",
  not_escalated: "It is overdue, and there is nobody to escalate it to.",
};

async function note(
  tx: Tx,
  { state, pinned: { body } }: Play,
  { steps, open }: { steps: Steps; open: readonly WorkItem[] },
) {
  const fresh = open.filter(({ id }) => !steps.has(id));
  if (fresh.length === 0) return;
  const names = await namesOf(
    tx.db,
    fresh.map(({ assignee }) => assignee),
  );
  const stages = body.elements.filter((element) => element.type === "stage");
  const stepLabels = new Map(stages.flatMap((stage) => stage.steps).map(({ name, label }) => [name, label]));
  for (const item of fresh) {
    const run = stepById(state, item.stepRunId);
    const name = state.stages.find(({ id }) => id === run?.stageRunId)?.name;
    const stageLabel = stages.find((stage) => stage.name === name)?.label ?? "";
    steps.set(item.id, {
      stageLabel,
      label: item.label,
      who: names[item.assignee.id] ?? "somebody",
      type: item.assignee.type,
      rule: item.voting ? ruleOf(body, run?.name) : null,
      because: beganBecause({ proof: run?.entryProof ?? null, stageLabel, stepLabels }),
      skipped: null,
      problem: item.flag && PROBLEMS[item.flag],
    });
  }
}

const SKIPPED = {
  rule: "Approved by the process's own rule, so nobody is asked",
  unchanged: "Nothing changed since it was approved last, so nobody is asked",
} as const;

/** Approvals that nobody need give have no item: they are told all the same, so that no level is missed in silence. */
function noteSkipped({ state, pinned: { body } }: Play, steps: Steps): void {
  const stages = body.elements.filter((element) => element.type === "stage");
  const stepLabels = new Map(stages.flatMap((stage) => stage.steps).map(({ name, label }) => [name, label]));
  for (const { id, name, stageRunId, decidedBy, entryProof } of state.steps) {
    if (steps.has(id) || (decidedBy !== "rule" && decidedBy !== "unchanged")) continue;
    const stageName = state.stages.find((stage) => stage.id === stageRunId)?.name;
    const stageLabel = stages.find((stage) => stage.name === stageName)?.label ?? "";
    steps.set(id, {
      ...{ stageLabel, label: stepLabels.get(name) ?? name, who: "Nobody", type: "user", rule: null, problem: null },
      because: beganBecause({ proof: entryProof, stageLabel, stepLabels }),
      skipped: SKIPPED[decidedBy],
    });
  }
}

function ruleOf({ elements }: Orchestration, name: string | undefined): string | null {
  const steps = elements.flatMap((element) => (element.type === "stage" ? element.steps : []));
  const step = steps.find((one) => one.name === name);
  return step?.kind === "approval" ? ruleInWords(step.rule) : null;
}

/** Approves in the place of whoever has it; what keeps anybody from that is answered as a sentence. */
async function approve(
  tx: Tx,
  { pinned, ...before }: Play,
  { id: workItemId, assignee }: WorkItem,
): Promise<string | null> {
  const submittedBy = before.state.submission?.submittedBy;
  const members = await membersOf(tx.db, assignee);
  const id = members.find((member) => member !== submittedBy) ?? members[0];
  if (id === undefined) return "Nobody there can decide it.";
  const outputs = { approvalDecision: "Approve", approvalComments: "…" };
  const command = { type: "complete-work-item", workItemId, outputs } as const;
  const done = await carry(tx, { pinned, before, actor: { type: "user", id } }, command);
  return done.ok ? null : sentenceOf(done.refusal).replace(" Nothing was changed.", "");
}
