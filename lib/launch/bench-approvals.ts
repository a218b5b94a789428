import { db } from "../../db/client";
import { personById } from "../people/current-person";
import { findPerson } from "../people/queries";
import { listApprovals } from "../work/queries/list-approvals";
import { benchOn } from "./bench-child";
import { median } from "./bench-grown";
import { EMPTY, emptyAnew, ensureGrown, ensureSmall, GROWN, type Kept, SMALL } from "./bench-kept";
import { benchPages } from "./bench-pages";
import { say } from "./progress.mjs";

const TIMES = 40;
const ROUNDS = 3;
const WANTED = 1.5;

/** How long the first page of My approvals takes somebody of the volume who has more than a page of them; milliseconds, the median. */
export async function timeList(): Promise<{ readonly median_ms: number }> {
  const known = await findPerson(db(), "volume-1");
  const person = known && (await personById(db(), known.userId));
  if (!person) throw new Error("nobody of the volume is there");
  const took: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    const begun = performance.now();
    const { rows } = await listApprovals(db(), person, { view: "decide" });
    took.push(performance.now() - begun);
    if (rows.length < 50) throw new Error(`only ${rows.length} approvals on the desk`);
  }
  return { median_ms: Number(median(took.slice(TIMES / 4)).toFixed(2)) };
}

/** `npm run bench`: what it measures of commands in an empty database, and of approvals among a million others. */
export async function benchAll(kept: Kept): Promise<void> {
  await emptyAnew();
  for (const mode of ["--peers", "--commands"] as const)
    for (const line of await benchOn(EMPTY, mode)) say(JSON.stringify(line));
  await benchApprovals(kept);
}

/** `npm run bench -- --approvals`: the latter alone. */
export async function benchApprovals(kept: Kept): Promise<void> {
  await ensureSmall();
  await ensureGrown();
  await benchPages(kept);
  await benchList();
}

async function benchList(): Promise<void> {
  const took: Record<string, number[]> = { [SMALL]: [], [GROWN]: [] };
  for (let round = 0; round < ROUNDS; round++)
    for (const database of [SMALL, GROWN]) {
      const [line] = await benchOn(database, "--list");
      took[database]?.push(Number(line?.median_ms));
    }
  const [small = 0, grown = 0] = [SMALL, GROWN].map((database) => median(took[database] ?? []));
  const ratio = Number((grown / small).toFixed(2));
  say(
    JSON.stringify({
      ...{ system: "project", workload: "approvals-list", small_ms: small, grown_ms: grown, ratio },
      ...{ wanted: WANTED, reached: ratio <= WANTED },
    }),
  );
}
