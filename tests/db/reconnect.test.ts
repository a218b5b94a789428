import { type AddressInfo, createServer, connect as dialServer, type Server, type Socket } from "node:net";
import { expect, test } from "vitest";
import { connect } from "../../db/client";

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
  await expect.poll(() => client`select 1 as one`.catch(() => "down"), { timeout: 5_000 }).toEqual([{ one: 1 }]);
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
