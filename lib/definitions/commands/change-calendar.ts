import { eq, sql } from "drizzle-orm";
import { calendar } from "../../../db/schema/calendars";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Result, refuse } from "../../result";
import type { CalendarInput } from "../schema";

/** Changes a calendar. What waits already keeps the instant that it was given. Refusal: `not-found` (no admin, or no such calendar). */
export async function changeCalendar(tx: Tx, person: Person, input: CalendarInput): Promise<Result<{ name: string }>> {
  if (!(await mayNow(tx, person, ["calendar.manage"]))) return refuse("not-found");
  const { name, label, timeZone, hours, holidays } = input;
  const changed = await tx.db
    .update(calendar)
    .set({ label, timeZone, hours, holidays, updatedAt: sql`clock_timestamp()` })
    .where(eq(calendar.calendarName, name))
    .returning({ name: calendar.calendarName });
  if (changed.length === 0) return refuse("not-found");
  await recordSecurityEvent(tx, { action: "calendar-change", actorId: person.userId, objectId: name, allowed: true });
  return ok({ name });
}
