import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder for one installation, which the server's own account can reach; gone after the file's tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "baton-launch-"));
  folders.push(folder);
  chmodSync(folder, 0o755);
  return folder;
}
