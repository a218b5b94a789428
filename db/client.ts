import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { env } from "../lib/env";
import { knowArrays } from "./array-types";
import { dial } from "./dial";

/** What queries are given: the pool for reading, or a transaction's own connection. */
export type Database = PostgresJsDatabase & { readonly $client: postgres.Sql };

type Pool = { client: postgres.Sql; db: Database };
const shared = globalThis as { batonPool?: Pool; batonMeter?: Meter };

/** Milliseconds. A statement or an idle transaction past these is ended by the server. */
export const STATEMENT_TIMEOUT_MS = 15_000;
export const LOCK_TIMEOUT_MS = 3_000;

type Options = postgres.Options<Record<string, never>>;
/** How a bench sees what is sent: each connection, as soon as it is made. */
type Meter = (socket: Socket) => void;

/** Every connection made from now on is shown to it. */
export function meterConnections(meter: Meter): void {
  shared.batonMeter = meter;
}

async function socketTo(server: Parameters<typeof dial>[0]): Promise<Socket> {
  const socket = await dial(server);
  shared.batonMeter?.(socket);
  return socket;
}

/**
 * One on which nothing can be sent. Given none at all, the driver would tell the first statement, and leave those behind it waiting until their
 * transaction's deadline.
 */
function closedSocket(): Duplex {
  const error = Object.assign(new Error("the connection closed"), { code: "CONNECTION_CLOSED" });
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(error) });
}

/**
 * The way to the server for a client that never has a second connection: what the driver still had to send when the first one closed would be
 * sent on the next, outside of any transaction.
 */
function socketOnce() {
  let isMade = false;
  return async (server: Parameters<typeof dial>[0]): Promise<Duplex> => {
    if (isMade) return closedSocket();
    isMade = true;
    return socketTo(server);
  };
}

/** The only place that makes a connection. `max` connections; one for a transaction's slot, ten for reading. */
export function connect(max: number, more: Options & { readonly isOnce?: boolean } = {}) {
  const url = env().DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set; `npm start` starts a database of its own and sets it");
  const { isOnce = false, ...options } = more;
  const client = postgres(url, {
    max,
    fetch_types: false,
    onnotice() {},
    connect_timeout: 5,
    connection: {
      application_name: "baton",
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    },
    ...options,
    ...{ socket: isOnce ? socketOnce() : socketTo }, // missing in the driver's types
  });
  return knowArrays(client);
}

export const databaseOn = (client: postgres.Sql): Database => drizzle(client);

/** The reading pool, one a process (kept on `globalThis`, because Next loads modules more than once). */
export function pool(): Pool {
  if (!shared.batonPool) {
    const client = connect(10);
    shared.batonPool = { client, db: databaseOn(client) };
  }
  return shared.batonPool;
}

/** For reading. Whatever changes something goes through `transaction`. */
export const db = (): Database => pool().db;

/** A connection that died with a question under way counts as busy to the driver until the seconds are over. */
export async function closePool(seconds = 5): Promise<void> {
  const open = shared.batonPool;
  delete shared.batonPool;
  await open?.client.end({ timeout: seconds });
}
