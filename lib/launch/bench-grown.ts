import { benchOn } from "./bench-child";
import { EMPTY, emptyAnew, ensureGrown, GROWN } from "./bench-kept";
import { say } from "./progress.mjs";

/** Each database in turn, so that what else the machine does meets both. */
const ROUNDS = 5;
const WANTED = 0.8;

type Line = { readonly system: string; readonly workload: string; readonly per_s: number; readonly p99_ms: number };
type Figures = Omit<Line, "system" | "workload">;

/**
 * `npm run bench -- --grown`: each workload of `bench-workloads.ts` in a database with a million ended runs and a hundred thousand open ones
 * beside the same in an empty one: the median of five rounds of each, and the ratio, of which 0.8 is wanted.
 */
export async function benchGrown(): Promise<void> {
  await ensureGrown();
  await emptyAnew();
  const rounds: { readonly database: string; readonly lines: Line[] }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const database of round % 2 === 0 ? [EMPTY, GROWN] : [GROWN, EMPTY])
      rounds.push({ database, lines: (await benchOn(database, "--peers")) as Line[] });
  }
  for (const { system, workload } of rounds[0]?.lines ?? []) {
    const [empty, grown] = [EMPTY, GROWN].map((wanted) =>
      medians(
        rounds
          .filter(({ database }) => database === wanted)
          .flatMap(({ lines }) => lines.filter((line) => line.system === system && line.workload === workload)),
      ),
    );
    const ratio = Number(((grown?.per_s ?? 0) / (empty?.per_s ?? 0)).toFixed(2));
    say(JSON.stringify({ system, workload, empty, grown, ratio, wanted: WANTED, reached: ratio >= WANTED }));
  }
}

/** Of each figure by itself. */
function medians(lines: readonly Line[]): Record<string, number> {
  const names = Object.entries(lines[0] ?? {}).flatMap(([name, value]) => (typeof value === "number" ? [name] : []));
  return Object.fromEntries(names.map((name) => [name, median(lines.map((line) => line[name as keyof Figures]))]));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
