import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { db } from "../../db/client";
import { transaction } from "../../db/transaction";
import { check } from "../../lib/definitions/check";
import { hash } from "../../lib/definitions/hash";
import { newId } from "../../lib/ids";
import type { Value } from "../../lib/logic/value";
import type { Person } from "../../lib/people/current-person";
import { aBackgroundStep, activated, anOrchestration, aStage } from "../builders/definitions";
import { aBackgroundFlow } from "../builders/flows";
import { workToTheEnd } from "../builders/jobs";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, started, stateNow } from "../builders/runs";

/** S76: only elements that the program knows, at activation and at run. */
let ann: Person;
let made = 0;
let name = "";
let process = "";

beforeAll(async () => {
  ({ ann } = await aTeamWithThings());
});
beforeEach(async () => {
  name = `Forged${++made}`;
  process = `Runs${made}`;
  await activated(
    aBackgroundFlow(name),
    anOrchestration([aStage("First", [aBackgroundStep("Job", { flow: name })])], { name: process }),
  );
});

/** What somebody who owns the database may write over a version that is active; its hash too where they think of it. */
async function forge(definition: string, change: (body: { elements: object[] }) => object, withHash: boolean) {
  const [row] = await db().execute<{ body: { elements: object[] } }>(
    sql`select body from definition_version where definition_id = ${definition}`,
  );
  if (!row) throw new Error(`no ${definition}`);
  const body = change(row.body) as Value;
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`alter table definition_version disable trigger user`;
    await tx.db.execute(
      sql`update definition_version set body = ${JSON.stringify(body)}::jsonb where definition_id = ${definition}`,
    );
    if (withHash) await tx.sql`update definition_version set hash = ${hash(body)} where definition_id = ${definition}`;
    await tx.sql`alter table definition_version enable trigger user`;
  });
}
/** Starts the process, whose act is done whatever its flow turns out to be, and does all that it leaves to be done. */
async function startedToTheEnd() {
  const recordId = await aRecord("Thing", {}, ann);
  const { runId } = must(await started(ann, { definitionId: process, recordId, inputs: {} }));
  await workToTheEnd(runId);
  const { run, steps } = await stateNow(runId);
  return [run.status, ...steps.map(({ status }) => status)];
}
const element = { type: "run_code", name: "Set", label: "Set", code: "process.exit()", next: null };

test("an element that nobody registered is a problem at its place", async () => {
  const { problems } = await check(db(), { ...aBackgroundFlow("New"), elements: [element] });
  expect(problems).toContainEqual(expect.objectContaining({ path: expect.stringMatching(/^elements\[0\]/) }));
});

/** As another process reads it, which has no body in memory yet. */
async function readAnew(definition: string) {
  vi.resetModules();
  const { activeVersion } = await import("../../lib/definitions/queries");
  return activeVersion(db(), definition);
}

test.each([
  ["an unknown element", (body: object) => ({ ...body, elements: [element] })],
  ["an unknown key", (body: object) => ({ ...body, runsAs: "root" })],
])("a flow's row that was given %s runs nothing, with its hash or without", async (_what, change) => {
  await forge(name, change, false);
  await expect(readAnew(name)).rejects.toThrow("not what was activated");
  await forge(name, change, true);
  expect(await startedToTheEnd()).toEqual(["error", "error"]);
  await expect(readAnew(name)).rejects.toThrow();
});

test("a process whose row says something else than was activated is not read, though it has the right form", async () => {
  expect((await readAnew(process))?.body.label).toBe("Process");
  await forge(process, (body) => ({ ...body, label: "Another" }), false);
  await expect(readAnew(process)).rejects.toThrow("not what was activated");
});
