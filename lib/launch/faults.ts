import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { embeddedUrl } from "./database";
import { startEmbedded } from "./embedded";
import { sweep } from "./faults/sweep";
import { complain, say } from "./progress.mjs";
import { publishSettings, readSettings } from "./settings";

/** The server itself does not crash in a sweep, so it need not write so that it could. */
const FAST = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

const { values: asked } = parseArgs({
  args: process.argv.slice(3),
  options: {
    sweep: { type: "boolean" },
    only: { type: "string" },
    lanes: { type: "string", default: "2" },
    sample: { type: "string" },
    seed: { type: "string" },
  },
});

async function faults(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-faults-"));
  chmodSync(folder, 0o755); // the server's account must reach it
  const settings = readSettings();
  const server = await startEmbedded(folder, FAST);
  try {
    publishSettings({ ...settings, dataDir: folder }, embeddedUrl(server));
    const seed = Number(asked.seed ?? 1);
    const { findings, ...report } = await sweep({
      serverUrl: embeddedUrl(server),
      lanes: Number(asked.lanes),
      sample: asked.sample ? { perCommand: Number(asked.sample), seed } : "all",
      ...(asked.only ? { only: asked.only } : {}),
      note: say,
    });
    for (const finding of findings) say(finding);
    say(JSON.stringify(report));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

faults().catch((error: unknown) => {
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
});
