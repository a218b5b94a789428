import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addWorkingTime, type WorkingCalendar } from "../../lib/flow/calendar";
import { dueOf } from "../../lib/flow/due";
import type { AwaitedEvent } from "../../lib/flow/interview";

const day = [{ from: "09:00", to: "17:00" }];
const week = [day, day, day, day, day, [], []];
const calendar = (more: Partial<WorkingCalendar> = {}): WorkingCalendar => ({
  timeZone: "UTC",
  hours: week,
  holidays: [],
  ...more,
});
const at = (text: string) => Date.parse(text);
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());
const hours = (from: string, amount: number, by = calendar()) =>
  iso(addWorkingTime(at(from), { amount, unit: "working_hours" }, by));
const days = (from: string, amount: number, by = calendar()) =>
  iso(addWorkingTime(at(from), { amount, unit: "working_days" }, by));

describe("working hours", () => {
  // 20 November 2026 is a Friday.
  test.each([
    ["within a day", "2026-11-20T09:00:00Z", 3, "2026-11-20T12:00:00.000Z"],
    ["up to the last minute of a day", "2026-11-20T09:00:00Z", 8, "2026-11-20T17:00:00.000Z"],
    ["over a weekend", "2026-11-20T16:00:00Z", 2, "2026-11-23T10:00:00.000Z"],
    ["from the night before", "2026-11-19T23:30:00Z", 1.5, "2026-11-20T10:30:00.000Z"],
    ["from a Sunday", "2026-11-22T12:00:00Z", 1, "2026-11-23T10:00:00.000Z"],
    ["none at all, out of hours", "2026-11-21T12:00:00Z", 0, "2026-11-23T09:00:00.000Z"],
    ["none at all, within hours", "2026-11-20T12:34:56Z", 0, "2026-11-20T12:34:56.000Z"],
    ["over weeks", "2026-11-20T09:00:00Z", 80, "2026-12-03T17:00:00.000Z"],
  ])("%s", (_, from, amount, until) => expect(hours(from, amount)).toBe(until));

  test("pass no holiday and no break", () => {
    const by = calendar({
      hours: week.map((list) =>
        list.length
          ? [
              { from: "09:00", to: "12:00" },
              { from: "13:00", to: "17:00" },
            ]
          : [],
      ),
      holidays: [{ date: "2026-11-23", label: "Founder's day" }],
    });
    expect(hours("2026-11-20T11:00:00Z", 2, by)).toBe("2026-11-20T14:00:00.000Z");
    expect(hours("2026-11-20T16:00:00Z", 2, by)).toBe("2026-11-24T10:00:00.000Z");
  });

  test.each([
    // Clocks go back on 25 October 2026 in Berlin, forward on 28 March 2027: the hours of a day are what its clocks show.
    [
      "a night that has 25 hours",
      "2026-10-24T22:00:00Z",
      4,
      "Europe/Berlin",
      "2026-10-25T02:00:00.000Z",
      "00:00",
      "24:00",
    ],
    ["a Sunday of 25 hours", "2026-10-24T22:00:00Z", 25, "Europe/Berlin", "2026-10-25T23:00:00.000Z", "00:00", "24:00"],
    ["a Sunday of 23 hours", "2027-03-27T23:00:00Z", 23, "Europe/Berlin", "2027-03-28T22:00:00.000Z", "00:00", "24:00"],
    [
      "from summer to winter time",
      "2026-10-23T14:00:00Z",
      2,
      "Europe/Berlin",
      "2026-10-24T08:00:00.000Z",
      "09:00",
      "17:00",
    ],
    [
      "hours that begin where clocks skip",
      "2027-03-28T00:00:00Z",
      1,
      "Europe/Berlin",
      "2027-03-28T02:00:00.000Z",
      "02:30",
      "05:00",
    ],
  ])("over %s", (_, from, amount, timeZone, until, opens, closes) => {
    const by = calendar({ timeZone, hours: Array.from({ length: 7 }, () => [{ from: opens, to: closes }]) });
    expect(hours(from, amount, by)).toBe(until);
  });

  test("of a calendar in which nobody works never come", () => {
    const by = calendar({ hours: [[], [], [], [], [], [], []] });
    expect(hours("2026-11-20T09:00:00Z", 1, by)).toBe(null);
    expect(days("2026-11-20T09:00:00Z", 1, by)).toBe(null);
  });
});

describe("working days", () => {
  test.each([
    ["the next one", "2026-11-19T10:15:00Z", 1, "2026-11-20T10:15:00.000Z"],
    ["over a weekend", "2026-11-20T10:15:00Z", 1, "2026-11-23T10:15:00.000Z"],
    ["none at all, within hours", "2026-11-20T10:15:00Z", 0, "2026-11-20T10:15:00.000Z"],
    ["from before the hours", "2026-11-19T06:00:00Z", 1, "2026-11-20T09:00:00.000Z"],
    ["from after the hours, counted from the next opening", "2026-11-19T18:00:00Z", 1, "2026-11-23T09:00:00.000Z"],
    ["from a Saturday", "2026-11-21T11:00:00Z", 1, "2026-11-24T09:00:00.000Z"],
    ["ten of them", "2026-11-20T10:15:00Z", 10, "2026-12-04T10:15:00.000Z"],
  ])("%s", (_, from, amount, until) => expect(days(from, amount)).toBe(until));

  test("keep the time of day when clocks change", () => {
    const by = calendar({ timeZone: "Europe/Berlin" });
    expect(days("2026-10-23T08:00:00Z", 1, by)).toBe("2026-10-26T09:00:00.000Z");
  });
});

test("working time is total, and more of it is never sooner", () => {
  const times = fc.constantFrom("00:00", "02:30", "09:00", "12:00", "17:00", "23:59", "24:00");
  const hoursOfDay = fc.array(fc.record({ from: times, to: times }), { maxLength: 3 });
  const calendars = fc.record({
    timeZone: fc.constantFrom("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"),
    hours: fc.array(hoursOfDay, { minLength: 7, maxLength: 7 }),
    holidays: fc.constant([]),
  });
  const instants = fc.integer({ min: at("2011-12-28T00:00:00Z"), max: at("2027-04-01T00:00:00Z") });
  fc.assert(
    fc.property(calendars, instants, fc.integer({ min: 0, max: 40 }), (by, from, amount) => {
      for (const unit of ["working_hours", "working_days"] as const) {
        const [sooner, later] = [amount, amount + 1].map((count) => addWorkingTime(from, { amount: count, unit }, by));
        if (typeof sooner === "number") expect(sooner).toBeGreaterThanOrEqual(from - 86_400_000);
        if (typeof later === "number") expect(sooner).toBeLessThanOrEqual(later);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

describe("a wait for days", () => {
  type Timer = Extract<AwaitedEvent, { type: "amount_of_time" }>;
  const wait = (amount: number, timeZone: string): Timer => ({
    type: "amount_of_time",
    name: "Later",
    label: "Later",
    amount,
    unit: "days",
    calendar: null,
    timeZone,
  });
  const due = (from: string, amount: number, timeZone: string) => {
    const found = dueOf(wait(amount, timeZone), { now: at(from), calendar: null });
    return "dueAt" in found ? iso(found.dueAt) : found.never;
  };

  // Reliability F45: the next day at a time that is skipped is the first moment after it; of one that comes twice, the first.
  test.each([
    ["Europe/Berlin", "2027-03-27T01:30:00Z", "2027-03-28T01:00:00.000Z"],
    ["Europe/Berlin", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00.000Z"],
    ["Europe/London", "2027-03-27T01:30:00Z", "2027-03-28T01:00:00.000Z"],
    ["Europe/London", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00.000Z"],
    ["America/New_York", "2027-03-13T07:30:00Z", "2027-03-14T07:00:00.000Z"],
    ["America/New_York", "2026-10-31T05:30:00Z", "2026-11-01T05:30:00.000Z"],
    ["America/Los_Angeles", "2027-03-13T10:30:00Z", "2027-03-14T10:00:00.000Z"],
    ["America/Los_Angeles", "2026-10-31T08:30:00Z", "2026-11-01T08:30:00.000Z"],
    ["America/Sao_Paulo", "2018-11-03T03:30:00Z", "2018-11-04T03:00:00.000Z"],
    ["Australia/Sydney", "2026-10-02T16:30:00Z", "2026-10-03T16:00:00.000Z"],
    ["Australia/Sydney", "2027-04-02T15:30:00Z", "2027-04-03T15:30:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-02T15:45:00Z", "2026-10-03T15:30:00.000Z"],
    ["Australia/Lord_Howe", "2027-04-02T14:45:00Z", "2027-04-03T14:45:00.000Z"],
    ["Pacific/Apia", "2011-12-29T22:00:00Z", "2011-12-30T10:00:00.000Z"],
    ["Africa/Cairo", "2026-04-22T22:30:00Z", "2026-04-23T22:00:00.000Z"],
    ["Africa/Cairo", "2026-10-28T20:30:00Z", "2026-10-29T20:30:00.000Z"],
    ["America/Havana", "2027-03-13T05:30:00Z", "2027-03-14T05:00:00.000Z"],
    ["Asia/Tehran", "2022-03-20T20:45:00Z", "2022-03-21T20:30:00.000Z"],
    ["Asia/Kolkata", "2026-11-20T21:00:00Z", "2026-11-21T21:00:00.000Z"],
    ["UTC", "2026-11-20T02:30:00Z", "2026-11-21T02:30:00.000Z"],
  ])("in %s from %s is over at %s", (zone, from, until) => expect(due(from, 1, zone)).toBe(until));

  test("takes half a day by the hour", () => {
    expect(due("2026-11-20T02:30:00Z", 1.5, "UTC")).toBe("2026-11-21T14:30:00.000Z");
  });
  test("is refused past ten years, with the number", () => {
    expect(due("2026-11-20T02:30:00Z", 4_000, "UTC")).toBe("would wait for more than 3660 days");
    expect(due("2026-11-20T02:30:00Z", 1e300, "UTC")).toContain("ten years");
  });
});

describe("a wait until a date", () => {
  type Until = Extract<AwaitedEvent, { type: "until_date" }>;
  const until = (more: Partial<Until>): string | null => {
    const event: Until = {
      type: "until_date",
      name: "Then",
      label: "Then",
      at: "2026-11-30",
      time: "00:00",
      offset: null,
      calendar: null,
      timeZone: null,
      ...more,
    };
    const found = dueOf(event, { now: at("2026-11-20T00:00:00Z"), calendar: calendar({ timeZone: "Europe/Berlin" }) });
    return "dueAt" in found ? iso(found.dueAt) : found.never;
  };
  test.each([
    ["a day at a time in the calendar's zone", { time: "09:00" }, "2026-11-30T08:00:00.000Z"],
    ["a day in a zone that is named", { timeZone: "Asia/Tokyo" }, "2026-11-29T15:00:00.000Z"],
    ["an instant", { at: "2026-11-30T12:00:00+02:00" }, "2026-11-30T10:00:00.000Z"],
    ["days before it", { time: "09:00", offset: { amount: -2, unit: "days" } }, "2026-11-28T08:00:00.000Z"],
    [
      "working days after it",
      { time: "09:00", offset: { amount: 5, unit: "working_days" } },
      "2026-12-07T08:00:00.000Z",
    ],
    ["no date", { at: "soon" }, "has no date that exists to wait until"],
    ["a day that does not exist", { at: "2026-02-31" }, "has no date that exists to wait until"],
  ] as const)("%s", (_, more, expected) => expect(until(more)).toBe(expected));
});
