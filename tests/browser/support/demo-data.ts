import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, launch } from "../../support/launched";

/**
 * Makes the demo data once for the whole part, as `npm start` makes them; each test file starts with a copy of its own. Where they are is in
 * DEMO_DATA.
 */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "baton-demo-"));
  // The server's own account has to get in.
  chmodSync(folder, 0o755);
  const started = launch("start", { DATA_DIR: folder, PORT: String(await freePort()) });
  await started.until(/Baton is running at (http:\S+)/);
  started.child.kill("SIGINT");
  if ((await started.end) !== 0) throw new Error(`the demo did not stop cleanly:\n${started.printed()}`);
  process.env.DEMO_DATA = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
