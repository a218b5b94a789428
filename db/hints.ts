import { sleep } from "../lib/clock";
import { log } from "../lib/log";
import { pool } from "./client";

/**
 * What is told by NOTIFY: never the truth, only that it may be worth to look. So hints leave after the commit, many together: a NOTIFY inside
 * a transaction makes its commit wait for every other that has one (PostgreSQL commits those one by one).
 */
export type Hint = { readonly channel: string; readonly payload: string };

/** The first hint leaves at once, those that come within this time of it together. */
const TOGETHER_MS = 5;

const waiting = new Map<string, Hint>();
let sending: Promise<void> | null = null;

/** Tells whoever listens, soon. Lost when the process or the database dies before: listeners look by themselves as well. */
export function sendHints(hints: readonly Hint[]): void {
  for (const hint of hints) waiting.set(`${hint.channel} ${hint.payload}`, hint);
  if (waiting.size > 0) sending ??= sendAll();
}

/** Resolves when nothing is left to tell. */
export const hintsSent = async (): Promise<void> => (await sending) ?? undefined;

async function sendAll(): Promise<void> {
  try {
    while (waiting.size > 0) {
      const batch = [...waiting.values()];
      waiting.clear();
      await notify(batch);
      await sleep(TOGETHER_MS);
    }
  } catch (error) {
    log().debug({ err: error }, "hints not sent");
  } finally {
    sending = null;
  }
}

/** Nothing of it need survive a crash, so it does not wait for the disk. */
const notify = (batch: readonly Hint[]): Promise<unknown> =>
  pool().client`
    select set_config('synchronous_commit', 'off', true), pg_notify(channel, payload)
    from unnest(${batch.map(({ channel }) => channel)}::text[], ${batch.map(({ payload }) => payload)}::text[]) as hint (channel, payload)`;
