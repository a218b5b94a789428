import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { DecidedAs, ItemFlag, ItemKind } from "../../lib/engine/state";
import type { CompletionKind, SubmissionStatus, WorkItemStatus } from "../../lib/engine/status";
import type { KeptShown } from "../../lib/interviews/schema";
import type { Value } from "../../lib/logic/value";
import { instant } from "./columns";
import { run } from "./runs";

/**
 * The to-do of an interactive or approval step. Written by `dispatch` alone; read by My work, the Work Guide and the admin's list.
 * One row however often it is reassigned; the assignments are rows of `assignment`.
 */
export const workItem = pgTable(
  "work_item",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    workItemId: text("work_item_id").notNull(),
    stepRunId: text("step_run_id").notNull(),
    /** Of a vote the item of the whole group; of a question the item of whoever asked. */
    parentItemId: text("parent_item_id"),
    kind: text("kind").$type<ItemKind>().notNull(),
    /** Decided by the votes of its children: in nobody's list of what is to be done. */
    voting: boolean("voting").notNull().default(false),
    status: text("status").$type<WorkItemStatus>().notNull(),
    label: text("label").notNull(),
    processLabel: text("process_label").notNull(),
    stageLabel: text("stage_label").notNull(),
    assigneeType: text("assignee_type").$type<"user" | "group" | "queue">().notNull(),
    assigneeId: text("assignee_id").notNull(),
    assignmentNo: integer("assignment_no").notNull(),
    assignedAt: instant("assigned_at").notNull(),
    claimedBy: text("claimed_by"),
    recordType: text("record_type"),
    recordId: text("record_id"),
    recordName: text("record_name"),
    createdAt: instant("created_at").notNull(),
    closedAt: instant("closed_at"),
    completionKind: text("completion_kind").$type<CompletionKind>(),
    completedBy: text("completed_by"),
    onBehalfOf: text("on_behalf_of"),
    /** "approve", "reject", or the name of a further outcome of the step. */
    outcome: text("outcome"),
    comments: text("comments"),
    decidedAs: text("decided_as").$type<DecidedAs>(),
    prompt: text("prompt"),
    dueAt: instant("due_at"),
    /** Reminders and escalations so far. */
    ladder: integer("ladder").notNull().default(0),
    /** Given to whom it is by somebody's hand, not by its process. */
    byHand: boolean("by_hand").notNull().default(false),
    version: bigint("version", { mode: "number" }).notNull().default(1),
    flag: text("flag").$type<ItemFlag>(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.workItemId] }),
    uniqueIndex("work_item_id").on(t.workItemId),
    index("work_item_open").on(t.assigneeType, t.assigneeId, t.createdAt, t.workItemId).where(sql`status = 'assigned'`),
    index("work_item_to_approve")
      .on(t.assigneeType, t.assigneeId, t.assignedAt, t.workItemId)
      .where(sql`status = 'assigned' and kind = 'approval' and not voting`),
    index("work_item_approved_by")
      .on(t.completedBy, t.closedAt, t.workItemId)
      .where(sql`kind = 'approval' and completion_kind = 'done'`),
    index("work_item_done_by").on(t.completedBy, t.closedAt, t.workItemId),
    index("work_item_by_record").on(t.recordId, t.createdAt).where(sql`status = 'assigned'`),
    index("work_item_list").on(t.createdAt, t.workItemId),
    index("work_item_by_status").on(t.status, t.createdAt, t.workItemId),
    index("work_item_claimed").on(t.claimedBy).where(sql`status = 'assigned'`),
  ],
);

/** Who had an item when: one row an assignment, numbered (A20). Written with the item; read by the item's history. */
export const assignment = pgTable(
  "assignment",
  {
    runId: text("run_id").notNull(),
    workItemId: text("work_item_id").notNull(),
    assignmentNo: integer("assignment_no").notNull(),
    fromType: text("from_type"),
    fromId: text("from_id"),
    toType: text("to_type").notNull(),
    toId: text("to_id").notNull(),
    byId: text("by_id"),
    reason: text("reason").notNull().default(""),
    at: instant("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.workItemId, t.assignmentNo] })],
);

/** The business side of one approval run. The fold of its history, like the run. */
export const submission = pgTable(
  "submission",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    submissionId: text("submission_id").notNull(),
    recordType: text("record_type"),
    recordId: text("record_id"),
    submittedBy: text("submitted_by").notNull(),
    comments: text("comments").notNull().default(""),
    status: text("status").$type<SubmissionStatus>().notNull(),
    submittedAt: instant("submitted_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.submissionId] }),
    index("submission_by_record").on(t.recordId, t.submittedAt),
    index("submission_by_person").on(t.submittedBy, t.submittedAt),
  ],
);

/**
 * What a record said when it was submitted, or sent again after it was sent back, as its approvers are shown it: what is compared with when it is
 * submitted the next time, decided or not. Written with that, never changed; kept with its run. The history's `submission-sealed` holds the same.
 */
export const submittedFacts = pgTable(
  "submitted_facts",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    /** The item by which it was sent again; empty: the submission itself. */
    revision: text("revision").notNull(),
    definitionId: text("definition_id").notNull(),
    recordId: text("record_id").notNull(),
    submittedAt: instant("submitted_at").notNull(),
    submittedBy: text("submitted_by").notNull(),
    seen: jsonb("seen").$type<Value>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.revision] }),
    index("submitted_facts_of_record").on(t.recordId, t.definitionId, t.submittedAt),
  ],
);

/**
 * What an approver had before them when they decided: the evidence behind the history's `decision-sealed`, kept for comparing with what the
 * record says later and for steps that are skipped while nothing changes. Written with the decision, never changed.
 */
export const sealedDecision = pgTable(
  "sealed_decision",
  {
    runId: text("run_id").notNull(),
    workItemId: text("work_item_id").primaryKey(),
    definitionId: text("definition_id").notNull(),
    stepName: text("step_name").notNull(),
    recordId: text("record_id"),
    decidedAt: instant("decided_at").notNull(),
    decidedBy: text("decided_by").notNull(),
    outcome: text("outcome").notNull(),
    seen: jsonb("seen").$type<Value>().notNull(),
  },
  (t) => [index("sealed_decision_of_record").on(t.recordId, t.definitionId, t.stepName, t.decidedAt)],
);

/**
 * A flow that is running or ran: of a person in a work item, or of a background step. The state is where it stands; the draft is what
 * the person typed since the last Next. No event and no part of the fold. Kept with its run.
 */
export const interview = pgTable(
  "interview",
  {
    interviewId: text("interview_id").primaryKey(),
    runId: text("run_id").notNull(),
    stepRunId: text("step_run_id").notNull(),
    /** Null for background flows. One interview per item and person: two may look at a group's item at once. */
    workItemId: text("work_item_id"),
    userId: text("user_id"),
    flowName: text("flow_name").notNull(),
    flowVersion: integer("flow_version").notNull(),
    status: text("status").$type<"open" | "waiting" | "finished" | "failed" | "closed">().notNull(),
    /** Of a background flow: the person in whose name it runs, null being the automated process user; and the job that carries it on now. */
    runAs: text("run_as"),
    jobId: text("job_id"),
    /** `lib/flow/interview.ts`: the element reached, the values of variables and answers, the screens passed. */
    state: jsonb("state").$type<unknown>().notNull(),
    draft: jsonb("draft").$type<{ [field: string]: Value }>(),
    /** Counts saved drafts; a save that names an older one is a conflict. */
    draftVersion: integer("draft_version").notNull().default(0),
    draftSavedAt: instant("draft_saved_at"),
    /** Of an approval which state of its record was shown with the screens last; null for other work. */
    shown: jsonb("shown").$type<KeptShown>(),
    error: text("error"),
    errorElement: text("error_element"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("interview_of_item").on(t.workItemId, t.userId).where(sql`work_item_id is not null`),
    uniqueIndex("interview_of_step").on(t.stepRunId).where(sql`work_item_id is null`),
    index("interview_by_run").on(t.runId),
  ],
);

/**
 * What the evaluation flow of a condition answered in a debug run, and in others where it failed, and what it passed: one row a condition, the last
 * time that it was asked so. Written by the command that asked, read by the run's page. No event and no part of the fold. Kept with its run.
 */
export const evaluation = pgTable(
  "evaluation",
  {
    runId: text("run_id").notNull(),
    /** Of which step or stage run, and what it would let it do. */
    ownerId: text("owner_id").notNull(),
    part: text("part").$type<"entry" | "exit" | "stage">().notNull(),
    flowName: text("flow_name").notNull(),
    flowVersion: integer("flow_version").notNull(),
    /** Null: it failed, for `error`. */
    met: boolean("met"),
    error: text("error"),
    /** `lib/flow/interview.ts`, at its end. */
    state: jsonb("state").$type<unknown>().notNull(),
    askedAt: instant("asked_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.ownerId, t.part] })],
);
