import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Debug, Failure, PinnedFlow, StepKind, Values, Waits } from "../../lib/engine/state";
import type { RunStatus, StageStatus, StepStatus } from "../../lib/engine/status";
import type { Proof } from "../../lib/logic/schema";
import { instant } from "./columns";

/**
 * Every command that was applied, by its key: the same key gives the same answer and has its effect once (P3). Kept 30 days.
 * Written first in every transaction that changes something, so that twins wait for one another here.
 */
export const command = pgTable("command", {
  commandId: text("command_id").primaryKey(),
  kind: text("kind").notNull(),
  actorId: text("actor_id"),
  subjectId: text("subject_id"),
  runId: text("run_id"),
  receivedAt: instant("received_at").notNull(),
  committedAt: instant("committed_at"),
  result: text("result").$type<"applied" | "rejected" | "replayed">().notNull().default("applied"),
  /** What the caller was told, for a repeat of the same key. */
  answer: jsonb("answer").$type<unknown>(),
});

/** One execution of one version of an orchestration. Locked by every command on the run; the fold of its history. Lives for ever. */
export const run = pgTable(
  "run",
  {
    runId: text("run_id").primaryKey(),
    definitionId: text("definition_id").notNull(),
    definitionVersion: integer("definition_version").notNull(),
    definitionHash: text("definition_hash").notNull(),
    processType: text("process_type").$type<"orchestrator" | "approval">().notNull(),
    label: text("label").notNull(),
    kind: text("kind").$type<"main" | "child" | "recall">().notNull().default("main"),
    recordType: text("record_type"),
    recordId: text("record_id"),
    recordName: text("record_name"),
    status: text("status").$type<RunStatus>().notNull(),
    version: bigint("version", { mode: "number" }).notNull(),
    startedBy: text("started_by"),
    /** Its submitter, else its starter: whose request it is, and who is told of it. */
    askedBy: text("asked_by"),
    /** The automated process user, as seed 002 says of step runs. */
    runAs: text("run_as").notNull(),
    parentRunId: text("parent_run_id"),
    parentStepRunId: text("parent_step_run_id"),
    startedAt: instant("started_at").notNull(),
    endedAt: instant("ended_at"),
    stalledSince: instant("stalled_since"),
    stalledReason: text("stalled_reason"),
    error: text("error"),
    isDebug: boolean("is_debug").notNull().default(false),
    variables: jsonb("variables").$type<Values>().notNull(),
    recordPrior: jsonb("record_prior").$type<Values>(),
    faultMessage: text("fault_message"),
    /** What its open conditions read; a row of `wait` for each. */
    waits: jsonb("waits").$type<Waits>().notNull(),
    holdsLock: boolean("holds_lock").notNull().default(false),
    keepsLock: boolean("keeps_lock").notNull().default(false),
    /** Outcomes of decisions that were taken. */
    taken: jsonb("taken").$type<readonly string[]>().notNull().default([]),
    /** Record-triggered starts that lie behind it, whatever transactions they happened in. */
    depth: integer("depth").notNull().default(0),
    debug: jsonb("debug").$type<Debug>(),
    /** The open stage's label, or the last one's; for lists. */
    stageLabel: text("stage_label"),
    /** Head of the history chain and its length. */
    headHash: text("head_hash").notNull(),
    headSeq: bigint("head_seq", { mode: "number" }).notNull(),
    lastEventAt: instant("last_event_at").notNull(),
    lastCommandId: text("last_command_id").notNull(),
  },
  (t) => [
    index("run_list").on(t.startedAt, t.runId),
    index("run_by_status").on(t.status, t.startedAt, t.runId),
    index("run_by_definition").on(t.definitionId, t.startedAt, t.runId),
    index("run_by_record").on(t.recordId, t.startedAt),
    index("run_by_asker").on(t.askedBy, t.startedAt, t.runId),
    // Few are open, and every page of a definition counts those of each version; fewer still were played to try something.
    index("run_open")
      .on(t.definitionId, t.startedAt, t.runId, t.definitionVersion)
      .where(sql`status in ('in_progress', 'suspended', 'error')`),
    index("run_debug").on(t.startedAt, t.runId).where(sql`is_debug`),
    index("run_stalled").on(t.stalledSince, t.runId).where(sql`stalled_since is not null`),
  ],
);

/** One entering of one stage. */
export const stageRun = pgTable(
  "stage_run",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    stageRunId: text("stage_run_id").notNull(),
    ordinal: integer("ordinal").notNull(),
    round: integer("round").notNull(),
    name: text("name").notNull(),
    status: text("status").$type<StageStatus>().notNull(),
    startedAt: instant("started_at").notNull(),
    endedAt: instant("ended_at"),
    exitProof: jsonb("exit_proof").$type<Proof>(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stageRunId] })],
);

/** One attempt of one step in one stage run. Final rows never change; a step tried again is a new row. */
export const stepRun = pgTable(
  "step_run",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    stepRunId: text("step_run_id").notNull(),
    /** Order of creation within the run. */
    ordinal: integer("ordinal").notNull(),
    stageRunId: text("stage_run_id").notNull(),
    name: text("name").notNull(),
    kind: text("kind").$type<StepKind>().notNull(),
    status: text("status").$type<StepStatus>().notNull(),
    attempt: integer("attempt").notNull(),
    version: bigint("version", { mode: "number" }).notNull().default(1),
    ownerId: text("owner_id").notNull(),
    flow: jsonb("flow").$type<PinnedFlow>(),
    isAsynchronous: boolean("is_asynchronous").notNull(),
    dependsOn: text("depends_on"),
    entryMetAt: instant("entry_met_at"),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    entryProof: jsonb("entry_proof").$type<Proof>(),
    exitProof: jsonb("exit_proof").$type<Proof>(),
    inputs: jsonb("inputs").$type<Values>().notNull(),
    outputs: jsonb("outputs").$type<Values>(),
    error: text("error"),
    errorElement: text("error_element"),
    storedFailure: jsonb("stored_failure").$type<Failure>(),
    answerNo: integer("answer_no"),
    skipReason: text("skip_reason"),
    /** Of an approval step that nobody decided. */
    decidedBy: text("decided_by").$type<"rule" | "unchanged" | "time_out">(),
    runAs: text("run_as"),
  },
  (t) => [primaryKey({ columns: [t.runId, t.stepRunId] }), index("step_run_id").on(t.stepRunId)],
);

/**
 * The run's history: one row an event, numbered without gap and hash-chained (`lib/runs/chain.ts`). Append-only by trigger.
 * `personal` holds what people wrote; only its salted digest is in the chain, so that it can be erased and the chain still holds.
 */
export const history = pgTable(
  "history",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    seq: bigint("seq", { mode: "number" }).notNull(),
    at: instant("at").notNull(),
    type: text("type").notNull(),
    subjectType: text("subject_type").notNull(),
    subjectId: text("subject_id").notNull(),
    milestone: text("milestone"),
    fromStatus: text("from_status"),
    toStatus: text("to_status"),
    actorType: text("actor_type").$type<"user" | "system">().notNull(),
    actorId: text("actor_id"),
    onBehalfOf: text("on_behalf_of"),
    runAs: text("run_as"),
    commandId: text("command_id").notNull(),
    /** The event without what is in `personal`. */
    payload: jsonb("payload").$type<unknown>().notNull(),
    personal: jsonb("personal").$type<unknown>(),
    salt: text("salt"),
    personalDigest: text("personal_digest"),
    prevHash: text("prev_hash").notNull(),
    hash: text("hash").notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.seq] })],
);

/**
 * What a waiting run waits for outside its own items and jobs. Without a step: a change of its own record (kind event), one open row a run
 * and record. With a step: what the Wait element of that step's flow waits for, a row for each of its events (and of a condition for each
 * record that it reads); all of them are resolved with the first that happens.
 */
export const wait = pgTable(
  "wait",
  {
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    waitId: text("wait_id").notNull(),
    stepRunId: text("step_run_id"),
    kind: text("kind").$type<"timer" | "event" | "lock">().notNull(),
    /** Of a flow's wait for changes: the object whose records it looks at, where no one record is named. */
    objectName: text("object_name"),
    recordId: text("record_id"),
    dueAt: instant("due_at"),
    /** Of a flow's wait: the name of the event in its Wait element, and what tells whether it happened. */
    event: text("event"),
    detail: jsonb("detail").$type<unknown>(),
    createdAt: instant("created_at").notNull(),
    resolvedAt: instant("resolved_at"),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.waitId] }),
    uniqueIndex("wait_open").on(t.runId, t.kind, t.recordId).where(sql`resolved_at is null and step_run_id is null`),
    index("wait_by_record").on(t.recordId).where(sql`resolved_at is null`),
    index("wait_by_object").on(t.objectName).where(sql`resolved_at is null and object_name is not null`),
    index("wait_of_step").on(t.stepRunId).where(sql`resolved_at is null and step_run_id is not null`),
  ],
);

/**
 * A record that a run keeps others from changing (A22): taken and given up by `dispatch` with the run's own events, asked by every save of
 * the record. One row a record.
 */
export const recordLock = pgTable(
  "record_lock",
  {
    recordId: text("record_id").primaryKey(),
    runId: text("run_id")
      .notNull()
      .references(() => run.runId),
    /** Who may change the record all the same. */
    editorId: text("editor_id"),
    since: instant("since").notNull(),
  },
  (t) => [index("record_lock_of_run").on(t.runId)],
);
