import { connect as dial, type Socket } from "node:net";
import { db, meterConnections } from "../../db/client";
import { env } from "../env";

/** What commands cost the database: flights of statements sent together and their answers, statements, and bytes of its log. */
export type Cost = { readonly round_trips: number; readonly statements: number; readonly wal_bytes: number };

const count = { flights: 0, statements: 0 };

/** A connection that counts: a write that follows an answer begins a new flight. */
function countingSocket(): Promise<Socket> {
  const { hostname, port } = new URL(env().DATABASE_URL ?? "");
  const socket = dial(Number(port || 5432), hostname);
  const write = socket.write.bind(socket);
  let isAnswered = true;
  socket.write = ((...given: Parameters<typeof write>) => {
    if (isAnswered) count.flights++;
    isAnswered = false;
    return write(...given);
  }) as typeof socket.write;
  socket.on("data", () => {
    isAnswered = true;
  });
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Counts on every connection that is made from now on. */
export function startMeter(): void {
  meterConnections({
    socket: countingSocket,
    debug: () => {
      count.statements++;
    },
  });
}

async function walPosition(): Promise<string> {
  const [row] = await db().execute<{ at: string }>("select pg_current_wal_insert_lsn()::text as at");
  return row?.at ?? "0/0";
}

const bytesOf = (position: string): number => {
  const [high = "0", low = "0"] = position.split("/");
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
};

/** What `times` commands, one after another and nothing beside them, cost each. */
export async function costOf(times: number, work: (index: number) => Promise<unknown>): Promise<Cost> {
  const from = bytesOf(await walPosition());
  const before = { ...count };
  for (let index = 0; index < times; index++) await work(index);
  const after = { ...count };
  const each = (total: number) => Number((total / times).toFixed(1));
  return {
    round_trips: each(after.flights - before.flights),
    statements: each(after.statements - before.statements),
    wal_bytes: Math.round((bytesOf(await walPosition()) - from) / times),
  };
}
