/** Statuses of semantics 2.5, stored in snake_case. `DISPLAY` is what people and conditions see (A1b). */
export const RUN_STATUSES = ["in_progress", "completed", "suspended", "canceled", "error"] as const;
export const STAGE_STATUSES = ["in_progress", "completed", "suspended", "canceled", "discontinued", "error"] as const;
export const STEP_STATUSES = ["not_started", "in_progress", "completed", "discontinued", "canceled", "error"] as const;
export const WORK_ITEM_STATUSES = ["assigned", "completed"] as const;
export const SUBMISSION_STATUSES = ["in_progress", "approved", "rejected", "recalled", "canceled", "error"] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];
export type StageStatus = (typeof STAGE_STATUSES)[number];
export type StepStatus = (typeof STEP_STATUSES)[number];
export type WorkItemStatus = (typeof WORK_ITEM_STATUSES)[number];
export type SubmissionStatus = (typeof SUBMISSION_STATUSES)[number];
export type CompletionKind = "done" | "withdrawn" | "superseded";
export type AnyStatus = RunStatus | StageStatus | StepStatus | WorkItemStatus | SubmissionStatus;

export const DISPLAY: Readonly<Record<AnyStatus, string>> = {
  not_started: "Not Started",
  in_progress: "In Progress",
  completed: "Completed",
  suspended: "Suspended",
  canceled: "Canceled",
  discontinued: "Discontinued",
  error: "Error",
  assigned: "Assigned",
  approved: "Approved",
  rejected: "Rejected",
  recalled: "Recalled",
};

/** The milestones of semantics 2.7, and Baton's own (claim, release, retry, skip, go to a stage, what approvals add). */
export const MILESTONES = [
  "start_instance",
  "run_recall_path",
  "end_instance",
  "cancel_instance",
  "fail_instance",
  "suspend_instance",
  "resume_instance",
  "go_to_stage",
  "start_stage",
  "end_stage",
  "fail_stage",
  "discontinue_stage",
  "suspend_stage",
  "start_step",
  "end_step",
  "fail_step",
  "discontinue_step",
  "retry_step",
  "skip_step",
  "start_work_item",
  "end_work_item",
  "reassign_work_item",
  "claim_work_item",
  "release_work_item",
  "remind_work_item",
  "escalate_work_item",
  "admin_override",
  "self_approval_allowed",
  "auto_approve_step",
  "time_out_step",
] as const;
export type Milestone = (typeof MILESTONES)[number];

export const isFinal = (status: StepStatus | StageStatus | RunStatus): boolean =>
  status !== "not_started" && status !== "in_progress" && status !== "suspended";
