import { type AddressInfo, createServer, connect as dialServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { connect } from "../../db/client";
import { startProxy } from "../../lib/launch/faults/proxy";

const real = new URL(process.env.DATABASE_URL ?? "");

/** A way to the server that can be closed and opened again. */
async function open(port: number): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((app) => {
    const upstream = dialServer(Number(real.port), real.hostname);
    app.pipe(upstream).pipe(app);
    for (const socket of [app, upstream]) sockets.add(socket.on("error", () => undefined));
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

test("a client whose server goes away says so at every query, and works again when it is back", async () => {
  const first = await open(0);
  const client = connect(1, { host: "127.0.0.1", port: first.port, backoff: () => 0.05 });
  expect(await client`select 1 as one`).toEqual([{ one: 1 }]);
  await first.close();
  for (let i = 0; i < 4; i++) await expect(client`select 1 as one`).rejects.toThrow();
  const second = await open(first.port);
  await expect.poll(() => client`select 1 as one`.catch(() => "down")).toEqual([{ one: 1 }]);
  await client.end({ timeout: 1 });
  await second.close();
});

test("of several servers the first that answers is used", async () => {
  const answering = await open(0);
  const client = connect(1, { host: `127.0.0.1:1,127.0.0.1:${answering.port}` });
  expect(await client`select 1 as one`).toEqual([{ one: 1 }]);
  await client.end({ timeout: 1 });
  await answering.close();
});

/** Messages of a connection's beginning and its first query; the sign-in differs between servers. */
const MESSAGES = 8;

test("a connection that dies at any message of its beginning fails its query, and ends no process", async () => {
  const proxy = await startProxy(Number(real.port));
  let cuts = 0;
  for (let message = 1; message <= MESSAGES; message++) {
    for (const side of ["before", "after"] as const) {
      await proxy.arm({ message, side }, () => cuts++);
      const client = connect(1, { host: "127.0.0.1", port: proxy.port(), backoff: () => 0.05 });
      // What nobody awaits and is rejected ends the process, and this test.
      await expect(client`select ${["a"]}::text[] as list`).rejects.toThrow();
      await client.end({ timeout: 0.1 });
    }
  }
  expect(cuts).toBe(2 * MESSAGES);
  await proxy.close();
});

test("arrays are sent and read without asking the server what they are", async () => {
  const client = connect(1);
  const texts = ['a "quoted" one', "back\\slash", "{brace, comma}", "", "NULL", "zwei\nZeilen"];
  const [row] = await client`
    select ${texts}::text[] as texts, ${[1, 2]}::int[] as whole, ${[7]}::bigint[] as big, ${client.array([true, false])}::bool[] as flags,
    ${client.array(texts)}::text[] as typed, ${[]}::text[] as none, '{1.5,NULL}'::float8[] as parts`;
  expect(row).toEqual({
    ...{ texts, whole: [1, 2], big: ["7"], flags: [true, false], typed: texts, none: [], parts: [1.5, null] },
  });
  await client.end();
});
