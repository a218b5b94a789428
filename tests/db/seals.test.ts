import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { history, run } from "../../db/schema";
import { type Tx, transaction } from "../../db/transaction";
import { recordSecurityEvent } from "../../lib/audit/commands";
import { seal } from "../../lib/audit/seal";
import { newId } from "../../lib/ids";
import { hashOf } from "../../lib/runs/chain";
import { sealHeads } from "../../lib/runs/seal-heads";
import { sealsIn } from "../../lib/runs/seal-line";
import { verifyHistory } from "../../lib/runs/verify-history";
import { verifySeals } from "../../lib/runs/verify-seals";
import { aBackgroundStep, anInteractiveStep, anOrchestration, aStage } from "../builders/definitions";
import { aRun, aTeamWithThings } from "../builders/runs";

/** S80: what is found with the seals that the chains alone do not show. */
let ended = "";
let open = "";
let whole: string;
let file: string;
const lines = (path = file) => readFileSync(path, "utf8").trimEnd().split("\n");

const asSuperuser = (work: (tx: Tx) => Promise<unknown>) =>
  transaction({ commandId: newId("command"), actorId: null }, work);
/** Writes those rows with a chain that holds, and the runs' heads to match: what somebody who owns the database could do. */
async function rewrite(tx: Tx, rows: readonly (typeof history.$inferSelect)[]): Promise<void> {
  let [runId, hash] = ["", ""];
  for (const row of rows) {
    if (row.runId !== runId) [runId, hash] = [row.runId, "0".repeat(64)];
    const link = { ...row, prevHash: hash, hash: hashOf(hash, row) };
    hash = link.hash;
    await tx.sql`update history set at = ${row.at.toISOString()}::timestamptz, run_as = ${row.runAs}, prev_hash = ${link.prevHash}, hash = ${hash} where run_id = ${runId} and seq = ${row.seq}`;
    await tx.db.update(run).set({ headSeq: row.seq, headHash: hash }).where(eq(run.runId, runId));
  }
}

beforeAll(async () => {
  const { ann } = await aTeamWithThings();
  const quick = anOrchestration([aStage("First", [aBackgroundStep("Prepare")])], { name: "Quick" });
  ended = (await aRun(quick, ann)).runId;
  open = (await aRun(anOrchestration([aStage("First", [anInteractiveStep("Ask")])], { name: "Slow" }), ann)).runId;
  await recordSecurityEvent(null, { action: "x", actorId: null, objectId: null, allowed: true });
  while ((await seal()) > 0);
  whole = sealsIn(mkdtempSync(join(tmpdir(), "seals-")));
  await sealHeads(whole, "moved", 0);
});
beforeEach(() => {
  file = sealsIn(mkdtempSync(join(tmpdir(), "seals-")));
  copyFileSync(whole, file);
});

class Undo extends Error {}
/** What both verifiers say after somebody who owns the database did that; undone afterwards. */
async function meddled(tamper: (tx: Tx) => Promise<unknown>) {
  let said: { chains: string[]; seals: string[] | null } = { chains: [], seals: null };
  const work = asSuperuser(async (tx) => {
    await tx.sql`alter table history disable trigger user`;
    await tx.sql`alter table security_event disable trigger user`;
    await tamper(tx);
    said = { chains: await verifyHistory(tx.db), seals: await verifySeals(tx.db, file) };
    throw new Undo();
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return said;
}

describe("sealing", () => {
  test("holds the ends of all histories and of the security events, and again only what moved", async () => {
    const heads = lines().flatMap((line) => JSON.parse(line).heads as [string, number, string][]);
    expect(heads.map(([id]) => id).toSorted()).toEqual([ended, open, "security"].toSorted());
    expect(await sealHeads(file, "moved", 0)).toBe(0);
    expect(await verifySeals(db(), file)).toEqual([]);
  });

  test("of what ended leaves the open runs to the next round", async () => {
    const own = sealsIn(mkdtempSync(join(tmpdir(), "seals-")));
    expect(await sealHeads(own, "ended", 0)).toBe(1);
    expect(lines(own)).toHaveLength(1);
    expect(JSON.parse(lines(own)[0] ?? "")).toMatchObject({ heads: [[ended, expect.any(Number), expect.any(String)]] });
    expect(await sealHeads(own, "ended", 0)).toBe(0);
    expect(await sealHeads(own, "moved", 0)).toBe(3);
    expect(await verifySeals(db(), own)).toEqual([]);
  });

  test("goes on behind what a crash left half written", async () => {
    appendFileSync(file, '{"at":"2026-');
    expect(await sealHeads(file, "ended", 0)).toBe(1);
    expect(await verifySeals(db(), file)).toEqual([]);
  });

  test("by two workers of one folder at once makes one chain", async () => {
    const own = sealsIn(mkdtempSync(join(tmpdir(), "seals-")));
    await Promise.all(Array.from({ length: 6 }, (_, n) => sealHeads(own, n % 2 ? "moved" : "ended", 0)));
    await sealHeads(own, "moved", 0);
    expect(await verifySeals(db(), own)).toEqual([]);
  });

  test("without a file nothing is said", async () => {
    expect(await verifySeals(db(), join(tmpdir(), "no-such-folder", "seals.jsonl"))).toBeNull();
  });
});

describe("with the seals is found", () => {
  test("a history that was rewritten consistently from its beginning", async () => {
    const { chains, seals } = await meddled(async (tx) => {
      const rows = await tx.db.select().from(history).where(eq(history.runId, ended)).orderBy(asc(history.seq));
      await rewrite(
        tx,
        rows.map((row) => ({ ...row, runAs: "usr_nobody" })),
      );
    });
    expect(chains).toEqual([]);
    expect(seals).toEqual([expect.stringMatching(new RegExp(`^${ended}: event \\d+, sealed at .* is another`))]);
  });

  test("a run that was removed with all that it left", async () => {
    const { seals } = await meddled(async (tx) => {
      await tx.sql`set local session_replication_role = replica`;
      for (const table of ["history", "work_item", "step_run", "stage_run", "run"])
        await tx.sql`delete from ${tx.sql(table)} where run_id = ${open}`;
    });
    expect(seals).toEqual([expect.stringMatching(new RegExp(`^${open}: event \\d+, sealed at .* is missing`))]);
  });

  test("a tail of the security events that was cut off", async () => {
    const { seals } = await meddled(
      (tx) => tx.sql`delete from security_event where seq = (select max(seq) from security_event)`,
    );
    expect(seals).toEqual([expect.stringMatching(/^security event \d+, sealed at .* is missing/)]);
  });

  test.each<[string, (all: string[]) => string[], RegExp]>([
    [
      "a seal that was edited",
      ([first = "", ...rest]) => [first.replace(/"[0-9a-f]{64}"/, `"${"0".repeat(64)}"`), ...rest],
      /seal 1 is not what was signed/,
    ],
    ["a seal that was taken out", ([, ...rest]) => rest, /seal 1 does not follow/],
    [
      "a seal of another key",
      (all) => all.map((line) => line.replace(/"keyId":"[0-9a-f]+"/, '"keyId":"0000"')),
      /key 0000 .* is not known/,
    ],
    ["a line that is none", (all) => ["{}", ...all], /seal 1 is not what was signed/],
  ])("%s", async (_what, change, complaint) => {
    await sealHeads(file, "ended", 0);
    writeFileSync(file, `${change(lines()).join("\n")}\n`);
    expect((await verifySeals(db(), file))?.join("\n")).toMatch(complaint);
  });
});
