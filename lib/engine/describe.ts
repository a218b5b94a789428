import type { Event } from "./event";
import type { RunState } from "./state";
import type { AnyStatus, Milestone } from "./status";

export type SubjectType = "run" | "stage" | "step" | "work_item" | "submission";

/** What the history says of an event beside its payload. Both statuses are null for events that change none. */
export type Description = {
  readonly subjectType: SubjectType;
  readonly subjectId: string;
  readonly milestone: Milestone | null;
  readonly fromStatus: AnyStatus | null;
  readonly toStatus: AnyStatus | null;
};

type Row = { readonly milestone: Milestone | null; readonly to: AnyStatus | null };
const row = (milestone: Milestone | null, to: AnyStatus | null = null): Row => ({ milestone, to });

/** Semantics 2.5 and 2.7: the status that each event leaves, and its milestone. */
const ROWS: Readonly<Record<Event["type"], Row>> = {
  "run-started": row("start_instance", "in_progress"),
  "run-completed": row("end_instance", "completed"),
  "run-failed": row("fail_instance", "error"),
  "run-canceled": row("cancel_instance", "canceled"),
  "run-resumed": row("resume_instance", "in_progress"),
  "run-stalled": row(null),
  "run-unstalled": row(null),
  "run-suspended": row("suspend_instance", "suspended"),
  "run-woken": row(null),
  "waits-changed": row(null),
  "record-locked": row(null),
  "record-unlocked": row(null),
  "lock-kept": row(null),
  "fault-caught": row(null),
  "went-to-stage": row("go_to_stage"),
  "decision-taken": row(null),
  "variables-set": row(null),
  "stage-started": row("start_stage", "in_progress"),
  "stage-completed": row("end_stage", "completed"),
  "stage-failed": row("fail_stage", "error"),
  "stage-discontinued": row("discontinue_stage", "discontinued"),
  // EndStage is written for a stage in progress when its run is canceled, too.
  "stage-canceled": row("end_stage", "canceled"),
  "stage-suspended": row("suspend_stage", "suspended"),
  "stage-resumed": row(null, "in_progress"),
  "step-created": row(null, "not_started"),
  "step-started": row("start_step", "in_progress"),
  "step-handed-on": row(null),
  "step-outputs-stored": row(null),
  "step-failure-stored": row(null),
  "step-skipped": row("skip_step", "completed"),
  "step-completed": row("end_step", "completed"),
  "step-discontinued": row("discontinue_step", "discontinued"),
  "step-canceled": row(null, "canceled"),
  "step-failed": row("fail_step", "error"),
  "work-item-created": row("start_work_item", "assigned"),
  "work-item-reassigned": row("reassign_work_item", "assigned"),
  "work-item-claimed": row("claim_work_item"),
  "work-item-released": row("release_work_item"),
  "work-item-flagged": row(null),
  "work-item-completed": row("end_work_item", "completed"),
  "work-item-overridden": row("admin_override"),
  "self-approval-allowed": row("self_approval_allowed"),
  "decision-sealed": row(null),
  "submission-sealed": row(null),
  "work-item-reminded": row("remind_work_item"),
  "work-item-escalated": row("escalate_work_item"),
  "step-auto-approved": row("auto_approve_step"),
  "step-timed-out": row("time_out_step"),
  "time-out-sealed": row(null),
  "submission-started": row(null, "in_progress"),
  "submission-changed": row(null),
};

/** Describes an event before it is applied: `state` is what it finds, null for the first. */
export function describe(state: RunState | null, event: Event): Description {
  const { milestone, to } = ROWS[event.type];
  const [subjectType, subjectId] = subjectOf(state, event);
  const toStatus = event.type === "submission-changed" ? event.to : to;
  return {
    subjectType,
    subjectId,
    milestone: otherMilestone(event) ?? milestone,
    fromStatus: toStatus === null || !state ? null : statusOf(state, subjectType, subjectId),
    toStatus,
  };
}

/** Where the same event is another milestone of 2.7. */
function otherMilestone(event: Event): Milestone | null {
  if (event.type === "step-created" && event.isRetry) return "retry_step";
  return event.type === "run-started" && event.kind === "recall" ? "run_recall_path" : null;
}

function subjectOf(state: RunState | null, event: Event): readonly [SubjectType, string] {
  if ("submissionId" in event) return ["submission", event.submissionId];
  if ("workItemId" in event) return ["work_item", event.workItemId];
  if ("stepRunId" in event) return ["step", event.stepRunId];
  if ("stageRunId" in event) return ["stage", event.stageRunId];
  return ["run", event.type === "run-started" ? event.runId : (state?.run.id ?? "")];
}

function statusOf(state: RunState, type: SubjectType, id: string): AnyStatus | null {
  const rows: Readonly<Record<SubjectType, readonly ({ readonly id: string; readonly status: AnyStatus } | null)[]>> = {
    run: [state.run],
    stage: state.stages,
    step: state.steps,
    work_item: state.items,
    submission: [state.submission],
  };
  return rows[type].find((found) => found?.id === id)?.status ?? null;
}

/**
 * The parts of a payload that hold what people wrote or what records hold. They are kept beside the chain, which carries only their
 * salted digest, so that they can be erased (S79).
 */
const PERSONAL: Readonly<Partial<Record<Event["type"], readonly string[]>>> = {
  "run-started": ["recordPrior", "variables", "debug"],
  "run-stalled": ["reason"],
  "run-unstalled": ["reason"],
  "run-canceled": ["reason"],
  "run-resumed": ["reason"],
  "run-suspended": ["reason"],
  "went-to-stage": ["reason"],
  "step-skipped": ["reason", "outputs"],
  "decision-taken": ["proof", "notMet"],
  "variables-set": ["values"],
  "stage-completed": ["exitProof"],
  "step-created": ["inputs"],
  "step-started": ["entryProof", "inputs"],
  "step-outputs-stored": ["outputs"],
  "step-completed": ["exitProof", "comments"],
  "work-item-created": ["prompt", "reason"],
  "work-item-reassigned": ["reason"],
  "work-item-overridden": ["reason"],
  "work-item-completed": ["comments"],
  "decision-sealed": ["seen"],
  "step-auto-approved": ["proof"],
  "submission-started": ["comments"],
  "submission-sealed": ["seen"],
  "time-out-sealed": ["seen"],
};

export const personalParts = (type: Event["type"]): readonly string[] => PERSONAL[type] ?? [];
