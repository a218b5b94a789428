import { beforeAll, expect, test } from "vitest";
import { db } from "../../db/client";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";
import { replayHistory, verifyHistory } from "../../lib/runs/verify-history";
import { aBackgroundStep, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aRun, aTeam, aThingWorld } from "../builders/runs";

let runId = "";

beforeAll(async () => {
  await aThingWorld();
  const { ann } = await aTeam();
  const definition = anOrchestration([aStage("First", [aBackgroundStep("Prepare"), anInteractiveStep("Ask")])]);
  runId = (await aRun(definition, ann)).runId;
});

class Undo extends Error {}

/** What the verifier says after somebody with all rights over the database did that; undone afterwards. */
async function after(tamper: (tx: Tx) => Promise<unknown>): Promise<string[]> {
  let said: string[] = [];
  const work = async (tx: Tx) => {
    await tx.sql`alter table history disable trigger user`;
    await tamper(tx);
    said = await verifyHistory(tx.db);
    throw new Undo();
  };
  await transaction({ commandId: newId("command"), actorId: null }, work).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return said;
}

test("a history that nobody touched holds, and the run is its fold", async () => {
  expect(await verifyHistory(db())).toEqual([]);
});

test("an event that was edited is found", async () => {
  expect(
    await after((tx) => tx.sql`update history set actor_id = 'usr_another' where run_id = ${runId} and seq = 2`),
  ).toEqual([`${runId}: event 2 is not what was written`]);
});

test("an event that was removed is found, and so is a tail that was cut off", async () => {
  expect(await after((tx) => tx.sql`delete from history where run_id = ${runId} and seq = 2`)).toEqual([
    `${runId}: event 2 is missing`,
  ]);
  const [said] = await after(
    (tx) =>
      tx.sql`delete from history where run_id = ${runId} and seq = (select max(seq) from history where run_id = ${runId})`,
  );
  expect(said).toMatch(/its head says event \d+, its history ends with \d+/);
});

test("two events that changed places are found", async () => {
  const swap = async (tx: Tx) => {
    await tx.sql`update history set seq = -seq where run_id = ${runId} and seq in (2, 3)`;
    await tx.sql`update history set seq = 5 + seq where run_id = ${runId} and seq in (-2, -3)`;
  };
  expect(await after(swap)).toEqual([`${runId}: event 2 does not follow the one before it`]);
});

test("an event that was put in, and a tail that was numbered anew, are found", async () => {
  const put = async (tx: Tx) => {
    await tx.sql`update history set seq = seq + 1000 where run_id = ${runId} and seq > 2`;
    await tx.sql`update history set seq = seq - 999 where run_id = ${runId} and seq > 1000`;
    await tx.sql`insert into history select (jsonb_populate_record(h, '{"seq": 3}')).* from history h where run_id = ${runId} and seq = 2`;
  };
  expect(await after(put)).toEqual([`${runId}: event 3 does not follow the one before it`]);
  const renumber = async (tx: Tx) => {
    await tx.sql`delete from history where run_id = ${runId} and seq = 2`;
    await tx.sql`update history set seq = seq + 1000 where run_id = ${runId} and seq > 2`;
    await tx.sql`update history set seq = seq - 1001 where run_id = ${runId} and seq > 1000`;
  };
  expect(await after(renumber)).toEqual([`${runId}: event 2 does not follow the one before it`]);
});

test("S78: the program itself can change, remove and empty nothing of it", async () => {
  for (const statement of [
    "update history set type = 'x'",
    "update history set seq = seq + 1",
    "delete from history",
    "truncate history",
  ])
    await expect(db().execute(statement)).rejects.toMatchObject({
      cause: { message: expect.stringContaining("append-only") },
    });
});

test.each([
  ["run", "label", "'Another'"],
  ["run", "stage_label", "'Another'"],
  ["run", "waits", `'{"records":["rec_x"],"objects":[],"dueAt":null,"lock":null}'`],
  ["run", "variables", `'{"a":1}'`],
  ["run", "depth", "1"],
  ["stage_run", "round", "2"],
  ["stage_run", "started_at", "started_at - interval '1 second'"],
  ["step_run", "outputs", `'{"result":"another"}'`],
  ["step_run", "ordinal", "ordinal + 10"],
  ["step_run", "is_asynchronous", "not is_asynchronous"],
  ["work_item", "assignee_id", "'usr_another'"],
  ["work_item", "process_label", "'Another'"],
  ["work_item", "created_at", "created_at - interval '1 second'"],
])("a cell that says something else than the history is found: %s.%s", async (table, column, value) => {
  const tamper = async (tx: Tx) => {
    await tx.sql`set local session_replication_role = replica`;
    await tx.sql.unsafe(`update ${table} set ${column} = ${value} where run_id = '${runId}'`);
  };
  const [said, ...more] = await after(tamper);
  const field = column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  expect(said).toContain(`${runId}: its rows are not what its history says: ${field} of ${table}`);
  expect(more).toEqual([]);
});

test("a row that no event tells of is found, and one that is gone", async () => {
  const another = (tx: Tx) => tx.sql`
    insert into submission (run_id, submission_id, submitted_by, status, submitted_at)
    values (${runId}, 'sub_another', 'usr_another', 'in_progress', now())`;
  expect(await after(another)).toEqual([expect.stringContaining("submission sub_another is not in it")]);
  const gone = async (tx: Tx) => {
    await tx.sql`set local session_replication_role = replica`;
    await tx.sql`delete from stage_run where run_id = ${runId}`;
  };
  expect(await after(gone)).toEqual([expect.stringMatching(/stage_run stg_\w+ is missing/)]);
});

test("the replay says how much it compared", async () => {
  const { runs, events, rows, fields, erased, complaints } = await replayHistory(db());
  expect({ runs, erased, complaints }).toEqual({ runs: 1, erased: 0, complaints: [] });
  expect(rows).toBe(5);
  expect(events).toBeGreaterThan(rows);
  expect(fields).toBeGreaterThan(15 * rows);
});

test("what people wrote may be erased, but not changed", async () => {
  const personal = (tx: Tx) =>
    tx.sql<{ seq: number }[]>`select seq from history where run_id = ${runId} and personal is not null`;
  expect(await after(async (tx) => expect((await personal(tx)).length).toBeGreaterThan(0))).toEqual([]);
  expect(await after((tx) => tx.sql`update history set personal = null where run_id = ${runId}`)).toEqual([]);
  const [said] = await after(
    (tx) =>
      tx.sql`update history set personal = '{"reason":"forged"}' where run_id = ${runId} and personal is not null`,
  );
  expect(said).toMatch(/what people wrote in event \d+ is not what they wrote/);
});
