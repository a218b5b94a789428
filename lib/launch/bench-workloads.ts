import { sleep } from "../clock";
import type { ScreenView } from "../interviews/schema";
import { costOf } from "./bench-meter";
import { complete, itemsOf, makeLookout, openScreen, setTheStage, start } from "./bench-runs";
import { timed } from "./bench-timed";
import { say } from "./progress.mjs";

const WARM_UP = 60;
/** Commands of which the cost is counted, one after another. */
const COUNTED = 20;
const PAUSE_MS = 1_500;

export type Size = { readonly count: number; readonly concurrency: number };

const print = (system: string, workload: string, figures: object): void =>
  say(JSON.stringify({ system, workload, ...figures }));

/**
 * Measures, and prints a JSON line for each:
 *
 *   chain10   a run of ten background steps, each committed before the next, until it has ended; as project-sync with steps that are all
 *             done in one transaction
 *   start     a run is started up to the point where it waits for a person, and that is committed: by what pages and the API call
 *   complete  the person's answer is given to a waiting run by the last screen of its form, which is open, until the run has done one more step
 *             and has ended: by what the button Finish calls
 *
 * with what one command of each costs the database. A worker must be at work in this process.
 */
export async function measure(size: Size, signal: AbortSignal): Promise<void> {
  const person = await setTheStage();
  const hasEnded = makeLookout(signal);
  const warm = { ...size, count: Math.min(WARM_UP, size.count) };

  const chain = async () => hasEnded(await start(person, "Chain"));
  await timed(warm, chain);
  const chained = await timed(size, chain);
  print("project", "chain10", { ...chained, ...(await costOf(COUNTED, chain)) });

  const syncChain = () => start(person, "SyncChain");
  await timed(warm, syncChain);
  const chainedAtOnce = await timed(size, syncChain);
  print("project-sync", "chain10", { ...chainedAtOnce, ...(await costOf(COUNTED, syncChain)) });

  const startOne = () => start(person, "Bench");
  await timed(warm, async () => {
    const [item = ""] = await itemsOf([await startOne()]);
    await complete(person, await openScreen(person, item));
  });
  const runs: string[] = [];
  const keep = async (index: number) => {
    runs[index] = await startOne();
  };
  const started = await timed(size, keep);
  print("project", "start", { ...started, ...(await costOf(COUNTED, (index) => keep(size.count + index))) });
  const items = await itemsOf(runs);
  const screens: ScreenView[] = [];
  await timed({ ...size, count: items.length }, async (index) => {
    screens[index] = await openScreen(person, items[index] ?? "");
  });
  await sleep(PAUSE_MS);
  const completeOne = async (index: number) => {
    const screen = screens[index];
    if (screen) await complete(person, screen);
  };
  const completed = await timed(size, completeOne);
  print("project", "complete", {
    ...completed,
    ...(await costOf(COUNTED, (index) => completeOne(size.count + index))),
  });
}
