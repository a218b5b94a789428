import { expect, test } from "vitest";
import { readFilter } from "../../lib/logic/read-filter";
import { runFilter } from "../../lib/runs/schema/list";
import { itemFilter } from "../../lib/work/schema";

test("a filter that says nothing sensible is dropped by itself, and named", () => {
  expect(readFilter(itemFilter, { status: "assigned", assignee: "nobody", olderThanHours: "-3" })).toEqual({
    filter: { status: "assigned" },
    dropped: ["assignee", "olderThanHours"],
  });
  expect(readFilter(runFilter, { status: ["error", "error"], search: "x" })).toEqual({
    filter: { search: "x" },
    dropped: ["status"],
  });
  expect(readFilter(runFilter, { status: "stalled" })).toEqual({ filter: { status: "stalled" }, dropped: [] });
});

test("flagged=false is false", () => {
  expect(readFilter(itemFilter, { flagged: "false" }).filter).toEqual({ flagged: false });
  expect(readFilter(itemFilter, { flagged: "true" }).filter).toEqual({ flagged: true });
  expect(readFilter(itemFilter, { flagged: "1" }).filter).toEqual({ flagged: true });
  expect(readFilter(itemFilter, { flagged: "perhaps" }).dropped).toEqual(["flagged"]);
});
