import { createHash } from "node:crypto";
import { type Tx, transaction } from "../db/transaction";
import { newId, PREFIXES } from "./ids";
import { log } from "./log";
import type { Refusal, Result } from "./result";

/** A refusal on its way out of a transaction, so that nothing it wrote stays. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

export type CommandHeader = {
  readonly kind: string;
  /** Null for Baton itself. */
  readonly actorId: string | null;
  /** Made by the caller once for each act (a form at its first render, a job by its id and fence); absent: every call is a new act. */
  readonly key?: string;
  readonly subjectId?: string;
};

/** A key belongs to its actor and kind, so that nobody can ask for another's answer. */
function commandIdOf({ kind, actorId, key }: CommandHeader): string {
  if (!key) return newId("command");
  const digest = createHash("sha256")
    .update(JSON.stringify([actorId, kind, key]))
    .digest("hex");
  return `${PREFIXES.command}_k${digest.slice(0, 40)}`;
}

/**
 * One command, one transaction: key row, work, answer, commit (P2, P3). The same key again gets the stored answer and changes nothing.
 * A refusal rolls everything back. `T` must survive JSON, because it is what a repeat is told.
 */
export async function runCommand<T>(header: CommandHeader, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  const commandId = commandIdOf(header);
  try {
    return await transaction({ commandId, actorId: header.actorId }, async (tx) => {
      const inserted = await tx.sql`
        insert into command (command_id, kind, actor_id, subject_id, received_at)
        values (${commandId}, ${header.kind}, ${header.actorId}, ${header.subjectId ?? null}, clock_timestamp())
        on conflict (command_id) do nothing returning 1`;
      if (inserted.length === 0) {
        const [row] = await tx.sql<{ answer: T }[]>`select answer from command where command_id = ${commandId}`;
        log().debug({ commandId }, "command replayed");
        return { ok: true, value: row?.answer as T } as const;
      }
      const result = await work(tx);
      if (!result.ok) throw new Refused(result.refusal);
      await tx.sql`
        update command set committed_at = clock_timestamp(), answer = ${JSON.stringify(result.value ?? null)}::text::jsonb
        where command_id = ${commandId}`;
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
