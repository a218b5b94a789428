import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sleep } from "../../../clock";
import type { Mode, Stage } from "./mode";

const CHUNK_BYTES = 65_536;
/** How long the disk is full at least, and how long at most until somebody needed room. */
const FULL_FOR_MS = 1_000;
const NEEDED_WITHIN_MS = 10_000;
/** What PostgreSQL says where there is no room. */
const DISK_IS_FULL = "53100";

const ballast = (disk: string) => join(disk, "ballast");

const refusedIn = ({ ledger }: Pick<Stage, "ledger">): number =>
  [...ledger.errors].reduce((sum, [words, count]) => sum + (words.includes(DISK_IS_FULL) ? count : 0), 0);

/** Takes what is there, whatever the database takes or leaves meanwhile: until there is nothing to be had. */
function takeAllRoom(disk: string): void {
  const file = openSync(ballast(disk), "w");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    for (;;) writeSync(file, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

/** A full disk that nobody needed room on was no fault. */
async function fillDisk(stage: Stage): Promise<number> {
  if (stage.disk === null) return 0;
  const before = refusedIn(stage);
  takeAllRoom(stage.disk);
  for (let waited = 0; waited < NEEDED_WITHIN_MS; waited += 100) {
    if (waited >= FULL_FOR_MS && refusedIn(stage) > before) break;
    await sleep(100);
  }
  await emptyDisk(stage);
  return Number(refusedIn(stage) > before);
}

async function emptyDisk({ disk }: Pick<Stage, "disk">): Promise<void> {
  if (disk !== null) rmSync(ballast(disk), { force: true });
}

export const DISK_FULL: Mode = {
  name: "disk full",
  staff: { workers: 2, clerks: 2 },
  hasOwnDisk: true,
  leastSeconds: 15,
  pauseMs: 1_500,
  leastASecond: 0.1,
  inject: fillDisk,
  heal: emptyDisk,
  after: async (stage) => ({ figures: { refused: refusedIn(stage) }, wrong: [] }),
};
