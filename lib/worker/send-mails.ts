import { log } from "../log";
import { deliver } from "../notify/deliver";
import { openTransport, type Transport } from "../notify/open-transport";
import type { Bell } from "./bell";

const POLL_MS = 5_000;
/** How long the mail server is left alone after it could not be talked to. */
const PAUSE_MS = 15_000;
const VERIFY_EVERY_MS = 60_000;

/** Whether the mail server answered last time; `ok` is null when none is configured. */
export type MailState = { readonly ok: boolean | null; readonly error: string | null };

/** Sends what is due until the signal aborts, and says after each turn how it stands with the mail server. */
export async function sendMails(
  smtpUrl: string | null,
  bell: Bell,
  { signal, report }: { signal: AbortSignal; report: (state: MailState) => void },
): Promise<void> {
  const transport = smtpUrl === null ? null : openTransport(smtpUrl);
  if (!transport) report({ ok: null, error: "no mail server is configured (SMTP_URL)" });
  let verifiedAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    if (transport && performance.now() - verifiedAt > VERIFY_EVERY_MS) {
      report(await verified(transport));
      verifiedAt = performance.now();
    }
    const { taken, unreachable } = await deliver(transport).catch(onDatabaseAway);
    if (unreachable !== null) report({ ok: false, error: unreachable });
    else if (transport && taken > 0) report({ ok: true, error: null });
    if (unreachable !== null) await bell.wait(PAUSE_MS, signal);
    else if (taken === 0) await bell.wait(POLL_MS, signal);
  }
  transport?.close();
}

async function verified(transport: Transport): Promise<MailState> {
  try {
    await transport.verify();
    return { ok: true, error: null };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function onDatabaseAway(error: unknown): { taken: number; unreachable: null } {
  log().warn({ err: error }, "mails could not be delivered");
  return { taken: 0, unreachable: null };
}
