import { and, eq, inArray } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { history } from "../../../db/schema";
import { eventOf } from "../../runs/chain";

/** Who took a submission back or canceled it, and why. `byId` null: Baton itself. */
export type TakenBack = { readonly byId: string | null; readonly reason: string };

/** The same of these runs that were, by id. */
export async function takenBackAmong(db: Database, runIds: readonly string[]): Promise<Map<string, TakenBack>> {
  if (runIds.length === 0) return new Map();
  const rows = await db
    .select()
    .from(history)
    .where(and(inArray(history.runId, [...runIds]), eq(history.type, "run-canceled")));
  return new Map(
    rows.flatMap((row) => {
      const event = eventOf(row);
      return event?.type === "run-canceled" ? [[row.runId, { byId: row.actorId, reason: event.reason }]] : [];
    }),
  );
}
