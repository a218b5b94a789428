import { sql } from "drizzle-orm";
import { customType, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns";
import { record } from "./records";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/**
 * A file that belongs to a record. Written and marked as removed by `lib/records`, and otherwise never changed (guards.sql); read by the
 * record's page, by whoever decides on the record, and sealed by name and digest with each decision. Lives as long as its record.
 */
export const attachment = pgTable(
  "attachment",
  {
    attachmentId: text("attachment_id").primaryKey(),
    recordId: text("record_id")
      .notNull()
      .references(() => record.recordId, { onDelete: "cascade" }),
    /** Text to be shown, no path: `lib/records/schema/file-name.ts`. */
    name: text("name").notNull(),
    /** By its ending, from our own list; never what a browser said. */
    mediaType: text("media_type").notNull(),
    /** In bytes. */
    size: integer("size").notNull(),
    /** Of the bytes, as 64 hexadecimal digits. */
    sha256: text("sha256").notNull(),
    uploadedBy: text("uploaded_by").notNull(),
    uploadedAt: instant("uploaded_at").notNull(),
    /** Set once: from then on it has no content. */
    removedBy: text("removed_by"),
    removedAt: instant("removed_at"),
  },
  (t) => [
    index("attachment_of_record").on(t.recordId, t.uploadedAt, t.attachmentId),
    index("attachment_of_person").on(t.uploadedBy).where(sql`removed_at is null`),
  ],
);

/** What an attachment holds, as it was sent. By itself, so that lists read no file; gone when the attachment is removed. */
export const attachmentContent = pgTable("attachment_content", {
  attachmentId: text("attachment_id")
    .primaryKey()
    .references(() => attachment.attachmentId, { onDelete: "cascade" }),
  bytes: bytea("bytes").notNull(),
});
