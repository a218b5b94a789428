import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { may } from "../gate";
import { requirePerson } from "../people/current-person";
import { activeApprovals, listDefinitions } from "./list-definitions";
import { type CalendarRow, calendarNamed, DEFAULT_CALENDAR, readCalendars } from "./read-calendars";
import { readDefinition } from "./read-definition";
import type { DefinitionPage, DefinitionRow, ListFilter } from "./schema";

/** The list of definitions; null for whoever may not see them. */
export async function definitionList(filter: ListFilter): Promise<Page<DefinitionRow> | null> {
  return may(await requirePerson(), "definition.read") ? listDefinitions(db(), filter) : null;
}

/** One definition at a version, or at its newest; null where there is none or it is not theirs to see. */
export async function definitionPage(name: string, version: number | null): Promise<DefinitionPage | null> {
  const person = await requirePerson();
  if (!may(person, "definition.read")) return null;
  const read = await readDefinition(db(), name, version);
  if (!read) return null;
  const [mayEdit, mayActivate] = [may(person, "definition.edit"), may(person, "definition.activate")];
  return { ...read, mayEdit, mayActivate, maySeeRuns: may(person, "run.list") };
}

/** Whether the person may make definitions: what decides about the pages for it. */
export const mayEditDefinitions = async (): Promise<boolean> => may(await requirePerson(), "definition.edit");

/** All calendars, for admins; null for everybody else. */
export async function calendarsToManage(): Promise<CalendarRow[] | null> {
  return may(await requirePerson(), "calendar.manage") ? readCalendars(db()) : null;
}

/** One calendar, for admins; null where there is none. */
export async function calendarToManage(name: string): Promise<{ calendar: CalendarRow; mayBeDeleted: boolean } | null> {
  const calendar = may(await requirePerson(), "calendar.manage") ? await calendarNamed(db(), name) : null;
  return calendar && { calendar, mayBeDeleted: name !== DEFAULT_CALENDAR };
}

/** Active approval processes by label, as a picker shows them; everybody may know that there are such. */
export async function approvalProcesses(): Promise<{ value: string; label: string }[]> {
  await requirePerson();
  return activeApprovals(db());
}
