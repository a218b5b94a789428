import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns";

/**
 * Something to be done later, committed with the state that wants it. Claimed by a worker with a lease and a fence: every write it
 * leads to names (job, fence), and a fence that has moved on is refused. Done rows are swept after a week.
 */
export const job = pgTable(
  "job",
  {
    jobId: text("job_id").primaryKey(),
    kind: text("kind").notNull(),
    dedupeKey: text("dedupe_key"),
    runId: text("run_id"),
    stepRunId: text("step_run_id"),
    payload: jsonb("payload").$type<unknown>().notNull().default({}),
    status: text("status").$type<"queued" | "running" | "done" | "dead">().notNull().default("queued"),
    attempts: integer("attempts").notNull().default(0),
    maxAttempts: integer("max_attempts").notNull().default(5),
    fence: bigint("fence", { mode: "number" }).notNull().default(0),
    runAt: instant("run_at").notNull().defaultNow(),
    leaseUntil: instant("lease_until"),
    lastError: text("last_error"),
    createdAt: instant("created_at").notNull().defaultNow(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    index("job_queued").on(t.runAt, t.jobId).where(sql`status = 'queued'`),
    index("job_running").on(t.leaseUntil).where(sql`status = 'running'`),
    uniqueIndex("job_dedupe").on(t.dedupeKey).where(sql`status in ('queued','running')`),
    index("job_by_run").on(t.runId),
  ],
);

/** A mail to be sent, committed with what it tells of; sent by the worker with this id as Message-ID. Kept with its run. */
export const outbox = pgTable(
  "outbox",
  {
    messageId: text("message_id").primaryKey(),
    /** assignment | submission | reply | failure | flow | sign_in_link | account | delegation | digest */
    kind: text("kind").notNull(),
    dedupeKey: text("dedupe_key").unique(),
    workItemId: text("work_item_id"),
    assignmentNo: integer("assignment_no"),
    runId: text("run_id"),
    /** The person it is for; the address is read from the user row when it is sent (S8). Null: nobody (skipped), or somebody outside. */
    recipientId: text("recipient_id"),
    /** The address it went to, or, for a flow's mail to somebody outside, the one it is to go to. */
    recipient: text("recipient"),
    /** What the template of `emails/` is given. */
    content: jsonb("content").$type<unknown>().notNull(),
    status: text("status").$type<"queued" | "sent" | "dead" | "withdrawn" | "skipped">().notNull(),
    attempts: integer("attempts").notNull().default(0),
    fence: bigint("fence", { mode: "number" }).notNull().default(0),
    leaseUntil: instant("lease_until"),
    createdAt: instant("created_at").notNull().defaultNow(),
    nextAttemptAt: instant("next_attempt_at"),
    sentAt: instant("sent_at"),
    lastError: text("last_error"),
  },
  (t) => [
    index("outbox_due").on(t.nextAttemptAt).where(sql`status = 'queued'`),
    index("outbox_told").on(sql`coalesce(${t.recipientId}, ${t.recipient})`, t.sentAt),
    index("outbox_by_item").on(t.workItemId),
    index("outbox_by_run").on(t.runId),
  ],
);

/** Demo mode only: what the built-in SMTP sink received, shown on the Mailbox page. Newest 1,000 are kept. */
export const mailboxMessage = pgTable(
  "mailbox_message",
  {
    mailboxMessageId: text("mailbox_message_id").primaryKey(),
    recipient: text("recipient").notNull(),
    sender: text("sender").notNull(),
    subject: text("subject").notNull(),
    textBody: text("text_body").notNull(),
    htmlBody: text("html_body"),
    /** Its Message-ID, and where its answers go; null: it takes none. */
    messageId: text("message_id").notNull().default(""),
    replyTo: text("reply_to"),
    receivedAt: instant("received_at").notNull().defaultNow(),
    isRead: boolean("is_read").notNull().default(false),
  },
  (t) => [index("mailbox_by_recipient").on(t.recipient, t.receivedAt), index("mailbox_list").on(t.receivedAt)],
);

/** One row a worker process, beaten every 5 seconds; how health and the admin page know that work goes on. */
export const workerBeat = pgTable("worker_beat", {
  workerId: text("worker_id").primaryKey(),
  startedAt: instant("started_at").notNull().defaultNow(),
  beatAt: instant("beat_at").notNull().defaultNow(),
  /** Whether its mail transport answered last time; null: none configured. */
  mailOk: boolean("mail_ok"),
  mailError: text("mail_error"),
});

/**
 * A security event: who did or was refused what, outside runs too. Written unchained in the caller's transaction (or alone, for a refusal);
 * the worker seals rows into the chain in batches (`seq`, `hash`). The contract shows sealed rows only. Append-only by trigger.
 */
export const securityEvent = pgTable(
  "security_event",
  {
    eventId: text("event_id").primaryKey(),
    seq: bigint("seq", { mode: "number" }).unique(),
    at: instant("at").notNull(),
    actorId: text("actor_id"),
    action: text("action").notNull(),
    objectId: text("object_id"),
    allowed: boolean("allowed").notNull(),
    details: jsonb("details").$type<unknown>().notNull().default({}),
    prevHash: text("prev_hash"),
    hash: text("hash"),
  },
  (t) => [
    index("security_event_unsealed").on(t.at, t.eventId).where(sql`seq is null`),
    index("security_event_list").on(t.at),
  ],
);

/** Facts of this installation by name: demo mode, hash of the contract's views, secrets' key ids. */
export const setting = pgTable("setting", {
  name: text("name").primaryKey(),
  value: jsonb("value").$type<unknown>().notNull(),
});
