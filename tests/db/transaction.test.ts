import { expect, test } from "vitest";
import { savepoint } from "../../db/savepoint";
import { DatabaseUnavailable, later, TransactionLost, transaction } from "../../db/transaction";
import { boundKey, runCommand } from "../../lib/command";
import { newId } from "../../lib/ids";
import { ok } from "../../lib/result";
import { patiently } from "../support/patiently";

const head = () => ({ commandId: newId("command"), actorId: null });
const SLOTS = 16;

/** Takes every connection until the returned function is called. */
async function fillAll(): Promise<() => Promise<unknown>> {
  let free: () => void = () => undefined;
  const until = new Promise<void>((resolve) => {
    free = resolve;
  });
  let begun = 0;
  const all = Array.from({ length: SLOTS }, () =>
    transaction(head(), async (tx) => {
      await tx.sql`select 1`;
      begun++;
      await until;
    }),
  );
  await expect.poll(() => begun).toBe(SLOTS);
  return () => {
    free();
    return Promise.all(all);
  };
}

test("who waits too long for a connection is told that it is busy, and takes nobody else's place with them", async () => {
  const freeAll = await fillAll();
  const first = transaction(head(), async (tx) => tx.sql`select 1`).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  const second = transaction(head(), async (tx) => (await tx.sql<{ n: number }[]>`select 2 as n`)[0]?.n);
  expect(await first).toBeInstanceOf(DatabaseUnavailable);
  await freeAll();
  expect(await second).toBe(2);
  // Every connection is there again.
  const again = await fillAll();
  await again();
});

test("whoever asks again with the same key for as long as it is busy has it done, once", async () => {
  await transaction(head(), (tx) => tx.sql`create table again (n int generated always as identity)`);
  const freeAll = await fillAll();
  let asked = 0;
  const key = boundKey(newId("command"), {});
  const give = () => {
    asked++;
    return runCommand({ kind: "test.again", actorId: null, key }, async (tx) => {
      const [row] = await tx.sql<{ n: number }[]>`insert into again default values returning n`;
      return ok({ n: row?.n });
    });
  };
  const done = patiently(give);
  await expect.poll(() => asked).toBe(2);
  await freeAll();
  expect(await done).toEqual({ ok: true, value: { n: 1 } });
  expect(await give()).toEqual({ ok: true, value: { n: 1 } });
});

test("the same key gives the same answer and has its effect once, and with something else it is refused", async () => {
  await transaction(head(), (tx) => tx.sql`create table if not exists act (n int generated always as identity)`);
  const act = (key: string) =>
    runCommand({ kind: "test.act", actorId: null, key }, async (tx) => {
      const [row] = await tx.sql<{ n: number }[]>`insert into act default values returning n`;
      return ok({ n: row?.n });
    });
  const one = boundKey("a-key-of-mine", { choice: "approve" });
  const answer = { ok: true, value: { n: 1 } };
  expect(await act(one)).toEqual(answer);
  expect(await act(one)).toEqual(answer);
  expect(await Promise.all([act(one), act(one), act(one)])).toEqual([answer, answer, answer]);
  expect(await act(boundKey("a-key-of-mine", { choice: "reject" }))).toEqual({
    ok: false,
    refusal: { code: "key-reused" },
  });
  const rows = await transaction(head(), (tx) => tx.sql`select n from act`);
  expect(rows).toHaveLength(1);
});

test("twins that are sent at once have their effect once and get one answer", async () => {
  await transaction(head(), (tx) => tx.sql`create table if not exists twin (n int generated always as identity)`);
  const act = () =>
    runCommand({ kind: "test.twin", actorId: null, key: "twins" }, async (tx) => {
      const [row] = await tx.sql<{ n: number }[]>`insert into twin default values returning n`;
      await tx.sql`select pg_sleep(0.05)`;
      return ok({ n: row?.n });
    });
  const [first, ...others] = await Promise.all(Array.from({ length: 6 }, act));
  expect(others).toEqual(others.map(() => first));
  expect(await transaction(head(), (tx) => tx.sql`select n from twin`)).toHaveLength(1);
});

test("nothing of a transaction stays when a write that nobody waited for goes wrong, and its reason is told", async () => {
  await transaction(head(), (tx) => tx.sql`create table if not exists sent (n int primary key)`);
  const work = transaction(head(), async (tx) => {
    later(tx, tx.sql`insert into sent values (1)`);
    later(tx, tx.sql`insert into sent values (1)`);
    later(tx, tx.sql`insert into sent values (2)`);
    return tx.hints.push({ channel: "test", payload: "" });
  });
  await expect(work).rejects.toMatchObject({ code: "23505" });
  expect(await transaction(head(), (tx) => tx.sql`select n from sent`)).toHaveLength(0);
});

test("a savepoint undoes what was sent behind it and nothing else", async () => {
  await transaction(head(), (tx) => tx.sql`create table if not exists kept (n int primary key)`);
  await transaction(head(), async (tx) => {
    await savepoint(tx, async () => undefined);
    later(tx, tx.sql`insert into kept values (1)`);
    const undone = savepoint(tx, async () => {
      await savepoint(tx, async () => later(tx, tx.sql`insert into kept values (2)`));
      later(tx, tx.sql`insert into kept values (2)`);
    });
    await expect(undone).rejects.toMatchObject({ code: "23505" });
    await expect(
      savepoint(tx, async () => {
        throw new Error("before anything was sent");
      }),
    ).rejects.toThrow("before anything was sent");
    later(tx, tx.sql`insert into kept values (3)`);
  });
  expect(await transaction(head(), (tx) => tx.sql`select n from kept order by n`)).toEqual([{ n: 1 }, { n: 3 }]);
});

test("what a callback sends after its transaction has ended is refused", async () => {
  let late: (() => Promise<unknown>) | null = null;
  await transaction(head(), async (tx) => {
    await tx.sql`select 1`;
    late = async () => tx.sql`select 2`;
  });
  const send = late as (() => Promise<unknown>) | null;
  await expect(send?.()).rejects.toBeInstanceOf(TransactionLost);
});

test("a lock that is not given in time is told as busy, with nothing done", async () => {
  await transaction(head(), async (tx) => {
    await tx.sql`create table if not exists held (id int primary key)`;
    await tx.sql`insert into held values (1) on conflict do nothing`;
  });
  const [isHeld, isTold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = transaction(head(), async (tx) => {
    await tx.sql`select 1 from held for update`;
    isHeld.resolve();
    await isTold.promise;
  });
  await isHeld.promise;
  await expect(transaction(head(), (tx) => tx.sql`select 1 from held for update`)).rejects.toBeInstanceOf(
    DatabaseUnavailable,
  );
  isTold.resolve();
  await held;
});
