import { jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { Holiday, WeeklyHours } from "../../lib/flow/calendar";
import { instant } from "./columns";

/**
 * When people work: what waits of flows count working hours and days by. Written by admins; read when a flow begins to wait. The name is
 * what definitions call it and never changes; a wait under way keeps the instant that it was given.
 */
export const calendar = pgTable("calendar", {
  calendarName: text("calendar_name").primaryKey(),
  label: text("label").notNull(),
  /** IANA name. */
  timeZone: text("time_zone").notNull(),
  hours: jsonb("hours").$type<WeeklyHours>().notNull(),
  holidays: jsonb("holidays").$type<readonly Holiday[]>().notNull().default([]),
  createdAt: instant("created_at").notNull().defaultNow(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});
