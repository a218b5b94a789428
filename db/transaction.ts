import type postgres from "postgres";
import type { Value } from "../lib/logic/value";
import { connect, type Database, databaseOn } from "./client";

/**
 * The only door to a transaction.
 *
 * The driver's own `begin` goes on *on another connection* when its connection dies between two statements, and may send BEGIN on a
 * connection that is not reserved. So each transaction here has a client of its own with exactly one connection, out of a small pool of
 * such slots: nothing it sends can land elsewhere. When the connection closes, or the deadline passes, the slot is ended for good and
 * every later statement of that callback is refused by the driver.
 */

const SLOTS = 10;
/** How long a caller waits for a free slot before it is told that the server is busy. */
const WAIT_FOR_SLOT_MS = 2_000;
const DEADLINE_MS = 15_000;
const MAX_TRIES = 5;

/** One saved record, before and after, as `lib/records` writes it; handed to the listener before COMMIT. */
export type RecordChange = {
  readonly object: string;
  readonly id: string;
  readonly before: { readonly [field: string]: Value } | null;
  /** Null: the record was deleted. */
  readonly after: { readonly [field: string]: Value } | null;
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
};

/** Thrown when no connection was free in time, or the database is gone: nothing happened, try again. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** Thrown when the connection died under a transaction: it may or may not have been committed; a retry with the same key is safe. */
export class TransactionLost extends Error {
  override name = "TransactionLost";
}

type Slot = { client: postgres.Sql; db: Database; dead: boolean; onDeath: ((error: Error) => void) | null };
type Doors = { free: Slot[]; open: number; waiting: ((slot: Slot) => void)[] };

const shared = globalThis as { batonDoors?: Doors; batonRecordListener?: RecordListener };
function doors(): Doors {
  shared.batonDoors ??= { free: [], open: 0, waiting: [] };
  return shared.batonDoors;
}

export type RecordListener = (tx: Tx, changes: readonly RecordChange[]) => Promise<void>;

/** `lib/launch` sets it to `runs/react`, so that records start runs without knowing them. */
export function setRecordListener(listener: RecordListener): void {
  shared.batonRecordListener = listener;
}

function newSlot(): Slot {
  const slot: Slot = { client: null as never, db: null as never, dead: false, onDeath: null };
  slot.client = connect(1, {
    idle_timeout: 0,
    max_lifetime: null,
    onclose() {
      slot.dead = true;
      slot.onDeath?.(new TransactionLost("the connection closed"));
    },
  });
  slot.db = databaseOn(slot.client);
  return slot;
}

async function take(): Promise<Slot> {
  const { free, waiting } = doors();
  for (let slot = free.pop(); slot; slot = free.pop()) {
    if (!slot.dead) return slot;
    retire(slot);
  }
  if (doors().open < SLOTS) {
    doors().open++;
    return newSlot();
  }
  return new Promise((resolve, reject) => {
    const receive = (slot: Slot) => {
      clearTimeout(timer);
      resolve(slot);
    };
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(receive), 1);
      reject(new DatabaseUnavailable("no database connection became free"));
    }, WAIT_FOR_SLOT_MS);
    waiting.push(receive);
  });
}

function retire(slot: Slot): void {
  slot.dead = true;
  doors().open--;
  void slot.client.end({ timeout: 0 }).catch(() => undefined);
}

function give(slot: Slot): void {
  if (slot.dead) {
    retire(slot);
    const next = doors().waiting.shift();
    if (next) {
      doors().open++;
      next(newSlot());
    }
    return;
  }
  const next = doors().waiting.shift();
  if (next) next(slot);
  else doors().free.push(slot);
}

const codeOf = (error: unknown): string => {
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
/** A lock not given in time, a statement stopped for its time, a full disk, a server that only reads: nothing happened, try again. */
const BUSY = new Set(["55P03", "57014", "53100", "25006"]);
const REPEATABLE = new Set(["40001", "40P01"]);

async function once<T>(head: { commandId: string; actorId: string | null }, work: (tx: Tx) => Promise<T>): Promise<T> {
  const slot = await take();
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
    slot.onDeath = null;
    give(slot);
  }
}

async function run<T>(
  slot: Slot,
  head: { commandId: string; actorId: string | null },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const { client } = slot;
  const begun = client.unsafe("begin");
  begun.catch(() => undefined);
  const tx: Tx = { sql: client, db: slot.db, recordChanges: [], depth: 0, ...head };
  try {
    const value = await work(tx);
    for (let changes = tx.recordChanges.splice(0); changes.length; changes = tx.recordChanges.splice(0)) {
      tx.depth++;
      await shared.batonRecordListener?.(tx, changes);
    }
    await client.unsafe("commit");
    return value;
  } catch (error) {
    if (!slot.dead)
      await client.unsafe("rollback").catch(() => {
        slot.dead = true;
      });
    throw error;
  }
}

/**
 * Runs `work` in one READ COMMITTED transaction and commits it; rolls back when it throws. Deadlocks and serialization failures are
 * tried again up to five times, so `work` must have no effect outside the transaction.
 */
export async function transaction<T>(
  head: { commandId: string; actorId: string | null },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(head, work);
    } catch (error) {
      if (attempt >= MAX_TRIES || !REPEATABLE.has(codeOf(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5 * 2 ** attempt));
    }
  }
}

let savepoints = 0;

/** Runs `work` behind a savepoint: what it wrote is undone when it throws, the transaction goes on. */
export async function savepoint<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const name = `baton_${++savepoints}`;
  const changes = tx.recordChanges.length;
  await tx.sql.unsafe(`savepoint ${name}`);
  try {
    const value = await work();
    await tx.sql.unsafe(`release savepoint ${name}`);
    return value;
  } catch (error) {
    await tx.sql.unsafe(`rollback to savepoint ${name}`);
    tx.recordChanges.length = changes;
    throw error;
  }
}

/** The database's clock in milliseconds: what is stored or compared is stamped by it. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.sql<
    { at: string }[]
  >`select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`;
  if (!row) throw new Error("the database gave no time");
  return new Date(row.at);
}

export async function closeTransactions(): Promise<void> {
  const { free } = doors();
  await Promise.all(free.splice(0).map((slot) => slot.client.end({ timeout: 5 })));
  delete shared.batonDoors;
}
