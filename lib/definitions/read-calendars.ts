import { eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { calendar } from "../../db/schema/calendars";

/** The calendar that working time is counted by where a flow names none; it is there from the start and stays. */
export const DEFAULT_CALENDAR = "Default";
/** As many as there may be. */
export const MAX_CALENDARS = 200;

/** A calendar as it is kept; its hours and holidays as `lib/flow/calendar.ts` has them. */
export type CalendarRow = Omit<typeof calendar.$inferSelect, "createdAt" | "updatedAt">;

const columns = {
  calendarName: calendar.calendarName,
  label: calendar.label,
  timeZone: calendar.timeZone,
  hours: calendar.hours,
  holidays: calendar.holidays,
};

/** All calendars by their labels. */
export const readCalendars = (db: Database): Promise<CalendarRow[]> =>
  db.select(columns).from(calendar).orderBy(calendar.label, calendar.calendarName).limit(MAX_CALENDARS);

export async function calendarNamed(db: Database, name: string): Promise<CalendarRow | null> {
  const [row] = await db.select(columns).from(calendar).where(eq(calendar.calendarName, name));
  return row ?? null;
}

export const calendarNames = async (db: Database): Promise<string[]> =>
  (await db.select({ name: calendar.calendarName }).from(calendar).limit(MAX_CALENDARS)).map(({ name }) => name);
