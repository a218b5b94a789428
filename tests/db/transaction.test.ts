import { expect, test } from "vitest";
import { DatabaseUnavailable, transaction } from "../../db/transaction";
import { boundKey, runCommand } from "../../lib/command";
import { newId } from "../../lib/ids";
import { ok } from "../../lib/result";

const head = () => ({ commandId: newId("command"), actorId: null });
const SLOTS = 10;

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

test("the same key gives the same answer, and with something else it is refused", async () => {
  let times = 0;
  const act = (key: string) => runCommand({ kind: "test.act", actorId: null, key }, async () => ok({ times: ++times }));
  const one = boundKey("a-key-of-mine", { choice: "approve" });
  expect(await act(one)).toEqual({ ok: true, value: { times: 1 } });
  expect(await act(one)).toEqual({ ok: true, value: { times: 1 } });
  expect(await act(boundKey("a-key-of-mine", { choice: "reject" }))).toEqual({
    ok: false,
    refusal: { code: "key-reused" },
  });
  expect(times).toBe(1);
});

test("a lock that is not given in time is told as busy, with nothing done", async () => {
  await transaction(head(), async (tx) => {
    await tx.sql`create table if not exists held (id int primary key)`;
    await tx.sql`insert into held values (1) on conflict do nothing`;
  });
  const held = transaction(head(), async (tx) => {
    await tx.sql`select 1 from held for update`;
    await new Promise((resolve) => setTimeout(resolve, 3_600));
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(transaction(head(), (tx) => tx.sql`select 1 from held for update`)).rejects.toBeInstanceOf(
    DatabaseUnavailable,
  );
  await held;
});
