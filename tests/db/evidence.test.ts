import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { decide, requestApproval } from "../../lib/approvals/commands";
import { env } from "../../lib/env";
import { canonicalJson } from "../../lib/logic/canonical";
import { hashOf } from "../../lib/runs/chain";
import { exportRun, type RunExport } from "../../lib/runs/export-run";
import { sealHeads } from "../../lib/runs/seal-heads";
import { sealsIn } from "../../lib/runs/seal-line";
import { activated, anApprovalProcess } from "../builders/definitions";
import { aPerson } from "../builders/people";
import { aRecord, must } from "../builders/records";
import { aTeamWithThings, commanded, theItem } from "../builders/runs";

/** S79: the file of one run's evidence, checked by the script that needs nothing of Baton. */
type File = { -readonly [K in keyof RunExport]: RunExport[K] } & { history: RunExport["history"][number][] };
const team = await aTeamWithThings();
let whole: string;

beforeAll(async () => {
  const { definitionId } = await activated(anApprovalProcess());
  const recordId = await aRecord("Thing", { Amount: 100 }, team.ann);
  const request = { definitionId, recordId, comments: "For the trip" };
  const { runId } = must(await commanded(team.ann, (tx) => requestApproval(tx, team.ann, request)));
  const { workItemId } = await theItem(runId);
  const said = { workItemId, decision: "approve", comments: "Fine" } as const;
  must(await commanded(team.boss, (tx) => decide(tx, team.boss, said)));
  await sealHeads(sealsIn(env().DATA_DIR), "moved", 0);
  whole = JSON.stringify(await exportRun(db(), team.admin, runId));
});

/** What the script says of the file after that was done to it; with the key of the seals unless said. */
function verified(change: (file: File) => void = () => undefined, secret = env().AUTH_SECRET) {
  const file = JSON.parse(whole) as File;
  change(file);
  const path = join(mkdtempSync(join(tmpdir(), "evidence-")), "evidence.json");
  writeFileSync(path, JSON.stringify(file));
  return new Promise<{ code: number; said: string }>((resolve) => {
    const options = { env: { NODE_ENV: "test" as const, ...(secret && { AUTH_SECRET: secret }) } };
    execFile(process.execPath, ["lib/launch/verify-export.mjs", path], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, said: `${stdout}${stderr}` }),
    );
  });
}

const at = (file: File, seq: number) => {
  const row = file.history[seq - 1];
  if (!row) throw new Error(`there is no event ${seq}`);
  return row as { -readonly [K in keyof typeof row]: (typeof row)[K] };
};
/** Writes hashes that hold, as somebody would who knows how it is done. */
function rechain(file: File): void {
  let prevHash = "0".repeat(64);
  file.history = file.history.map((row) => {
    const link = { ...row, at: new Date(row.at), prevHash };
    prevHash = hashOf(prevHash, link);
    return { ...link, hash: prevHash };
  });
  file.run = { ...file.run, headSeq: file.history.length, headHash: prevHash };
}

test("a file as it was exported holds, with its seals", async () => {
  const { code, said } = await verified();
  expect(said).toMatch(/events, 0 erased, 1 seals, 0 problems/);
  expect(code).toBe(0);
});

test("who decided, what they said, with which words, and what they saw is told", async () => {
  const { said } = await verified();
  expect(said).toMatch(
    /Bea Boss decided on wi_\w+: approve\n {4}comment: Fine\n {4}and did not say what they saw; it was:\n {4}\w+: /,
  );
});

test("what was submitted, by whom, is told", async () => {
  const { said } = await verified();
  expect(said).toMatch(/Ann Asks submitted it:\n( {4}.*\n)* {4}Amount: 100\n/);
});

test("without the key the chain is checked, and it is said that the seals are not", async () => {
  const { code, said } = await verified(undefined, "");
  expect(said).toMatch(/1 seals, unchecked without AUTH_SECRET, 0 problems/);
  expect(code).toBe(0);
});

describe("is found:", () => {
  test.each<[string, (file: File) => void, RegExp]>([
    [
      "an event that was edited",
      (file) => void Object.assign(at(file, 2), { actorId: "usr_another" }),
      /event 2 is not what was written/,
    ],
    ["an event that was taken out", (file) => void file.history.splice(1, 1), /where event 2 should stand is event 3/],
    [
      "one that was put in",
      (file) => void file.history.splice(1, 0, at(file, 2)),
      /where event 3 should stand is event 2/,
    ],
    [
      "two that changed places",
      (file) => void file.history.splice(1, 2, at(file, 3), at(file, 2)),
      /where event 2 should stand is event 3/,
    ],
    [
      "events with new numbers",
      (file) => void Object.assign(at(file, 3), { seq: 30 }),
      /where event 3 should stand is event 30/,
    ],
    ["a tail that was cut off", (file) => void file.history.pop(), /the file ends with/],
    [
      "other words than were written",
      (file) => {
        const row = file.history.find(({ type }) => type === "work-item-completed");
        Object.assign(row?.personal ?? {}, { comments: "Never" });
      },
      /what people wrote or saw in event \d+ is not what they did/,
    ],
    [
      "another amount than was submitted",
      (file) => {
        const row = file.history.find(({ type }) => type === "submission-sealed");
        Object.assign(row ?? {}, { personal: { seen: { facts: [{ label: "Amount", value: 1, shown: "1" }] } } });
      },
      /what people wrote or saw in event \d+ is not what they did/,
    ],
    [
      "two people whose names were exchanged",
      (file) => {
        const [ann, bea] = [team.ann.userId, team.boss.userId];
        file.names = { ...file.names, [ann]: "Bea Boss", [bea]: "Ann Asks" };
      },
      /the names, the run's labels or who exported it are not what was exported/,
    ],
    [
      "another name of the run's record",
      (file) => void Object.assign(file.run, { recordName: "Another" }),
      /the names, the run's labels or who exported it are not what was exported/,
    ],
    [
      "names that were made to fit, by the signature",
      (file) => {
        file.names = {};
        const { format, formatVersion, exportedAt, exportedBy, run, names } = file;
        const text = canonicalJson({ format, formatVersion, exportedAt, exportedBy, run, names });
        file.cover = { ...file.cover, digest: createHash("sha256").update(text).digest("hex") };
      },
      /the names and labels are not what was signed/,
    ],
    ["another definition", (file) => void Object.assign(file, { definition: {} }), /the definition is not the version/],
    [
      "a history that was rewritten so that it holds, by the seals",
      (file) => {
        at(file, 2).actorId = "usr_another";
        rechain(file);
      },
      /seal 1 of .* holds another event/,
    ],
    [
      "a tail that was cut off so that it holds, by the seals",
      (file) => {
        file.history.pop();
        rechain(file);
      },
      /seal 1 of .* holds another event/,
    ],
    [
      "a seal that was made to fit",
      (file) => {
        at(file, 2).actorId = "usr_another";
        rechain(file);
        const { runId, headSeq, headHash } = file.run;
        file.seals = file.seals.map((line) => ({ ...line, heads: [[runId, headSeq, headHash]] }));
      },
      /seal 1 of .* is not what was signed/,
    ],
  ])("%s", async (_what, change, complaint) => {
    const { code, said } = await verified(change);
    expect(said).toMatch(complaint);
    expect(code).toBe(1);
  });
});

test("what is no evidence is refused with a sentence", async () => {
  const { code, said } = await verified((file) => void Object.assign(file, { format: "else" }));
  expect(said).toMatch(/is no evidence of a run/);
  expect(code).toBe(2);
});

test("only who may read the run gets its evidence, and the seals only admins", async () => {
  const { run } = JSON.parse(whole) as File;
  expect(await exportRun(db(), await aPerson(), run.runId)).toBeNull();
  expect(await exportRun(db(), team.ann, run.runId)).toMatchObject({
    seals: [],
    names: { [team.ann.userId]: "Ann Asks" },
  });
});
