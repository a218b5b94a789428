import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../../db/client";
import { decodeCursor, PAGE_SIZE, type Page, pageOf } from "../../db/page";
import { securityEvent } from "../../db/schema/queue";

export type SecurityEventRow = typeof securityEvent.$inferSelect;

/** Security events, newest first, sealed or not yet; a page of 50. */
export async function listSecurityEvents(
  database: Database,
  filter: {
    readonly action?: string;
    readonly actorId?: string;
    readonly allowed?: boolean;
    readonly cursor?: string | null;
  },
): Promise<Page<SecurityEventRow>> {
  const after = decodeCursor(filter.cursor, 2);
  const rows = await database
    .select()
    .from(securityEvent)
    .where(
      and(
        filter.action === undefined ? undefined : eq(securityEvent.action, filter.action),
        filter.actorId === undefined ? undefined : eq(securityEvent.actorId, filter.actorId),
        filter.allowed === undefined ? undefined : eq(securityEvent.allowed, filter.allowed),
        isInstant(after?.[0])
          ? sql`(${securityEvent.at}, ${securityEvent.eventId}) < (${after[0]}::timestamptz, ${String(after[1])})`
          : undefined,
      ),
    )
    .orderBy(desc(securityEvent.at), desc(securityEvent.eventId))
    .limit(PAGE_SIZE + 1);
  return pageOf(rows, PAGE_SIZE, (row) => [row.at.toISOString(), row.eventId]);
}

/** How many of the newest events are looked at for the actions there are. */
const RECENT = 5_000;

/** The actions among the newest events, by name. */
export async function recentActions(database: Database): Promise<string[]> {
  const recent = database
    .select({ action: securityEvent.action })
    .from(securityEvent)
    .orderBy(desc(securityEvent.at))
    .limit(RECENT)
    .as("recent");
  const rows = await database.selectDistinct({ action: recent.action }).from(recent).orderBy(recent.action);
  return rows.map(({ action }) => action);
}

/** As `toISOString` writes it: a cursor is anybody's text. */
const isInstant = (value: unknown): value is string =>
  typeof value === "string" && z.iso.datetime().safeParse(value).success;
