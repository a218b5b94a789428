import { eq } from "drizzle-orm";
import { calendar } from "../../../db/schema/calendars";
import type { Tx } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { ok, type Result, refuse } from "../../result";
import { DEFAULT_CALENDAR } from "../read-calendars";

/**
 * Deletes a calendar that no active definition names. A version that is not active any more and still runs takes its fault connector when it
 * comes to it. Refusals: `not-found` (no admin, or no such calendar), `calendar-in-use` (details name, by).
 */
export async function deleteCalendar(
  tx: Tx,
  person: Person,
  { name }: { readonly name: string },
): Promise<Result<null>> {
  if (!(await mayNow(tx, person, ["calendar.manage"]))) return refuse("not-found");
  const [row] = await tx.db.select().from(calendar).where(eq(calendar.calendarName, name)).for("update");
  if (!row) return refuse("not-found");
  const users = await tx.sql<{ label: string }[]>`
    select d.label from definition d join definition_version v using (definition_id)
    where v.status = 'active' and jsonb_path_exists(v.body, '$.**.calendar ? (@ == $name)', jsonb_build_object('name', ${name}::text))
    order by d.label limit 5`;
  if (name === DEFAULT_CALENDAR)
    return refuse("calendar-in-use", { details: { name: row.label, by: "every wait that names no calendar" } });
  if (users.length > 0)
    return refuse("calendar-in-use", { details: { name: row.label, by: users.map(({ label }) => label).join(", ") } });
  await tx.db.delete(calendar).where(eq(calendar.calendarName, name));
  await recordSecurityEvent(tx, { action: "calendar-delete", actorId: person.userId, objectId: name, allowed: true });
  return ok(null);
}
