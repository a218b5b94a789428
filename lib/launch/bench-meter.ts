import { db, meterConnections } from "../../db/client";
import { hintsSent } from "../../db/hints";

/** What commands cost the database: flights of statements sent together and their answers, statements, and bytes of its log. */
export type Cost = { readonly round_trips: number; readonly statements: number; readonly wal_bytes: number };

const count = { flights: 0, statements: 0 };
let isCounting = false;

const SYNC = 0x53;
const SIMPLE_QUERY = 0x51;

/** How many statements end in it: the driver follows each with a Sync, but for those without parameters. */
function statementsIn(packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  let found = 0;
  for (let at = 0; at + 5 <= packet.length; at += 1 + view.getUint32(at + 1)) {
    if (packet[at] === SYNC || packet[at] === SIMPLE_QUERY) found++;
  }
  return found;
}

/** Counts what is sent on every connection that is made from now on: a packet that follows an answer begins a new flight. */
export function startMeter(): void {
  meterConnections((socket) => {
    const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
    let isAnswered = true;
    socket.on("data", () => {
      isAnswered = true;
    });
    Object.assign(socket, {
      write(packet: Uint8Array, ...more: unknown[]) {
        if (isCounting) {
          if (isAnswered) count.flights++;
          count.statements += statementsIn(packet);
        }
        isAnswered = false;
        return write(packet, ...more);
      },
    });
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

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

/**
 * What `times` commands, one after another, cost each: of round trips and statements the median, because a worker in the same process looks for
 * jobs now and then.
 */
export async function costOf(times: number, work: (index: number) => Promise<unknown>): Promise<Cost> {
  const from = bytesOf(await walPosition());
  const each: { flights: number; statements: number }[] = [];
  await hintsSent();
  isCounting = true;
  for (let index = 0; index < times; index++) {
    const before = { ...count };
    await work(index);
    // What open pages are told is sent when the command is through.
    await hintsSent();
    each.push({ flights: count.flights - before.flights, statements: count.statements - before.statements });
  }
  isCounting = false;
  return {
    round_trips: median(each.map(({ flights }) => flights)),
    statements: median(each.map(({ statements }) => statements)),
    wal_bytes: Math.round((bytesOf(await walPosition()) - from) / times),
  };
}
