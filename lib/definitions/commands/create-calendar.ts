import { sql } from "drizzle-orm";
import { calendar } from "../../../db/schema/calendars";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Result, refuse } from "../../result";
import { calendarNames, MAX_CALENDARS } from "../read-calendars";
import type { CalendarInput } from "../schema";

/** Makes a calendar under a name that never changes. Refusals: `not-found` (no admin), `name-taken`, `too-many-calendars`. */
export async function createCalendar(tx: Tx, person: Person, input: CalendarInput): Promise<Result<{ name: string }>> {
  if (!(await mayNow(tx, person, ["calendar.manage"]))) return refuse("not-found");
  const { name, label, timeZone, hours, holidays } = input;
  if ((await calendarNames(tx.db)).length >= MAX_CALENDARS)
    return refuse("too-many-calendars", { details: { limit: MAX_CALENDARS } });
  const written = await tx.db
    .insert(calendar)
    .values({ calendarName: name, label, timeZone, hours, holidays, createdAt: sql`clock_timestamp()` })
    .onConflictDoNothing()
    .returning({ name: calendar.calendarName });
  if (written.length === 0)
    return refuse("name-taken", { details: { name }, problems: [{ path: "name", message: "is taken" }] });
  await recordSecurityEvent(tx, { action: "calendar-create", actorId: person.userId, objectId: name, allowed: true });
  return ok({ name });
}
