import type { Tx } from "../../db/transaction";

type Keep = (tx: Tx, runId: string) => Promise<void>;

const port: { keep: Keep } = { keep: async () => undefined };

/** What approvers are shown of a record is known to a higher noun than the one that starts runs (`lib/launch/wire.ts`). */
export function setSubmissionKeeper(keep: Keep): void {
  port.keep = keep;
}

/** Keeps what was submitted with the run that has just begun. */
export const keepSubmission = (tx: Tx, runId: string): Promise<void> => port.keep(tx, runId);
