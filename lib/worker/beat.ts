import { eq, sql } from "drizzle-orm";
import { workerBeat } from "../../db/schema/queue";
import { transaction } from "../../db/transaction";
import { sleep } from "../clock";
import { newId } from "../ids";
import { log } from "../log";
import type { MailState } from "./send-mails";

const BEAT_MS = 5_000;

/** Says every 5 s that this worker is there and how it stands with the mail server, for health and the admins; takes the row away at the end. */
export async function beat(workerId: string, mailState: () => MailState, signal: AbortSignal): Promise<void> {
  const own = eq(workerBeat.workerId, workerId);
  while (!signal.aborted) {
    await writeBeat(workerId, mailState()).catch(onDatabaseAway);
    await sleep(BEAT_MS, signal);
  }
  await transaction({ commandId: newId("command"), actorId: null }, (tx) => tx.db.delete(workerBeat).where(own)).catch(
    onDatabaseAway,
  );
}

async function writeBeat(workerId: string, { ok, error }: MailState): Promise<void> {
  const now = { beatAt: sql`clock_timestamp()`, mailOk: ok, mailError: error };
  await transaction({ commandId: newId("command"), actorId: null }, (tx) =>
    tx.db
      .insert(workerBeat)
      .values({ workerId, ...now })
      .onConflictDoUpdate({ target: workerBeat.workerId, set: now }),
  );
}

const onDatabaseAway = (error: unknown): void => log().warn({ err: error }, "no beat");
