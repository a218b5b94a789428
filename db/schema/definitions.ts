import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { ReadsOutside } from "../../lib/check/reads-outside";
import { instant } from "./columns";

/** An orchestration, approval process or flow, under one API name. Its content is in versions. */
export const definition = pgTable("definition", {
  /** The API name: fixed after the first save, unique over orchestrations and flows together. */
  definitionId: text("definition_id").primaryKey(),
  kind: text("kind").$type<"orchestration" | "flow">().notNull(),
  /** orchestrator | approval | screen | autolaunched | evaluation */
  type: text("type").notNull(),
  label: text("label").notNull(),
  /** The one active version, or null. */
  activeVersion: integer("active_version"),
  createdBy: text("created_by").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/**
 * One revision. A draft may be changed and be incomplete; from its first activation or its first debug run that is kept it is immutable (a
 * trigger in guards.sql) but for `status`. Old versions are never deleted while a run is pinned to them (A24).
 */
export const definitionVersion = pgTable(
  "definition_version",
  {
    definitionId: text("definition_id")
      .notNull()
      .references(() => definition.definitionId),
    version: integer("version").notNull(),
    status: text("status").$type<"draft" | "active" | "inactive">().notNull().default("draft"),
    body: jsonb("body").$type<unknown>().notNull(),
    /** SHA-256 over the canonical JSON of the body. */
    hash: text("hash").notNull(),
    /** Facts lifted out of the body for triggers and the audit. */
    triggerObject: text("trigger_object"),
    oneOpenRun: boolean("one_open_run").notNull().default(false),
    isAsynchronous: boolean("is_asynchronous").notNull().default(false),
    /** Of an evaluation flow: what its answer rests on beside its inputs. */
    readsOutside: jsonb("reads_outside").$type<ReadsOutside>(),
    savedBy: text("saved_by").notNull(),
    savedAt: instant("saved_at").notNull().defaultNow(),
    activatedAt: instant("activated_at"),
    /** Never overwritten. */
    firstActivatedAt: instant("first_activated_at"),
    /** Of a draft: when a debug run was first kept of it. The run is pinned to it, so it cannot change any more. */
    triedAt: instant("tried_at"),
  },
  (t) => [
    primaryKey({ columns: [t.definitionId, t.version] }),
    index("definition_version_trigger").on(t.triggerObject, t.status),
  ],
);
