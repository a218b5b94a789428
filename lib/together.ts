import { AsyncLocalStorage } from "node:async_hooks";
import { forgetAnswers } from "../db/ask-once";
import {
  CLOCK,
  HeldByOthers,
  later,
  settleChanges,
  shareOf,
  stampClock,
  type Tx,
  transaction,
} from "../db/transaction";
import { type CommandHeader, commandIdOf, keepAnswer, runCommand } from "./command";
import { newId } from "./ids";
import { log } from "./log";
import type { Result } from "./result";

/**
 * Commands that are asked for at the same time travel in one transaction: what the database does for each statement and each commit it then
 * does for many commands at once. Nobody can tell: each has its own key row, answer and history; they happen one after another; nobody is
 * told before the commit; and where one is refused or goes wrong, nothing of all of them stays. Who was refused is asked again alone, and so is each
 * of them when something went wrong; the others of one who was refused set out again without it.
 */

/** A command that may travel with others. */
export type Joint<A, T> = {
  /** What it locks that others may want as well: of such a thing there is one at a time. */
  readonly holds: string | null;
  /** What it runs, by name: what one of these costs the next is likely to cost too. */
  readonly runs: string;
  /** What it locks, and what it reads that stays true behind those locks: sent with that of the others, before any of them works. */
  readonly ahead: (tx: Tx) => Promise<A>;
  /** What it asked ahead of records and people is asked anew in its turn: it rests on them as they are then, and those before it take their time. */
  readonly asksAnew?: boolean;
  /** All else, when those before it have done theirs. */
  readonly work: (tx: Tx, ahead: A) => Promise<Result<T>>;
};

type Rider = {
  readonly header: CommandHeader;
  readonly commandId: string;
  readonly holds: string;
  readonly like: string;
  /** When it came, by `performance.now()`. */
  readonly since: number;
  /** Sends what goes ahead; answers with its turn. */
  readonly board: (tx: Tx) => Promise<() => Promise<Result<unknown>>>;
  /** Tells whoever asked what the last turn came to. */
  readonly arrive: () => void;
  /** Does it in a transaction of its own, and tells. */
  readonly alone: () => Promise<void>;
  readonly fail: (error: unknown) => void;
  /** How often it has travelled with others in vain. */
  trips: number;
};

/** Commands of one transaction. */
const MOST = 16;
/** Who has travelled so often in vain goes alone. */
const MOST_TRIPS = 3;
/** Transactions under way before commands wait for one another. */
const LANES = 3;
/** More are opened for those who have waited so long, in milliseconds: the others may be held up. */
const PATIENCE_MS = 25;
const MOST_LANES = 12;
/** How long somebody waits for a lane, and behind others for what they hold, before they are told that the server is busy and nothing was done. */
const BUSY_MS = 2_000;
const HELD_MS = 10_000;
/** How long travellers wait for a lock that somebody else has; alone one waits longer. */
const LOCK_TIMEOUT_MS = 100;
/** A command that sends more statements in its turn holds up those behind it: its like goes alone for a while. */
const MOST_STATEMENTS = 12;
const ALONE_FOR_MS = 30_000;

const line: Rider[] = [];
const underWay = new Set<Rider>();
const aloneUntil = new Map<string, number>();
let lanes = 0;
let isCalled = false;
let isTimed = false;

/** As `runCommand`. */
export function runTogether<A, T>(
  header: CommandHeader,
  { holds, runs, ahead, asksAnew = false, work }: Joint<A, T>,
): Promise<Result<T>> {
  // The same act in whatever transaction it is tried.
  const keyed = { ...header, key: header.key ?? newId("command") };
  const inContext = AsyncLocalStorage.snapshot();
  return new Promise((resolve, reject) => {
    let done: Result<T> | null = null;
    const alone = () => runCommand(keyed, async (tx) => work(tx, await ahead(tx))).then(resolve, reject);
    const commandId = commandIdOf(keyed);
    line.push({
      header: keyed,
      commandId,
      holds: holds ?? commandId,
      like: `${keyed.kind} ${runs}`,
      since: performance.now(),
      board: async (tx) => {
        const seen = await inContext(() => ahead(tx));
        return async () => {
          if (asksAnew) forgetAnswers(tx);
          done = await inContext(() => work(tx, seen));
          return done;
        };
      },
      arrive: () => (done ? resolve(done) : reject(new Error("a command arrived without its answer"))),
      alone: () => inContext(alone),
      fail: reject,
      trips: 0,
    });
    call();
  });
}

/** Those who come in the same turn of the event loop leave together. */
function call(): void {
  if (isCalled) return;
  isCalled = true;
  setImmediate(() => {
    isCalled = false;
    depart();
  });
}

function callLater(): void {
  if (isTimed) return;
  isTimed = true;
  setTimeout(() => {
    isTimed = false;
    call();
  }, PATIENCE_MS).unref();
}

function depart(): void {
  for (;;) {
    turnAway();
    const [first] = line;
    if (!first) return;
    if (lanes >= MOST_LANES) return callLater();
    if (lanes >= LANES && performance.now() - first.since < PATIENCE_MS) return callLater();
    const riders = gather();
    if (riders.length === 0) return;
    lanes++;
    for (const rider of riders) underWay.add(rider);
    void travel(riders).finally(() => {
      lanes--;
      for (const rider of riders) underWay.delete(rider);
      call();
    });
  }
}

/** Tells those who have waited too long. Who can set out now does, however long it took: a machine that is slow is not a server that is stuck. */
function turnAway(): void {
  const isFull = lanes >= MOST_LANES;
  const since = performance.now() - (isFull ? BUSY_MS : HELD_MS);
  const held = new Set([...underWay].map(({ holds }) => holds));
  for (const rider of line.filter((one) => one.trips === 0 && one.since < since && (isFull || held.has(one.holds)))) {
    line.splice(line.indexOf(rider), 1);
    rider.fail(new HeldByOthers(isFull ? "no lane became free" : "others were not done with it"));
  }
}

/**
 * The next ones of the line that go together: of those that hold the same thing one at a time, because the second would wait for the first,
 * and all others with it. In the order of what they hold, so that no two transactions wait for one another.
 */
function gather(): Rider[] {
  const now = performance.now();
  const held = new Set([...underWay].map(({ holds }) => holds));
  const ids = new Set([...underWay].map(({ commandId }) => commandId));
  const riders: Rider[] = [];
  for (let at = 0; at < line.length && riders.length < MOST; ) {
    const rider = line[at];
    if (!rider) break;
    const goesAlone = rider.trips >= MOST_TRIPS || (aloneUntil.get(rider.like) ?? 0) > now;
    if (held.has(rider.holds) || ids.has(rider.commandId) || (goesAlone && riders.length > 0)) {
      at++;
      continue;
    }
    line.splice(at, 1);
    riders.push(rider);
    held.add(rider.holds);
    ids.add(rider.commandId);
    if (goesAlone) break;
  }
  return riders.sort((one, other) => (one.holds < other.holds ? -1 : 1));
}

async function travel(riders: readonly Rider[]): Promise<void> {
  const [first] = riders;
  if (first && riders.length === 1) return first.alone();
  try {
    const repeated = await transaction(HEAD(), (tx) => take(tx, riders));
    for (const rider of riders) if (!repeated.includes(rider)) rider.arrive();
    await Promise.all(repeated.map((rider) => rider.alone()));
  } catch (error) {
    log().debug({ err: error, commands: riders.length }, "commands that travelled together are done again");
    const refused = error instanceof RiderRefused ? error.rider : null;
    for (const rider of riders) rider.trips = refused && refused !== rider ? rider.trips + 1 : MOST_TRIPS;
    line.unshift(...riders);
  }
}

/** Nothing of the others was wrong. */
class RiderRefused extends Error {
  readonly rider: Rider;
  constructor(rider: Rider) {
    super("a command that travelled with others was refused");
    this.rider = rider;
  }
}

const HEAD = () => ({ commandId: newId("command"), actorId: null, isShared: true });

/** Does them in their order, in this transaction; answers with those whose key was there already, of which nothing was done. */
async function take(tx: Tx, riders: readonly Rider[]): Promise<Rider[]> {
  later(tx, tx.sql.unsafe(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`));
  const shares = riders.map(({ commandId, header: { actorId } }) => shareOf(tx, { commandId, actorId }));
  const keys = takeKeys(tx, riders, shares);
  const boarded = await Promise.allSettled([keys, ...riders.map((rider, at) => rider.board(shares[at] ?? tx))]);
  for (const one of boarded) if (one.status === "rejected") throw one.reason;
  const taken = await keys;
  const repeated: Rider[] = [];
  for (const [at, rider] of riders.entries()) {
    const [share, turn] = [shares[at], boarded[at + 1]];
    if (!share || turn?.status !== "fulfilled") throw new Error("a command has no turn");
    if (!taken.has(rider.commandId)) repeated.push(rider);
    else if (await turnOf(rider, share, turn.value as () => Promise<Result<unknown>>))
      for (const other of shares) forgetAnswers(other);
  }
  return repeated;
}

/** Whether it saved records, so that what those behind it were told of them is told anew. */
async function turnOf(rider: Rider, share: Tx, turn: () => Promise<Result<unknown>>): Promise<boolean> {
  const { header, like } = rider;
  const { statements } = share.slot;
  const result = await turn();
  if (!result.ok) throw new RiderRefused(rider);
  await settleChanges(share);
  keepAnswer(share, header, result.value);
  if (share.slot.statements - statements > MOST_STATEMENTS) aloneUntil.set(like, performance.now() + ALONE_FOR_MS);
  return share.hasSaved;
}

/** Takes the keys of all, in an order that all agree on; the ids of those that were free. */
async function takeKeys(tx: Tx, riders: readonly Rider[], shares: readonly Tx[]): Promise<ReadonlySet<string>> {
  const rows = riders.map(({ commandId, header: { kind, actorId, subjectId = null } }) => ({
    commandId,
    kind,
    actorId,
    subjectId,
  }));
  const taken = await tx.sql<{ id: string; at: number }[]>`
    insert into command (command_id, kind, actor_id, subject_id, received_at)
    select given."commandId", given.kind, given."actorId", given."subjectId", clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as given ("commandId" text, kind text, "actorId" text, "subjectId" text)
    order by given."commandId"
    on conflict (command_id) do nothing returning command_id as id, ${CLOCK(tx)} as at`;
  for (const share of shares) if (taken[0]) stampClock(share, taken[0].at);
  return new Set(taken.map(({ id }) => id));
}
