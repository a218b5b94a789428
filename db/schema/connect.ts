import { index, integer, json, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { ErrorRule, Method } from "../../lib/connect/schema/operation";
import type { Shape } from "../../lib/logic/shape";
import { instant } from "./columns";

/** A server that operations may call at all (S59). Written by admins; asked at every call, so taking one away holds from the next call on. */
export const allowedHost = pgTable(
  "allowed_host",
  {
    scheme: text("scheme").$type<"https" | "http">().notNull(),
    /** As a URL spells it: lower case, an IPv6 address in brackets. */
    host: text("host").notNull(),
    port: integer("port").notNull(),
    addedBy: text("added_by").notNull(),
    addedAt: instant("added_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.scheme, t.host, t.port] })],
);

/**
 * A secret that another system asks for, sealed with AES-256-GCM under a key derived from AUTH_SECRET (`lib/connect/seal-secret.ts`). Written
 * by admins, read by calls alone: no page and no export ever has it back.
 */
export const credential = pgTable("credential", {
  credentialId: text("credential_id").primaryKey(),
  label: text("label").notNull().unique(),
  kind: text("kind").$type<"bearer" | "basic" | "header">().notNull(),
  /** The only server that it is sent to, e.g. `https://api.example.com`; fixed. */
  origin: text("origin").notNull(),
  /** Of a `header`: its name. */
  headerName: text("header_name"),
  /** Of a `basic`: the user name. */
  username: text("username"),
  /** Which key sealed it; rotation seals rows of other keys anew. */
  keyId: text("key_id").notNull(),
  sealed: text("sealed").notNull(),
  changedBy: text("changed_by").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
  changedAt: instant("changed_at").notNull().defaultNow(),
});

/** Where another system's operations begin, and with which credential they are called. */
export const connection = pgTable("connection", {
  connectionId: text("connection_id").primaryKey(),
  label: text("label").notNull().unique(),
  /** With its path, without a slash at its end: `https://api.example.com/v2`. */
  baseUrl: text("base_url").notNull(),
  credentialId: text("credential_id").references(() => credential.credentialId),
  createdAt: instant("created_at").notNull().defaultNow(),
  changedAt: instant("changed_at").notNull().defaultNow(),
});

/**
 * One request that an external step may make: what it is given, how that becomes HTTP, what the answer must look like. Named by definitions
 * and looked up at each call, so that a mended address helps the runs that wait for it.
 */
export const operation = pgTable(
  "operation",
  {
    /** The API name, fixed. */
    name: text("name").primaryKey(),
    label: text("label").notNull(),
    connectionId: text("connection_id")
      .notNull()
      .references(() => connection.connectionId),
    method: text("method").$type<Method>().notNull(),
    /** Behind the connection's address; `{name}` stands for an input. */
    path: text("path").notNull(),
    headers: json("headers").$type<Readonly<Record<string, string>>>().notNull(),
    input: json("input").$type<Shape>().notNull(),
    /** Null: whatever is answered is not read. */
    output: json("output").$type<Shape>(),
    timeoutSeconds: integer("timeout_seconds").notNull(),
    maxAttempts: integer("max_attempts").notNull(),
    errors: json("errors").$type<readonly ErrorRule[]>().notNull(),
    /** Counted up by each change, so that two admins do not overwrite one another. */
    version: integer("version").notNull().default(1),
    changedBy: text("changed_by").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    changedAt: instant("changed_at").notNull().defaultNow(),
  },
  (t) => [index("operation_connection").on(t.connectionId)],
);

/**
 * Another system that may report events (S41), bound to one definition: each event starts it, or wakes one of its runs. Written by admins; its
 * secret is sealed like a credential's and was shown once.
 */
export const eventSource = pgTable("event_source", {
  /** As it stands in the door's address; fixed. */
  name: text("name").primaryKey(),
  label: text("label").notNull(),
  definitionId: text("definition_id").notNull(),
  keyId: text("key_id").notNull(),
  sealed: text("sealed").notNull(),
  createdBy: text("created_by").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
  lastEventAt: instant("last_event_at"),
});
