import { JOBS_CHANNEL } from "../../db/jobs";
import { listen } from "../../db/listen";
import { MAIL_CHANNEL } from "../../db/outbox";
import { seal } from "../audit/seal";
import { sleep } from "../clock";
import { env } from "../env";
import { newId } from "../ids";
import { log } from "../log";
import { beat } from "./beat";
import { type Bell, makeBell } from "./bell";
import { endFrozen } from "./end-frozen";
import { keepSealing } from "./keep-sealing";
import { runJobs } from "./run-jobs";
import { type MailState, sendMails } from "./send-mails";
import { sweep } from "./sweep";

const SEAL_EVERY_MS = 3_000;
const END_FROZEN_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 60 * 60_000;
const LISTEN_AGAIN_MS = 5_000;

/**
 * Does everything that happens later, until the signal aborts: jobs, mails, sealing, sweeping. Any number of workers may run beside one
 * another; what must be done by one alone takes a lock in the database. Resolves when all has come to rest, at most 15 s after the signal.
 * `sealsFile`: where the ends of the hash chains are sealed; null: nowhere.
 */
export async function runWorker(signal: AbortSignal, sealsFile: string | null = null): Promise<void> {
  const workerId = newId("worker");
  const bells: Record<string, Bell> = { [JOBS_CHANNEL]: makeBell(), [MAIL_CHANNEL]: makeBell() };
  const bellOf = (channel: string) => bells[channel] ?? makeBell();
  let mailState: MailState = { ok: null, error: null };
  const report = (state: MailState) => {
    if (state.error !== mailState.error) log().info({ ok: state.ok, reason: state.error }, "mail server");
    mailState = state;
  };
  log().info({ workerId }, "worker started");
  const hearing = hear(bellOf, signal);
  await Promise.all([
    runJobs(bellOf(JOBS_CHANNEL), signal),
    sendMails(env().SMTP_URL ?? null, bellOf(MAIL_CHANNEL), { signal, report }),
    beat(workerId, () => mailState, signal),
    every(SEAL_EVERY_MS, signal, seal),
    every(END_FROZEN_EVERY_MS, signal, async () => {
      if ((await endFrozen()) > 0) bellOf(JOBS_CHANNEL).ring();
    }),
    every(SWEEP_EVERY_MS, signal, sweep),
    sealsFile === null ? null : keepSealing(sealsFile, signal),
  ]);
  await (await hearing)?.();
  log().info({ workerId }, "worker stopped");
}

/** Notifications are a hint: until the database can be heard the loops look by themselves. Answers with what ends the listening. */
async function hear(bellOf: (channel: string) => Bell, signal: AbortSignal): Promise<(() => Promise<void>) | null> {
  while (!signal.aborted) {
    try {
      return await listen([JOBS_CHANNEL, MAIL_CHANNEL], (channel) => bellOf(channel).ring());
    } catch (error) {
      log().warn({ err: error }, "notifications cannot be heard");
      await sleep(LISTEN_AGAIN_MS, signal);
    }
  }
  return null;
}

async function every(milliseconds: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await work().catch((error: unknown) => log().warn({ err: error }, "recurring work failed"));
    await sleep(milliseconds, signal);
  }
}
