import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { db } from "../../db/client";
import { transaction } from "../../db/transaction";
import { readDefinition } from "../../lib/definitions/read-definition";
import { newId } from "../../lib/ids";
import { cancelRun } from "../../lib/runs/commands";
import { listRuns } from "../../lib/runs/queries/list-runs";
import { anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aRecord, must } from "../builders/records";
import { aRun, aTeamWithThings, commanded, started } from "../builders/runs";

const { ann, admin } = await aTeamWithThings();
const versionOf = (label: string) =>
  anOrchestration([aStage("S1", [anInteractiveStep("A")])], { name: "Twice", label });

test("the runs of a version that have not ended are counted on its page, and listed behind that number", async () => {
  const old = await aRun(versionOf("First"), ann);
  const thing = await aRecord("Thing", {}, ann);
  const over = must(await started(ann, { definitionId: "Twice", recordId: thing, inputs: {} }));
  const recent = await aRun(versionOf("Second"), ann);
  await commanded(admin, (tx) => cancelRun(tx, admin, { runId: over.runId, reason: "Not needed" }));

  const page = await readDefinition(db(), "Twice", null);
  expect(page?.versions.map(({ version, openRuns }) => ({ version, openRuns }))).toEqual([
    { version: 2, openRuns: 1 },
    { version: 1, openRuns: 1 },
  ]);
  const listed = async (filter: Parameters<typeof listRuns>[1]) =>
    (await listRuns(db(), { definition: "Twice", ...filter })).rows.map(({ runId }) => runId);
  expect(await listed({ status: "open", version: 1 })).toEqual([old.runId]);
  expect(await listed({ status: "open", version: 2 })).toEqual([recent.runId]);
  expect(await listed({ version: 1 })).toEqual([over.runId, old.runId]);
  expect(await listed({ status: "open" })).toEqual([recent.runId, old.runId]);
});

test("whoever counts the open runs of a version reads no run that has ended", async () => {
  const plan = await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`set local enable_seqscan = off`;
    await tx.sql`set local enable_bitmapscan = off`;
    return tx.db.execute<{ "QUERY PLAN": string }>(
      sql`explain select count(*) from run r where r.definition_id = 'Twice' and r.definition_version = 1 and r.status in ('in_progress', 'suspended', 'error')`,
    );
  });
  expect(plan.map((row) => row["QUERY PLAN"]).join("\n")).toContain("run_open");
});
