import { createHash } from "node:crypto";
import { type Tx, transaction } from "../db/transaction";
import { newId, PREFIXES } from "./ids";
import { log } from "./log";
import { type Refusal, type Result, refuse } from "./result";

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

const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

const MARK = "#";

/** A caller's key, bound to what it was sent with: with something else it is refused (`key-reused`), never answered as if it were the same. */
export const boundKey = (key: string, input: unknown): string => `${key.replaceAll(MARK, "_")}${MARK}${digest(input)}`;

/** A key belongs to its actor and kind, so that nobody can ask for another's answer. */
function commandIdOf({ kind, actorId, key }: CommandHeader): string {
  if (!key) return newId("command");
  return `${PREFIXES.command}_k${digest([actorId, kind, key.split(MARK)[0]]).slice(0, 40)}`;
}

/** What the command's row keeps: what the caller was told, and the digest of what they sent. */
type Answer<T> = { readonly value: T; readonly input: string | null };

const inputOf = ({ key }: CommandHeader): string | null => key?.split(MARK)[1] ?? null;

async function replay<T>(tx: Tx, header: CommandHeader): Promise<Result<T>> {
  const [row] = await tx.sql<{ answer: Answer<T> }[]>`select answer from command where command_id = ${tx.commandId}`;
  log().debug({ commandId: tx.commandId }, "command replayed");
  if (!row || row.answer.input !== inputOf(header)) return refuse("key-reused");
  return { ok: true, value: row.answer.value };
}

/**
 * One command, one transaction: key row, work, answer, commit (P2, P3). The same key again gets the stored answer and changes nothing; with
 * another input it is refused as `key-reused`. A refusal rolls everything back. `T` must survive JSON, because it is what a repeat is told.
 */
export async function runCommand<T>(header: CommandHeader, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  const commandId = commandIdOf(header);
  try {
    return await transaction({ commandId, actorId: header.actorId }, async (tx) => {
      const inserted = await tx.sql`
        insert into command (command_id, kind, actor_id, subject_id, received_at)
        values (${commandId}, ${header.kind}, ${header.actorId}, ${header.subjectId ?? null}, clock_timestamp())
        on conflict (command_id) do nothing returning 1`;
      if (inserted.length === 0) return replay<T>(tx, header);
      const result = await work(tx);
      if (!result.ok) throw new Refused(result.refusal);
      const answer: Answer<T | null> = { value: result.value ?? null, input: inputOf(header) };
      await tx.sql`
        update command set committed_at = clock_timestamp(), answer = ${JSON.stringify(answer)}::text::jsonb
        where command_id = ${commandId}`;
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}
