import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";

/**
 * Gives each test file a migrated database of its own in DATABASE_URL, before anything it imports reads the environment. After the
 * file the whole audit must be silent: whatever a test was about, it leaves no broken invariant and no broken chain.
 */
const name = `test_${randomBytes(6).toString("hex")}`;
const server = new URL(inject("serverUrl"));

async function onServer(statement: string): Promise<void> {
  const client = postgres(server.href, { max: 1, onnotice() {} });
  await client.unsafe(statement);
  await client.end();
}

await onServer(`create database ${name} template ${inject("template")}`);
server.pathname = `/${name}`;
process.env.DATABASE_URL = server.href;
process.env.LOG_LEVEL ??= "error";
process.env.AUTH_SECRET ??= randomBytes(32).toString("base64url");

const { closePool, connect, db } = await import("../../db/client");
const { closeTransactions } = await import("../../db/transaction");
const { brokenInvariants } = await import("../../lib/launch/invariants");
const { verifySecurityChain } = await import("../../lib/audit/verify");
const { verifyFiles } = await import("../../lib/records/verify-files");
const { verifyHistory } = await import("../../lib/runs/verify-history");
const { wire } = await import("../../lib/launch/wire");
wire();

async function findings(): Promise<string[]> {
  const client = connect(1);
  const broken = await brokenInvariants(client).finally(() => client.end());
  const lines = broken.map(
    ({ name: rule, promise, rows }) =>
      `${rule} ${promise}\n${rows.map((row) => `    ${JSON.stringify(row)}`).join("\n")}`,
  );
  return [...lines, ...(await verifyHistory(db())), ...(await verifySecurityChain(db())), ...(await verifyFiles(db()))];
}

afterAll(async () => {
  const found = await findings();
  await closeTransactions();
  await closePool();
  server.pathname = "/postgres";
  await onServer(`drop database if exists ${name} with (force)`);
  if (found.length > 0) throw new Error(`broken after this file:\n${found.join("\n")}`);
});
