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

/**
 * A barrier: nobody gets at the run before all who act stand in front of its row, or behind one who does; then they go through in the order in
 * which they came. Who needs nothing of the run and is done is waited for no longer, nor who neither waits nor ends.
 */
export async function atOnce<T>(runId: string, acts: readonly (() => Promise<T>)[]): Promise<T[]> {
  const acting: Promise<T>[] = [];
  let done = 0;
  const end = () => void done++;
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.sql`select 1 from run where run_id = ${runId} for update`;
    for (const act of acts) acting.push(act());
    for (const promise of acting) promise.then(end, end);
    const until = performance.now() + ARRIVED_WITHIN_MS;
    while (done + (await waitingFor(tx)) < acts.length && performance.now() < until);
  });
  return Promise.all(acting);
}
