import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq } from "drizzle-orm";
import { closePool, db } from "../../db/client";
import { user, workItem } from "../../db/schema";
import { closeTransactions, type Tx, transaction } from "../../db/transaction";
import { runCommand } from "../command";
import { importDefinitions } from "../definitions/commands/import-definitions";
import { newId } from "../ids";
import { type Person, personById } from "../people/current-person";
import { createObject } from "../records/commands/define-object";
import { saveRecord } from "../records/commands/save-record";
import type { Result } from "../result";
import { startRun } from "../runs/start";
import { completeItem } from "../work/commands/complete-item";
import { DEFINITIONS } from "./bench-definitions";
import { embeddedUrl, ensureDatabase, migrateDatabase, openEmbedded } from "./database";
import { complain, say } from "./progress.mjs";
import { publishSettings, readSettings } from "./settings";
import { wire } from "./wire";

/**
 * `npm run bench`: how many commands a second, on an empty database of its own with the server's own durability settings. One JSON line a
 * workload:
 *
 *   start     a run is started up to the point where it waits for a person, and that is committed
 *   complete  the person's answer is given to a waiting run, until the run has done one more step and has ended
 *
 * N and CONCURRENCY change how many runs and how many at once.
 */
const RUNS = Number(process.env.N ?? 400);
const CONCURRENCY = Number(process.env.CONCURRENCY ?? 32);
const WARM_UP = 60;

async function commanded<T>(person: Person, kind: string, work: (tx: Tx) => Promise<Result<T>>): Promise<T> {
  const result = await runCommand({ kind, actorId: person.userId, key: newId("command") }, work);
  if (!result.ok) throw new Error(`${kind} was refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

async function makePerson(): Promise<Person> {
  const userId = newId("user");
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    tx.db.insert(user).values({ userId, username: "bench", email: "bench@example.org", name: "Bench", role: "admin" }),
  );
  const person = await personById(db(), userId);
  if (!person) throw new Error("the person is not there");
  return person;
}

async function makeRecord(person: Person): Promise<string> {
  return (
    await commanded(person, "save-record", (tx) =>
      saveRecord(tx, person, { object: "Thing", values: {}, name: "Thing" }),
    )
  ).id;
}

/** Starts a run on a record and gives its one open item. */
async function start(person: Person, recordId: string): Promise<string> {
  const { runId } = await commanded(person, "start", (tx) =>
    startRun(tx, person, { definitionId: "Bench", recordId, inputs: {} }),
  );
  const [item] = await db()
    .select({ id: workItem.workItemId })
    .from(workItem)
    .where(and(eq(workItem.runId, runId), eq(workItem.status, "assigned")));
  if (!item) throw new Error(`${runId} has no open item`);
  return item.id;
}

async function complete(person: Person, workItemId: string): Promise<void> {
  await commanded(person, "complete", (tx) => completeItem(tx, person, { workItemId, outputs: { comment: "done" } }));
}

/** Runs `work` `count` times, so many at once, and gives commands a second and milliseconds a command. */
async function timed(count: number, work: (index: number) => Promise<void>): Promise<Record<string, number>> {
  const latencies: number[] = [];
  let next = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const from = performance.now();
      await work(index);
      latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Number((latencies[Math.min(count - 1, Math.floor(count * share))] ?? 0).toFixed(2));
  return {
    n: count,
    concurrency: CONCURRENCY,
    per_s: Number((count / seconds).toFixed(1)),
    p50_ms: at(0.5),
    p99_ms: at(0.99),
  };
}

async function measure(): Promise<void> {
  const person = await makePerson();
  await commanded(person, "define-object", (tx) =>
    createObject(tx, person, {
      name: "Thing",
      label: "Thing",
      pluralLabel: "Things",
      nameLabel: "Name",
      icon: "file",
      othersMay: "none",
    }),
  );
  await commanded(person, "import", (tx) => importDefinitions(tx, person, { content: DEFINITIONS, activate: true }));
  const records: string[] = [];
  for (let i = 0; i < RUNS; i++) records.push(await makeRecord(person));
  await timed(Math.min(WARM_UP, RUNS), async () => complete(person, await start(person, await makeRecord(person))));
  const print = (workload: string, figures: Record<string, number>) =>
    say(JSON.stringify({ system: "project", workload, ...figures }));
  const items: string[] = [];
  const startOne = async (index: number) => {
    items[index] = await start(person, records[index] ?? "");
  };
  print("start", await timed(RUNS, startOne));
  print("complete", await timed(RUNS, (index) => complete(person, items[index] ?? "")));
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-bench-"));
  chmodSync(folder, 0o755); // the server's account must reach it
  const settings = readSettings();
  const server = await openEmbedded(folder);
  try {
    publishSettings({ ...settings, dataDir: folder }, embeddedUrl(server));
    await ensureDatabase();
    await migrateDatabase();
    wire();
    await measure();
  } finally {
    await closeTransactions();
    await closePool();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

bench().catch((error: unknown) => {
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
