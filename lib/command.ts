import { createHash } from "node:crypto";
import { command } from "../db/schema/runs";
import { CLOCK, shut, stampClock, type Tx, transaction } from "../db/transaction";
import { writeRows } from "../db/write-rows";
import { newId, PREFIXES } from "./ids";
import { log } from "./log";
import { type Refusal, type Result, refuse } from "./result";

/** A refusal on its way out of a transaction, so that nothing it wrote stays. */
export class Refused extends Error {
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

/**
 * A caller's key, bound to what it was sent with: with something else it is refused (`key-reused`), never answered as if it were the same. The key
 * salts the digest: nobody finds out by guessing what the words were, once they are erased.
 */
export const boundKey = (key: string, input: unknown): string =>
  `${key.replaceAll(MARK, "_")}${MARK}${digest([key, input])}`;

/** The key of one of the acts that are asked for together under one key, bound to what is asked of it. */
export const partKey = (key: string, of: string, input: unknown): string =>
  boundKey(`${key.split(MARK)[0]} ${of}`, input);

/**
 * A key belongs to its actor and kind, so that nobody can ask for another's answer. The id begins as the key does: keys that were made one after
 * another, as `newKey` and `newId` make them, lie together in the index of commands, of which otherwise every command would write a page of its own.
 */
export function commandIdOf({ kind, actorId, key }: CommandHeader): string {
  if (!key) return newId("command");
  const given = key.split(MARK)[0] ?? "";
  const beginning = given.replace(/^[a-z]+_/, "").replaceAll(/[^0-9a-z]/g, "");
  return `${PREFIXES.command}_k${beginning.slice(0, 10)}${digest([actorId, kind, given]).slice(0, 30)}`;
}

/** What the command's row keeps: what the caller was told, and the digest of what they sent. */
type Answer<T> = { readonly value: T; readonly input: string | null };

const inputOf = ({ key }: CommandHeader): string | null => key?.split(MARK)[1] ?? null;

/** The key was there already: whatever the work has begun to do is rolled back. */
class Repeated extends Error {}

/**
 * What the act was answered, if it was done; null: it was not. Asked first by what asks for something before its command that the command
 * itself changes, as a password does.
 */
export function answerTo<T>(header: CommandHeader): Promise<Result<T> | null> {
  const commandId = commandIdOf(header);
  return transaction({ commandId, actorId: header.actorId }, async (tx): Promise<Result<T> | null> => {
    const [row] = await tx.sql<{ answer: Answer<T> }[]>`select answer from command where command_id = ${commandId}`;
    if (!row) return null;
    log().debug({ commandId }, "command replayed");
    return row.answer.input === inputOf(header) ? { ok: true, value: row.answer.value } : refuse("key-reused");
  });
}

/**
 * Takes the key in the same flight as the first statements of the work: they stand behind it, so they wait for a twin that is under way. When
 * the twin was first, nothing more of the work is let through.
 */
async function behindKey<T>(tx: Tx, header: CommandHeader, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { kind, actorId, subjectId = null } = header;
  const isFirst = tx.sql<{ at: number }[]>`
    insert into command (command_id, kind, actor_id, subject_id, received_at)
    values (${tx.commandId}, ${kind}, ${actorId}, ${subjectId}, clock_timestamp())
    on conflict (command_id) do nothing returning ${CLOCK(tx)} as at`.then(([inserted]) => {
    if (inserted) return stampClock(tx, inserted.at);
    shut(tx);
    throw new Repeated();
  });
  const done = work(tx);
  const [first] = await Promise.allSettled([isFirst, done]);
  if (first.status === "rejected") throw first.reason;
  return done;
}

const OF_ANSWER = { committedAt: "clock_timestamp()" };

/** What a repeat of the command will be told. */
export function keepAnswer<T>(tx: Tx, header: CommandHeader, value: T): void {
  const answer: Answer<T | null> = { value: value ?? null, input: inputOf(header) };
  const row = { commandId: tx.commandId, committedAt: null, answer, runId: tx.runIds[0] ?? null };
  writeRows(tx, [{ table: command, how: "update", rows: [row], derived: OF_ANSWER }]);
}

/**
 * One command, one transaction: key row, work, answer, commit (P2, P3). The same key again gets the stored answer and changes nothing; with
 * another input it is refused as `key-reused`. A refusal rolls everything back. `T` must survive JSON, because it is what a repeat is told. What
 * a person asked and came to nothing though it was not refused, after a flow had begun that could be left to a job, is done once more with such
 * flows left to jobs: so no flow keeps anybody from what they do. A job's command is tried again by its job.
 */
export async function runCommand<T>(header: CommandHeader, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> {
  const commandId = commandIdOf(header);
  let last: Tx | null = null;
  const attempt = (runsNoFlows: boolean) =>
    transaction({ commandId, actorId: header.actorId }, async (tx) => {
      last = tx;
      tx.runsNoFlows = runsNoFlows;
      const result = await behindKey(tx, header, work);
      if (!result.ok) throw new Refused(result.refusal);
      keepAnswer(tx, header, result.value);
      return result;
    });
  const hasRunFlow = () => header.actorId !== null && last?.hasRunFlow === true;
  try {
    return await attempt(false).catch((error: unknown) => {
      if (isAnswer(error) || !hasRunFlow()) throw error;
      log().warn({ err: error, commandId }, "done again without the flows that it led to");
      return attempt(true);
    });
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    if (error instanceof Repeated) return (await answerTo<T>(header)) ?? refuse("key-reused");
    throw error;
  }
}

const isAnswer = (error: unknown): boolean => error instanceof Refused || error instanceof Repeated;
