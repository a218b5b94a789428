import { boolean, index, integer, numeric, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { instant } from "./columns";

export const AUTOMATED_USER_ID = "usr_automated";

/**
 * A person who may sign in, or the automated process user (`kind` system), who owns what nobody did by hand.
 * Written by admins and at set-up; read everywhere. Never deleted: deactivated, because history names them.
 */
export const user = pgTable(
  "user",
  {
    userId: text("user_id").primaryKey(),
    kind: text("kind").$type<"person" | "system">().notNull().default("person"),
    username: text("username").notNull(),
    /** Normalised (NFKC, lower case); mail goes here and nowhere else. */
    email: text("email").notNull(),
    name: text("name").notNull(),
    /** argon2id with its parameters; null: only mailed links. */
    passwordHash: text("password_hash"),
    role: text("role").$type<"member" | "author" | "manager" | "admin">().notNull().default("member"),
    managerId: text("manager_id"),
    active: boolean("active").notNull().default(true),
    /** IANA name; null: the browser's. */
    timeZone: text("time_zone"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("user_username").on(t.username),
    uniqueIndex("user_email").on(t.email),
    index("user_name").on(t.name, t.userId),
  ],
);

/** A public group: people and other groups who get work together. */
export const userGroup = pgTable("user_group", {
  groupId: text("group_id").primaryKey(),
  name: text("name").notNull().unique(),
  label: text("label").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/** A queue: work waits in it until a member takes it. */
export const queue = pgTable("queue", {
  queueId: text("queue_id").primaryKey(),
  name: text("name").notNull().unique(),
  label: text("label").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/** Who belongs to a group or queue: users, and groups (nested, at most 10 deep, no circle). */
export const membership = pgTable(
  "membership",
  {
    containerType: text("container_type").$type<"group" | "queue">().notNull(),
    containerId: text("container_id").notNull(),
    memberType: text("member_type").$type<"user" | "group">().notNull(),
    memberId: text("member_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.containerType, t.containerId, t.memberType, t.memberId] }),
    index("membership_member").on(t.memberType, t.memberId),
  ],
);

/** One sign-in of one browser. Asked on every request; ended by `revoked_at`. Kept 30 days after its end. */
export const session = pgTable(
  "session",
  {
    sessionId: text("session_id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.userId),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    /** How they signed in, and what the browser called itself, for the page of one's own sessions. */
    method: text("method").notNull(),
    userAgent: text("user_agent").notNull().default(""),
  },
  (t) => [index("session_user").on(t.userId, t.createdAt)],
);

/** A mailed sign-in link or the set-up link, by the digest of its secret: 10 minutes (1 hour for set-up), one use. */
export const oneTimeLink = pgTable("one_time_link", {
  linkId: text("link_id").primaryKey(),
  purpose: text("purpose").$type<"sign_in" | "setup">().notNull(),
  userId: text("user_id"),
  secretHash: text("secret_hash").notNull().unique(),
  /** Digest of the cookie of the browser that asked; the link is of no use to another. */
  browserHash: text("browser_hash"),
  expiresAt: instant("expires_at").notNull(),
  usedAt: instant("used_at"),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/**
 * Counts of attempts per account, address and in all, in windows: of signing in and links (kept a day), and of what is bounded by the minute
 * (`lib/people/keep-to-limits.ts`, kept an hour).
 */
export const attempt = pgTable(
  "attempt",
  {
    subject: text("subject").notNull(),
    windowStart: instant("window_start").notNull(),
    count: integer("count").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.subject, t.windowStart] })],
);

/** A bearer token of a person for the API: shown once, stored as digest, scoped, revocable. */
export const apiToken = pgTable(
  "api_token",
  {
    tokenId: text("token_id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.userId),
    name: text("name").notNull(),
    /** First letters, to find it by. */
    hint: text("hint").notNull(),
    secretHash: text("secret_hash").notNull().unique(),
    scopes: text("scopes").array().notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [index("api_token_user").on(t.userId, t.createdAt)],
);

/**
 * Who decides approvals in whose place, when and which. In force between `valid_from` and `valid_to` once it is accepted, until it is
 * ended. Written by `lib/people/delegation`; read with every person (`Person.standsFor`). Never deleted: history names what was decided by it.
 */
export const delegation = pgTable(
  "delegation",
  {
    delegationId: text("delegation_id").primaryKey(),
    /** Whose work it is, and who does it for them. */
    delegatorId: text("delegator_id")
      .notNull()
      .references(() => user.userId),
    delegateId: text("delegate_id")
      .notNull()
      .references(() => user.userId),
    /** The first instant, and the first one no more. */
    validFrom: instant("valid_from").notNull(),
    validTo: instant("valid_to").notNull(),
    /** Approval processes by definition id; null: all. */
    processes: text("processes").array(),
    /** Requests above this amount, or without one, stay with the delegator; null: any. */
    maxAmount: numeric("max_amount", { mode: "number" }),
    /** Whether whoever stands in for the delegate decides for the delegator too. */
    mayPassOn: boolean("may_pass_on").notNull().default(false),
    reason: text("reason").notNull().default(""),
    createdBy: text("created_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    acceptedAt: instant("accepted_at"),
    /** Ended early, withdrawn before an answer, or declined. */
    endedAt: instant("ended_at"),
    endedBy: text("ended_by"),
  },
  (t) => [
    index("delegation_by_delegate").on(t.delegateId, t.validTo),
    index("delegation_by_delegator").on(t.delegatorId, t.validTo),
    index("delegation_list").on(t.createdAt, t.delegationId),
  ],
);
