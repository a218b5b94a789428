import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { createServer, connect as dial, type Server } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "../clock";

/** Thrown when another process owns the folder; `processId` is its, 0 when it did not say. */
export class FolderInUse extends Error {
  override name = "FolderInUse";
  readonly processId: number;
  constructor(folder: string, processId: number) {
    super(`${folder} is in use by process ${processId}`);
    this.processId = processId;
  }
}

const isErrno = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | null)?.code === code;

/** Linux: an abstract socket, which no file system holds. Windows: a named pipe. Elsewhere a socket file, which may be left over. */
function addressOf(folder: string, purpose: string): string {
  const name = `baton-${purpose}-${createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 24)}`;
  if (platform() === "linux") return `\0${name}`;
  return platform() === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/**
 * Makes this process the one owner of a folder for a purpose, until the returned function is called or the process ends in whatever
 * way: the kernel frees a listening socket even after kill -9, where a file with a process id would be left behind.
 * @throws FolderInUse
 */
export async function ownFolder(folder: string, purpose: "start" | "database"): Promise<() => Promise<void>> {
  const address = addressOf(folder, purpose);
  for (;;) {
    try {
      const server = await listen(address);
      return () => new Promise((resolve) => server.close(() => resolve()));
    } catch (error) {
      if (!isErrno(error, "EADDRINUSE")) throw error;
    }
    const owner = await askOwner(address);
    if (owner !== null) throw new FolderInUse(folder, owner);
    if (platform() !== "linux" && platform() !== "win32") rmSync(address, { force: true });
    await sleep(100);
  }
}

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((asker) => {
      asker.on("error", () => asker.destroy());
      asker.end(String(process.pid));
    });
    server.once("error", reject);
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** The owner's process id; 0 when it is too busy to say; null when nobody listens any more. */
function askOwner(address: string): Promise<number | null> {
  return new Promise((resolve) => {
    let answer = "";
    const asker = dial(address);
    asker.setTimeout(2_000, () => asker.destroy());
    asker.on("data", (bytes) => {
      answer += bytes;
    });
    asker.once("error", (error) => resolve(isErrno(error, "ECONNREFUSED") || isErrno(error, "ENOENT") ? null : 0));
    asker.once("close", () => resolve(Number(answer) || 0));
  });
}
