import { index, integer, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { Value } from "../../lib/logic/value";
import { instant } from "./columns";
import { user } from "./people";

/**
 * What lets one person answer one mail with a decision, by the digest of its secret: of use for that item, that assignment and that person
 * only, for 72 hours. Made when the mail is sent; kept 30 days after its end, so that a late answer is told why.
 */
export const replyToken = pgTable(
  "reply_token",
  {
    secretHash: text("secret_hash").primaryKey(),
    /** The mail that carries it. */
    messageId: text("message_id").notNull(),
    workItemId: text("work_item_id").notNull(),
    assignmentNo: integer("assignment_no").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.userId),
    /** What the mail told, and of which version of the record (`lib/approvals/mail-facts.ts`): an answer decides on nothing else. */
    shown: jsonb("shown").$type<Value>().notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** Answers that came with it; beyond a few they are taken for a machine's and left unread. */
    replies: integer("replies").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("reply_token_ends").on(t.expiresAt)],
);

/** How somebody wants their mails; without a row each comes at once. Written by the person. */
export const mailPreference = pgTable("mail_preference", {
  userId: text("user_id")
    .primaryKey()
    .references(() => user.userId),
  mode: text("mode").$type<"each" | "bundle" | "daily">().notNull(),
  /** Of `daily`: the hour of the person's own day, 0 to 23. */
  hour: integer("hour").notNull().default(8),
});
