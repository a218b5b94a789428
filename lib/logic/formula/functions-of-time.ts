import { decimalOf, numberOf } from "../decimal";
import { CURRENT_DATE, CURRENT_DATE_TIME } from "../globals";
import { wallTimeAt } from "../wall-time";
import { countAt, type Fn, fn, numberAt } from "./call";
import { type Cell, cellOf, cellText, failure, moment, momentOf, number, typeOf, whole } from "./cell";
import { KIND_WORDS } from "./kind-words";
import { DAY_MS } from "./operators";
import type { World } from "./world";

/** The clock's own value of a path, which `lookup` answers. */
function clockAt(path: string, { lookup }: World): Cell {
  const found = momentOf(cellOf(lookup(path)));
  return found ? moment(found.is, found.at) : failure("The time is not known here.");
}

/** The day on the clocks of the zone, as its midnight in UTC. */
const dayIn = (at: number, zone: string): number => Date.parse(`${wallTimeAt(at, zone).date}T00:00:00Z`);

/** The day that a cell names: a day as it is, an instant as the clocks of the zone show it. */
function dayOf(cell: Cell, { zone }: World): number | null {
  const found = momentOf(cell);
  if (!found) return null;
  return found.is === "date" ? found.at : dayIn(found.at, zone);
}

const noDay = (name: string, cell: Cell): Cell =>
  failure(
    typeof cell === "string"
      ? `${name}() finds no date in “${cell.slice(0, 60)}”; dates are written as 2026-11-21.`
      : `${name}() takes a date, not ${KIND_WORDS[typeOf(cell)]}.`,
  );

/** A number of a day. */
const ofDay = (name: string, read: (day: Date) => number): Fn =>
  fn(["date"], "number", ([cell = null], world) => {
    if (cell === null) return null;
    const day = dayOf(cell, world);
    return day === null ? noDay(name, cell) : whole(read(new Date(day)));
  });

/** A number of the time of day, of an instant on the clocks of the zone. */
const ofTime = (name: string, read: (time: number) => number): Fn =>
  fn(["time"], "number", ([cell = null], { zone }) => {
    if (cell === null) return null;
    const at = momentOf(cell);
    if (at?.is === "datetime") return whole(read(wallTimeAt(at.at, zone).sinceMidnight));
    return typeof cell === "object" && cell.is === "time"
      ? whole(read(cell.time))
      : failure(`${name}() takes a time of day, not ${KIND_WORDS[typeOf(cell)]}.`);
  });

function dateOf(args: readonly Cell[]): Cell {
  for (const at of [0, 1, 2]) {
    const found = numberAt(args, at);
    if (found === null || "is" in found) return found;
  }
  const [year, month, day] = [countAt(args, 0), countAt(args, 1), countAt(args, 2)];
  const at = Date.UTC(year, month - 1, day);
  const back = new Date(at);
  const exists = back.getUTCFullYear() === year && back.getUTCMonth() === month - 1 && back.getUTCDate() === day;
  return exists ? moment("date", at) : failure(`There is no day ${year}-${month}-${day}.`);
}

function dateValue([cell = null]: readonly Cell[], world: World): Cell {
  if (cell === null || cell === "") return null;
  const day = dayOf(typeof cell === "string" ? (instantText(cell) ?? cell) : cell, world);
  return day === null ? noDay("DATEVALUE", cell) : moment("date", day);
}

/** `2026-11-21 08:00:00`, with or without a `Z`, as Salesforce writes an instant in UTC. */
const instantText = (text: string): string | null =>
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}Z?$/.test(text.trim()) ? `${text.trim().slice(0, 19).replace(" ", "T")}Z` : null;

function dateTimeValue([cell = null]: readonly Cell[]): Cell {
  if (cell === null || cell === "") return null;
  const found = momentOf(typeof cell === "string" ? (instantText(cell) ?? cell.trim()) : cell);
  if (found) return moment("datetime", found.at);
  return failure(
    `DATETIMEVALUE() finds no date and time in “${cellText(cell).slice(0, 60)}”; write it as 2026-11-21 08:00:00.`,
  );
}

function timeValue([cell = null]: readonly Cell[], { zone }: World): Cell {
  if (cell === null || cell === "") return null;
  if (typeof cell === "object" && (cell.is === "time" || cell.is === "error")) return cell;
  const at = momentOf(cell);
  if (at?.is === "datetime") return { is: "time", time: wallTimeAt(at.at, zone).sinceMidnight };
  const text = cellText(cell).trim();
  const full = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/.test(text);
  return full
    ? { is: "time", time: Date.parse(`1970-01-01T${text}Z`) }
    : failure(`TIMEVALUE() finds no time of day in “${text.slice(0, 60)}”; write it as 14:30:00.`);
}

/** The same day of a later or earlier month, or its last one where it has no such day. */
function addMonths(args: readonly Cell[]): Cell {
  const [cell = null] = args;
  const months = numberAt(args, 1);
  if (cell === null || months === null || "is" in months)
    return months === null || cell === null ? null : (months as Cell);
  const from = momentOf(cell);
  if (!from) return noDay("ADDMONTHS", cell);
  const date = new Date(from.at);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + countAt(args, 1), 1);
  const last = new Date(first);
  const days = new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 0)).getUTCDate();
  return moment(
    from.is,
    first + (Math.min(date.getUTCDate(), days) - 1) * DAY_MS + (from.at - Math.floor(from.at / DAY_MS) * DAY_MS),
  );
}

/** The Monday-based week of ISO 8601 and its year: those of the Thursday of that week. */
function isoWeek(day: Date): { year: number; week: number } {
  const thursday = new Date(day.getTime() + (3 - ((day.getUTCDay() + 6) % 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1 };
}

function fromUnixTime(args: readonly Cell[]): Cell {
  const found = numberAt(args, 0);
  if (found === null || "is" in found) return found;
  return moment("datetime", Math.round((numberOf(found) ?? Number.NaN) * 1_000));
}

export const TIME_FUNCTIONS: readonly (readonly [string, Fn])[] = [
  ["TODAY", fn([], "date", (_, world) => clockAt(CURRENT_DATE, world))],
  ["NOW", fn([], "datetime", (_, world) => clockAt(CURRENT_DATE_TIME, world))],
  ["TIMENOW", fn([], "time", (_, world) => timeValue([clockAt(CURRENT_DATE_TIME, world)], world))],
  ["DATE", fn(["number", "number", "number"], "date", dateOf)],
  ["DATEVALUE", fn(["moment"], "date", dateValue)],
  ["DATETIMEVALUE", fn(["moment"], "datetime", dateTimeValue)],
  ["TIMEVALUE", fn(["timing"], "time", timeValue)],
  ["ADDMONTHS", fn(["date", "number"], "date", addMonths)],
  ["YEAR", ofDay("YEAR", (day) => day.getUTCFullYear())],
  ["MONTH", ofDay("MONTH", (day) => day.getUTCMonth() + 1)],
  ["DAY", ofDay("DAY", (day) => day.getUTCDate())],
  ["WEEKDAY", ofDay("WEEKDAY", (day) => day.getUTCDay() + 1)],
  [
    "DAYOFYEAR",
    ofDay("DAYOFYEAR", (day) => Math.round((day.getTime() - Date.UTC(day.getUTCFullYear(), 0, 1)) / DAY_MS) + 1),
  ],
  ["ISOWEEK", ofDay("ISOWEEK", (day) => isoWeek(day).week)],
  ["ISOYEAR", ofDay("ISOYEAR", (day) => isoWeek(day).year)],
  ["HOUR", ofTime("HOUR", (time) => Math.floor(time / 3_600_000))],
  ["MINUTE", ofTime("MINUTE", (time) => Math.floor(time / 60_000) % 60)],
  ["SECOND", ofTime("SECOND", (time) => Math.floor(time / 1_000) % 60)],
  ["MILLISECOND", ofTime("MILLISECOND", (time) => time % 1_000)],
  [
    "UNIXTIMESTAMP",
    fn(["datetime"], "number", ([cell = null]) => {
      const found = momentOf(cell);
      if (!found) return cell === null ? null : noDay("UNIXTIMESTAMP", cell);
      return number(decimalOf(found.at / 1_000));
    }),
  ],
  ["FROMUNIXTIME", fn(["number"], "datetime", fromUnixTime)],
];
