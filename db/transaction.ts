import type postgres from "postgres";
import type { Value } from "../lib/logic/value";
import type { Database } from "./client";
import { type Hint, hintsSent, sendHints } from "./hints";
import type { Gathered } from "./parts";
import { parentsFirst, statementOf } from "./row-statement";
import {
  closeSlots,
  DatabaseUnavailable,
  giveSlot,
  HeldByOthers,
  isOpen,
  openDoor,
  type Slot,
  TransactionLost,
  takeSlot,
} from "./slots";

export { DatabaseUnavailable, HeldByOthers, TransactionLost } from "./slots";

/**
 * The only door to a transaction.
 *
 * The driver's own `begin` may go on *on another connection* when its connection dies between two statements, and may send BEGIN on a
 * connection that is not reserved. So each transaction here has a slot of `db/slots.ts`: a client with exactly one connection. When that
 * closes, or the deadline passes, the slot is ended for good and every later statement of that callback is refused.
 */

const DEADLINE_MS = 15_000;
const MAX_TRIES = 5;

/** One saved record, before and after, as `lib/records` writes it; handed to the listener before COMMIT. */
export type RecordChange = {
  readonly object: string;
  readonly id: string;
  readonly before: { readonly [field: string]: Value } | null;
  /** Null: the record was deleted. */
  readonly after: { readonly [field: string]: Value } | null;
  /** As `Tx.beganBy` when it was saved. */
  readonly beganBy?: string | null | undefined;
};

export type Tx = {
  /** Raw statements on this transaction's connection; send several without awaiting and they travel together. */
  readonly sql: postgres.Sql;
  readonly db: Database;
  /** The command this transaction belongs to; every history row names it. */
  readonly commandId: string;
  /** The person behind it, or null for Baton itself. */
  readonly actorId: string | null;
  readonly recordChanges: RecordChange[];
  /** How many record-triggered starts lie behind this save (bounded, so that two triggers cannot feed each other for ever). */
  depth: number;
  /** Whose request the run is whose background flow is at work: what that asks for is theirs. Null: nobody asked for its run; undefined: no such flow is at work. */
  beganBy: string | null | undefined;
  /** Writes that were sent and not awaited; their answers are asked for with that of COMMIT. */
  readonly sent: Promise<unknown>[];
  /** Rows to be written before the next statement (`db/write-rows.ts`). */
  readonly parts: Gathered[];
  /** Told after the commit, and only then. */
  readonly hints: Hint[];
  readonly onCommit: (() => void)[];
  /** The runs that were changed, in the order in which they were. */
  readonly runIds: string[];
  /** What was read behind a lock of this transaction, by its id; forgotten when a savepoint gives locks up. */
  readonly held: Map<string, unknown>;
  /** What a decision of this command has asked already (`db/ask-once.ts`). */
  readonly answers: Map<string, Promise<unknown>>;
  /** What the database's clock said, and the stopwatch then. */
  clock: { readonly at: number; readonly since: number } | null;
  readonly slot: Slot;
  /** What the slot knows it by, as long as it has it. */
  readonly turn: object;
  /** Whether several commands travel in it. */
  readonly isShared: boolean;
  /** When it began, by `performance.now()`. */
  readonly since: number;
  /** Whether it runs no flow that could be left to a job: what leads to it went wrong before, perhaps because of such a flow. */
  runsNoFlows: boolean;
  /** Whether it began a flow that could have been left to a job. */
  hasRunFlow: boolean;
  /** Whether it saved or deleted records that others have heard of since. */
  hasSaved: boolean;
};

type Head = { readonly commandId: string; readonly actorId: string | null; readonly isShared?: boolean };
export type RecordListener = (tx: Tx, changes: readonly RecordChange[]) => Promise<void>;

const shared = globalThis as { batonRecordListener?: RecordListener };

/** `lib/launch` sets it to `runs/react`, so that records start runs without knowing them. */
export function setRecordListener(listener: RecordListener): void {
  shared.batonRecordListener = listener;
}

export const codeOf = (error: unknown): string => {
  const at = error as { code?: string; cause?: { code?: string } } | null;
  return at?.cause?.code ?? at?.code ?? "";
};
const LOST = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "57P01",
  "57P02",
  "57P03",
  "25P03",
]);
const UNREACHABLE = new Set(["ECONNREFUSED", "CONNECT_TIMEOUT", "ENOTFOUND", "ECONNRESET"]);
const LOCK_NOT_GIVEN = "55P03";
/** A statement stopped for its time, a full disk, a server that only reads: nothing happened, try again. */
const BUSY = new Set(["57014", "53100", "25006"]);
const REPEATABLE = new Set(["40001", "40P01"]);
/** "Current transaction is aborted": told of every statement behind the one that went wrong. */
export const ABORTED = "25P02";

async function once<T>(head: Head, work: (tx: Tx) => Promise<T>): Promise<T> {
  const slot = await takeSlot();
  let deadline: NodeJS.Timeout | undefined;
  try {
    const died = new Promise<never>((_, reject) => {
      slot.onDeath = reject;
      deadline = setTimeout(() => {
        slot.dead = true;
        reject(new TransactionLost(`the transaction took longer than ${DEADLINE_MS} ms`));
      }, DEADLINE_MS);
    });
    died.catch(() => undefined);
    return await Promise.race([run(slot, head, work), died]);
  } catch (error) {
    const code = codeOf(error);
    if (code === LOCK_NOT_GIVEN) throw new HeldByOthers("the database is busy", { cause: error });
    if (BUSY.has(code)) throw new DatabaseUnavailable("the database is busy", { cause: error });
    if (UNREACHABLE.has(code)) {
      slot.dead = true;
      throw new DatabaseUnavailable("the database does not answer", { cause: error });
    }
    if (LOST.has(code)) {
      slot.dead = true;
      throw new TransactionLost("the connection was lost", { cause: error });
    }
    throw error;
  } finally {
    clearTimeout(deadline);
    giveSlot(slot);
  }
}

async function run<T>(slot: Slot, head: Head, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { client } = slot;
  const tx: Tx = {
    ...openDoor(slot),
    recordChanges: [],
    depth: 0,
    beganBy: undefined,
    sent: [],
    parts: [],
    hints: [],
    onCommit: [],
    runIds: [],
    held: new Map(),
    answers: new Map(),
    clock: null,
    slot,
    isShared: false,
    since: performance.now(),
    runsNoFlows: false,
    hasRunFlow: false,
    hasSaved: false,
    ...head,
  };
  slot.flush = () => sendParts(tx);
  later(tx, client.unsafe("begin"));
  try {
    const value = await work(tx);
    await settleChanges(tx);
    sendParts(tx);
    shut(tx);
    const [ended] = await Promise.all([client.unsafe("commit"), ...tx.sent]);
    if (ended.command !== "COMMIT") throw new Error("the transaction was rolled back");
    for (const react of tx.onCommit) react();
    sendHints(tx.hints);
    return value;
  } catch (error) {
    shut(tx);
    if (!slot.dead)
      await client.unsafe("rollback").catch(() => {
        slot.dead = true;
      });
    throw codeOf(error) === ABORTED ? await firstFailure(tx, error) : error;
  }
}

/** Hands the records that were saved to the listener, and those that it saves itself. */
export async function settleChanges(tx: Tx): Promise<void> {
  for (let changes = tx.recordChanges.splice(0); changes.length; changes = tx.recordChanges.splice(0)) {
    tx.hasSaved = true;
    tx.depth++;
    await shared.batonRecordListener?.(tx, changes);
  }
}

/** The same transaction as another command of it sees it: see `lib/together.ts`. */
export const shareOf = (tx: Tx, head: Head): Tx => ({
  ...tx,
  ...head,
  recordChanges: [],
  runIds: [],
  answers: new Map(),
  depth: 0,
  hasSaved: false,
  beganBy: undefined,
});

/** Sends a write without waiting for its answer, which is asked for before the transaction (or savepoint) is taken for done. */
export function later(tx: Tx, query: postgres.PendingQuery<postgres.Row[]>): void {
  const answer = query.then(() => undefined);
  answer.catch(() => undefined);
  tx.sent.push(answer);
}

/**
 * Sends the rows that are to be written: all in one statement where they are one command's; those of several commands in one for each table,
 * whose texts are few.
 */
export function sendParts(tx: Tx): void {
  const parts = tx.parts.splice(0);
  if (parts.length === 0) return;
  tx.slot.say();
  sendAll(tx, parts);
}

/** Sends these, before which nothing is to be said any more. */
export function sendAll(tx: Tx, parts: readonly Gathered[]): void {
  if (!isOpen(tx.slot, tx.turn)) throw new TransactionLost("the transaction has ended");
  const statements = tx.isShared ? parentsFirst(parts).map((part) => [part]) : [parts];
  for (const together of statements) {
    const { text, parameters } = statementOf(together);
    later(tx, tx.slot.client.unsafe(text, parameters, { prepare: true }));
  }
}

/** Lets nothing more through but the rollback. */
export function shut({ slot, turn }: Tx): void {
  if (slot.turn === turn) slot.turn = null;
}

/** Of statements sent together only the first that went wrong says why. */
export async function firstFailure(tx: Tx, otherwise: unknown): Promise<unknown> {
  const answers = await Promise.allSettled(tx.sent);
  const reasons = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []));
  return reasons.find((reason) => codeOf(reason) !== ABORTED) ?? otherwise;
}

/**
 * Runs `work` in one READ COMMITTED transaction and commits it; rolls back when it throws. Deadlocks and serialization failures are
 * tried again up to five times, so `work` must have no effect outside the transaction.
 */
export async function transaction<T>(head: Head, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(head, work);
    } catch (error) {
      if (attempt >= MAX_TRIES || !REPEATABLE.has(codeOf(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt));
    }
  }
}

/**
 * The database's clock in milliseconds: what is stored or compared is stamped by it. It is asked once in a transaction, and carried on by a
 * stopwatch.
 */
export async function databaseNow(tx: Tx): Promise<Date> {
  if (!tx.clock) {
    const [row] = await tx.sql<{ at: number }[]>`select ${CLOCK(tx)} as at`;
    if (!row) throw new Error("the database gave no time");
    stampClock(tx, row.at);
  }
  const { at, since } = tx.clock ?? { at: Number.NaN, since: 0 };
  return new Date(at + Math.floor(performance.now() - since));
}

/** The expression for what `stampClock` takes, to be asked along with something else. */
export const CLOCK = (tx: Tx) => tx.sql`(extract(epoch from clock_timestamp()) * 1000)::float8`;

export function stampClock(tx: Tx, at: number): void {
  tx.clock ??= { at: Math.floor(at), since: performance.now() };
}

export async function closeTransactions(): Promise<void> {
  await hintsSent();
  await closeSlots();
}
