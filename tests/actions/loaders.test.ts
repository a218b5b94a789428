import { beforeAll, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { securityPage } from "../../lib/people/loaders";
import { objectsToManage } from "../../lib/records/loaders";
import { processOptions, runsList, startable } from "../../lib/runs/loaders";
import { debugForm } from "../../lib/runs/queries/debug-form";
import { activated, anOrchestration } from "../builders/definitions";
import { aRecord, must } from "../builders/records";
import { started } from "../builders/runs";
import { asking } from "../support/request";
import { cast, makeCast, ROLES, type Role, sessionOf } from "./cast";

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

test("nobody is asked for what a run gets to know by itself", async () => {
  const { starter } = cast();
  const variables = ["recordId", "submitter", "submissionComments", "wanted"].map((name) => ({
    ...{ name, type: "text", isInput: true },
  }));
  const start = { type: "autolaunched", object: "Secret", next: "First" };
  await activated(anOrchestration(undefined, { name: "Knows", start, variables }));
  const recordId = await aRecord("Secret", {}, starter);
  const offered = await asking({ sessionId: sessionOf("starter") }, () => startable("Secret", recordId));
  const knows = offered.orchestrations.find(({ definitionId }) => definitionId === "Knows");
  expect(knows?.inputs.map(({ name }) => name)).toEqual(["wanted"]);
  expect((await debugForm(db(), "Knows", null))?.inputs.map(({ name }) => name)).toEqual(["wanted"]);
});

test("what may run once for a record is offered as under way while it does", async () => {
  const { starter } = cast();
  const start = { type: "autolaunched", object: "Secret", next: "First", oneOpenRun: true };
  await activated(anOrchestration(undefined, { name: "Once", start }));
  const recordId = await aRecord("Secret", {}, starter);
  const once = () =>
    asking({ sessionId: sessionOf("starter") }, async () =>
      (await startable("Secret", recordId)).orchestrations.find(({ definitionId }) => definitionId === "Once"),
    );
  expect(await once()).toMatchObject({ underWay: null });
  const { runId } = must(await started(starter, { definitionId: "Once", recordId, inputs: {} }));
  expect(await once()).toMatchObject({ underWay: { runId } });
});
