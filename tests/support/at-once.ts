import { db } from "../../db/client";
import { type Tx, transaction } from "../../db/transaction";
import { newId } from "../../lib/ids";

const ARRIVED_WITHIN_MS = 1_500;

/** How many connections wait for a lock that this one has, or for one of those that do. */
async function waitingFor(tx: Tx): Promise<number> {
  const [me] = await tx.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const [row] = await db().$client<{ waiting: number }[]>`
    with recursive behind (pid) as (
      select ${me?.pid ?? 0}::int
      union select a.pid from behind join pg_stat_activity a on a.wait_event_type = 'Lock' and behind.pid = any(pg_blocking_pids(a.pid))
    ) select count(*)::int - 1 as waiting from behind`;
  return row?.waiting ?? 0;
}

/** What may be stood in front of, by the beginning of its id. */
const ROWS: Readonly<Record<string, readonly [string, string]>> = {
  run: ["run", "run_id"],
  rec: ["record", "record_id"],
  usr: ["user", "user_id"],
};

/**
 * A barrier: nobody gets at the run (or record, or person) before all who act stand in front of its row, or behind one who does; then they go
 * through in the order in which they came. Who needs nothing of it and is done is waited for no longer, nor who neither waits nor ends.
 */
export async function atOnce<T>(id: string, acts: readonly (() => Promise<T>)[]): Promise<T[]> {
  const [table, column] = ROWS[id.split("_")[0] ?? ""] ?? [];
  if (!table || !column) throw new Error(`nobody stands in front of ${id}`);
  const acting: Promise<T>[] = [];
  let done = 0;
  const end = () => void done++;
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`select 1 from ${tx.sql(table)} where ${tx.sql(column)} = ${id} for update`;
    for (const act of acts) acting.push(act());
    for (const promise of acting) promise.then(end, end);
    const until = performance.now() + ARRIVED_WITHIN_MS;
    while (done + (await waitingFor(tx)) < acts.length && performance.now() < until);
  });
  return Promise.all(acting);
}

/** What both answer, in each round the other one first; the first two rounds are of one after the other, so that each way is seen. */
export async function eitherFirst<T>(round: number, id: string, acts: readonly [() => Promise<T>, () => Promise<T>]) {
  const [one, other] = acts;
  const inTurn = round % 2 ? [other, one] : acts;
  const answers: T[] = [];
  if (round < 2) for (const act of inTurn) answers.push(await act());
  else answers.push(...(await atOnce(id, inTurn)));
  return (round % 2 ? answers.toReversed() : answers) as [T, T];
}
