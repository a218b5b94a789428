import { beforeAll, expect, test, vi } from "vitest";
import { securityPage } from "../../lib/people/loaders";
import { objectsToManage } from "../../lib/records/loaders";
import { processOptions, runsList } from "../../lib/runs/loaders";
import { asking } from "../support/request";
import { makeCast, ROLES, type Role, sessionOf } from "./cast";

vi.mock("next/headers", () => import("../support/request"));

/** Roles × loaders of pages that are not everybody's, called without proxy, layout or page (S37): a table, or nothing. */
const LOADERS: Readonly<Record<string, { read: () => Promise<object | null>; may: readonly Role[] }>> = {
  securityPage: { read: () => securityPage({}), may: ["admin"] },
  objectsToManage: { read: objectsToManage, may: ["admin"] },
  runsList: { read: () => runsList({}), may: ["manager", "admin"] },
  processOptions: { read: processOptions, may: ["manager", "admin"] },
};

beforeAll(makeCast);

test.each(
  Object.entries(LOADERS).flatMap(([name, { read, may }]) =>
    ROLES.filter((role) => role !== "anonymous" && role !== "deactivated").map(
      (role) => [name, role, may.includes(role) ? "something" : "nothing", read] as const,
    ),
  ),
)("%s answers a %s %s", async (_name, role, what, read) => {
  const found = await asking({ sessionId: sessionOf(role) }, read);
  expect(found === null ? "nothing" : "something").toBe(what);
});
