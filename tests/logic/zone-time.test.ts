import { describe, expect, test } from "vitest";
import { instantAt, wallTime } from "../../components/records/zone-time";

describe("what a wall clock shows", () => {
  test.each([
    ["2026-11-21T08:00:00.000Z", "Europe/Berlin", "2026-11-21 09:00:00"],
    ["2026-07-01T00:30:00.000Z", "America/New_York", "2026-06-30 20:30:00"],
    ["2026-01-01T00:00:00.000Z", "Asia/Kathmandu", "2026-01-01 05:45:00"],
    ["2026-01-01T00:00:00.000Z", "UTC", "2026-01-01 00:00:00"],
    ["2026-03-29T01:30:00.000Z", "Europe/Berlin", "2026-03-29 03:30:00"],
  ])("%s in %s is %s, and back", (iso, zone, wall) => {
    expect(wallTime(iso, zone)).toBe(wall);
    expect(instantAt(wall, zone)).toBe(iso);
  });

  test("an hour that the zone skips is the one after it", () => {
    expect(wallTime(instantAt("2026-03-29 02:30:00", "Europe/Berlin"), "Europe/Berlin")).toMatch(
      /^2026-03-29 0[13]:30:00$/,
    );
  });
});
