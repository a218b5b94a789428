import { sql } from "drizzle-orm";
import { closePool, connect, db } from "../../db/client";
import { verifySecurityChain } from "../audit/verify";
import { env } from "../env";
import { verifyFiles } from "../records/verify-files";
import { sealsIn } from "../runs/seal-line";
import { verifyDecisions } from "../runs/verify-decisions";
import { replayHistory, verifyHistory } from "../runs/verify-history";
import { verifySeals } from "../runs/verify-seals";
import { brokenInvariants } from "./invariants";
import { complain, say, step } from "./progress.mjs";
import { reachDatabase } from "./reach-database";

/**
 * `npm run audit`: asks every invariant of `db/invariants.sql` and recomputes the hash chains, of the database of DATABASE_URL or of the
 * embedded one. Prints what is broken, as JSON with `-- --json`; ends with 1 when something is. With `-- --replay` it only folds the history of every
 * run and compares each field of its rows with that, and prints how many it compared. With `-- --counts` it also prints how many submissions,
 * runs, step runs and work items there are in each status. With `-- --verify` it only checks the evidence: chains, seals, and what
 * approvers saw.
 */
type Finding = { readonly name: string; readonly promise: string; readonly rows: readonly unknown[] };

const isJson = process.argv.includes("--json");
const isReplay = process.argv.includes("--replay");
const isCounting = process.argv.includes("--counts");
const isVerify = process.argv.includes("--verify");
/** The checks read whole tables; on a large database that takes longer than a request may. */
const STATEMENT_TIMEOUT_MS = 10 * 60_000;

async function brokenRules(): Promise<Finding[]> {
  const client = connect(1, {
    connection: { application_name: "baton audit", statement_timeout: STATEMENT_TIMEOUT_MS },
  });
  try {
    return (await brokenInvariants(client)).map(({ name, promise, rows }) => ({ name, promise, rows }));
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function brokenChains(): Promise<Finding[]> {
  const chains = [
    {
      name: "history",
      promise: "every run is the fold of its history, and no event of it was changed",
      rows: await verifyHistory(db()),
    },
    { name: "security", promise: "every security event is as it was sealed", rows: await verifySecurityChain(db()) },
    {
      name: "decisions",
      promise: "what each approver saw is kept as the history says",
      rows: (await verifyDecisions(db())).complaints,
    },
    {
      name: "attachments",
      promise: "every attachment holds the bytes of its SHA-256, and none that was removed holds any",
      rows: await verifyFiles(db()),
    },
    {
      name: "seals",
      promise: "the ends of the chains are those that were sealed outside the database",
      rows: (await verifySeals(db(), sealsIn(env().DATA_DIR))) ?? [],
    },
  ];
  return chains.filter(({ rows }) => rows.length > 0);
}

function print(findings: readonly Finding[]): void {
  const rows = findings.reduce((count, finding) => count + finding.rows.length, 0);
  if (isJson) {
    say(JSON.stringify({ ok: rows === 0, rows, findings }, null, 2));
    return;
  }
  for (const finding of findings) {
    say(`${finding.name}  ${finding.promise}`);
    for (const row of finding.rows) say(`    ${JSON.stringify(row)}`);
  }
  say(`${rows} ${rows === 1 ? "row" : "rows"}`);
}

/** A line `submission approved 11` for each status that there is. */
async function printCounts(): Promise<void> {
  const views = { submission: "submission", run: "run", step: "step_run", work_item: "work_item" };
  for (const [name, view] of Object.entries(views)) {
    const rows = await db().execute<{ status: string; count: string }>(
      sql`select status, count(*) as count from ${sql.raw(`contract.${view}`)} group by 1 order by 1`,
    );
    for (const { status, count } of rows) say(`${name} ${status} ${count}`);
  }
}

async function replay(): Promise<void> {
  const began = performance.now();
  const read = () => replayHistory(db());
  const { complaints, ...counts } = isJson ? await read() : await step("Replaying", read);
  for (const complaint of isJson ? [] : complaints) say(complaint);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  say(JSON.stringify({ ...counts, different: complaints.length, seconds, ...(isJson && { complaints }) }));
  process.exitCode = complaints.length > 0 ? 1 : 0;
}

async function audit(): Promise<void> {
  const release = await reachDatabase();
  try {
    if (isReplay) return await replay();
    const examine = async () => [...(isVerify ? [] : await brokenRules()), ...(await brokenChains())];
    const findings = isJson ? await examine() : await step("Examining", examine);
    print(findings);
    if (isCounting && !isJson) await printCounts();
    process.exitCode = findings.length > 0 ? 1 : 0;
  } finally {
    await closePool();
    await release();
  }
}

audit().catch((error: unknown) => {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(2);
});
