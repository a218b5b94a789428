import { type AddressInfo, createServer } from "node:net";
import { eq, like, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { connect, db } from "../../db/client";
import { command } from "../../db/schema";
import { later, type Tx, transaction } from "../../db/transaction";
import { sleep } from "../../lib/clock";
import { newId } from "../../lib/ids";

/** More than the driver sends ahead of the answers: the rest waits in the process. */
const MANY = 400;

test("what was still to be sent when a connection closes is never sent on another, outside of the transaction", async () => {
  const marker = newId("command");
  const lost = transaction({ commandId: marker, actorId: null }, async (tx) => {
    const [{ pid } = { pid: 0 }] = await tx.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    later(tx, tx.sql`select pg_sleep(0.5)` as never);
    for (let at = 0; at < MANY; at++)
      later(
        tx,
        tx.sql`insert into command (command_id, kind, received_at) values (${`${marker}-${at}`}, 'lost', now())` as never,
      );
    await db().execute(sql`select pg_terminate_backend(${pid})`);
    await sleep(300);
  });
  await expect(lost).rejects.toThrow("connection");
  await sleep(1_000);
  expect(
    await db()
      .select()
      .from(command)
      .where(like(command.commandId, `${marker}%`)),
  ).toEqual([]);
  expect(await db().$count(command, eq(command.kind, "lost"))).toBe(0);
});

test("what a branch of a failed transaction still sends is refused, though another has its connection by then", async () => {
  const marker = newId("command");
  const write = (tx: Tx, name: string) =>
    tx.sql`insert into command (command_id, kind, received_at) values (${`${marker}-${name}`}, 'late', now())`;
  const anothersTurn = Promise.withResolvers<void>();
  const late: { code?: Promise<unknown> } = {};
  const failed = transaction({ commandId: marker, actorId: null }, async (tx) => {
    late.code = anothersTurn.promise.then(() => write(tx, "late"));
    late.code.catch(() => undefined);
    await write(tx, "undone");
    throw new Error("went wrong");
  });
  await expect(failed).rejects.toThrow("went wrong");
  await transaction({ commandId: marker, actorId: null }, async (tx) => {
    await write(tx, "own");
    anothersTurn.resolve();
    await late.code?.catch(() => undefined);
  });
  await expect(late.code).rejects.toThrow("the transaction has ended");
  const rows = await db()
    .select({ id: command.commandId })
    .from(command)
    .where(like(command.commandId, `${marker}%`));
  expect(rows).toEqual([{ id: `${marker}-own` }]);
});

test("the client of a slot makes one connection and never another", async () => {
  const client = connect(1, { isOnce: true });
  const [{ pid } = { pid: 0 }] = await client<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await db().execute(sql`select pg_terminate_backend(${pid})`);
  await sleep(300);
  await expect(client`select 1`).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  await client.end({ timeout: 0 });
});

test("whatever waits for a connection that closes while it signs in is told so at once", async () => {
  const door = createServer((socket) => socket.once("data", () => socket.destroy()));
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const client = connect(1, { isOnce: true, host: "127.0.0.1", port: (door.address() as AddressInfo).port });
  const told = async (statement: string) => client.unsafe(statement).catch((error: { code?: string }) => error.code);
  const all = Promise.all(["begin", "select 1", "commit"].map(told));
  expect(await Promise.race([all, sleep(3_000)])).toEqual(Array(3).fill("CONNECTION_CLOSED"));
  await client.end({ timeout: 0 });
  door.close();
});
