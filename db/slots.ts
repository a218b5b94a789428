import type postgres from "postgres";
import { connect, type Database, databaseOn } from "./client";

/**
 * The connections that transactions run on. Each slot is a client of its own with exactly one connection: nothing that is sent through it
 * can land elsewhere. A slot whose connection closed, or whose transaction took too long, is ended for good.
 */

const SLOTS = 16;
/** How long a caller waits for a free slot before it is told that the server is busy. */
const WAIT_FOR_SLOT_MS = 2_000;
/** Different texts that one connection keeps prepared; what comes later is planned each time, so that its memory is bounded. */
const MAX_PREPARED = 400;

/** Thrown when no connection was free in time, or the database is gone: nothing happened, try again. */
export class DatabaseUnavailable extends Error {
  override name = "DatabaseUnavailable";
}

/** Of those: others held for too long what this waited for. No fault of its own, so it may be tried as often as one likes. */
export class HeldByOthers extends DatabaseUnavailable {}

/** Thrown when the connection died under a transaction: it may or may not have been committed; a retry with the same key is safe. */
export class TransactionLost extends Error {
  override name = "TransactionLost";
}

export type Slot = {
  readonly client: postgres.Sql;
  /** Whose statements it takes: of the transaction that has it, until that ends. */
  turn: object | null;
  /** Texts that its connection keeps prepared. */
  readonly prepared: Set<string>;
  /** How many statements were sent through it. */
  statements: number;
  /** Sends what is to be written before the statement that is about to be sent. */
  flush: () => void;
  /** Savepoints behind which nothing was sent yet, and what is to be sent before them. */
  unsaid: { readonly name: string; readonly before: () => unknown }[];
  /** Sends what is unsaid. */
  say: () => void;
  dead: boolean;
  onDeath: ((error: Error) => void) | null;
};

type Doors = { free: Slot[]; open: number; waiting: ((slot: Slot) => void)[] };

const shared = globalThis as { batonDoors?: Doors };
function doors(): Doors {
  shared.batonDoors ??= { free: [], open: 0, waiting: [] };
  return shared.batonDoors;
}

/** Begins to send; a statement that nobody awaits is otherwise never sent. What goes wrong is told by those behind it. */
const send = (query: postgres.PendingQuery<postgres.Row[]>): void =>
  void query.then(
    () => undefined,
    () => undefined,
  );

/** Whether that transaction may still send something through it. */
export const isOpen = (slot: Slot, turn: object): boolean => slot.turn === turn && !slot.dead;

/** What one transaction is given of a slot. */
type Door = { readonly sql: postgres.Sql; readonly db: Database; readonly turn: object };

/**
 * The client for one transaction: says savepoints before the first statement behind them, and refuses once the transaction has ended, whoever has
 * the slot by then: what a branch of it that nobody waits for any more still sends must not land in another's.
 */
export function openDoor(slot: Slot): Door {
  const { client, prepared } = slot;
  const turn = {};
  Object.assign(slot, { turn, unsaid: [] });
  const isPrepared = (text: string): boolean => {
    if (prepared.size < MAX_PREPARED) prepared.add(text);
    return prepared.has(text);
  };
  const enter = (): void => {
    if (!isOpen(slot, turn)) throw new TransactionLost("the transaction has ended");
    slot.say();
    slot.flush();
    slot.statements++;
  };
  const call = client as unknown as (...given: unknown[]) => unknown;
  const door = (...given: unknown[]) => {
    enter();
    return call(...given);
  };
  const unsafe: typeof client.unsafe = (text, parameters = [], options = {}) => {
    enter();
    return client.unsafe(text, parameters, {
      ...options,
      // Whatever drizzle says, which prepares nothing: what is not prepared is described first, a round trip of its own.
      prepare: parameters.length > 0 && isPrepared(text),
    });
  };
  const sql = Object.assign(door, client, { unsafe }) as unknown as postgres.Sql;
  return { sql, db: databaseOn(sql), turn };
}

function newSlot(): Slot {
  const state = {
    turn: null,
    prepared: new Set<string>(),
    statements: 0,
    flush: () => undefined,
    say: () => undefined,
    unsaid: [],
    dead: false,
    onDeath: null,
  };
  const client = connect(1, {
    isOnce: true,
    idle_timeout: 0,
    max_lifetime: null,
    onclose() {
      slot.dead = true;
      slot.onDeath?.(new TransactionLost("the connection closed"));
    },
  });
  const slot: Slot = Object.assign(state, { client });
  slot.say = () => {
    for (const { name, before } of slot.unsaid.splice(0)) {
      before();
      send(client.unsafe(`savepoint ${name}`));
    }
  };
  return slot;
}

export async function takeSlot(): Promise<Slot> {
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
      reject(new HeldByOthers("no database connection became free"));
    }, WAIT_FOR_SLOT_MS);
    waiting.push(receive);
  });
}

function retire(slot: Slot): void {
  slot.dead = true;
  doors().open--;
  void slot.client.end({ timeout: 0 }).catch(() => undefined);
}

export function giveSlot(slot: Slot): void {
  slot.onDeath = null;
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

export async function closeSlots(): Promise<void> {
  const { free } = doors();
  await Promise.all(free.splice(0).map((slot) => slot.client.end({ timeout: 5 })));
  delete shared.batonDoors;
}
