import { readFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";

/** What a running server says of itself in its `postmaster.pid`. */
export type Postmaster = { readonly processId: number; readonly port: number; readonly status: string };

const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null; // not there, or not ours to read: both mean that it tells us nothing
  }
};

/** Whether a process of that id is running. A zombie is not, though it answers signals. */
export function isAlive(processId: number): boolean {
  if (platform() === "linux") {
    const stat = textOf(`/proc/${processId}/stat`);
    return stat !== null && !/\) [ZX] /.test(stat);
  }
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * The server that runs on that data, or null. After kill -9 the file is left over and its process id may have been given to
 * another program, so its name and the data's path are compared too.
 */
export function readPostmaster(data: string): Postmaster | null {
  const lines = textOf(join(data, "postmaster.pid"))?.split("\n");
  if (!lines) return null;
  const processId = Number(lines[0]);
  const isPostgres = platform() !== "linux" || textOf(`/proc/${processId}/comm`)?.trim() === "postgres";
  if (!(processId > 1) || lines[1] !== data || !isPostgres || !isAlive(processId)) return null;
  return { processId, port: Number(lines[3]), status: lines[7]?.trim() ?? "" };
}
