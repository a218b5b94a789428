import { beforeAll, expect, test } from "vitest";
import { buildPrograms } from "../../lib/launch/build.mjs";
import { lookInto, remember } from "../../lib/launch/faults/databases";
import { differences, momentOf, snapshotAt, snapshotOf } from "../../lib/launch/faults/snapshot";
import { sweep } from "../../lib/launch/faults/sweep";
import { say } from "../../lib/launch/progress.mjs";
import seeds from "../seeds/sweep.json" with { type: "json" };

/**
 * F1 and F2, sampled: `npm run faults` takes every crash point. The first seed is the one that is always run; a seed that failed is added to the
 * file with the command that it failed in, and is run for ever.
 */
beforeAll(buildPrograms);

/** Crash points of one sample. */
const MAY_BE_MISSED = 2;

test.each(seeds)(
  "a process that dies at any message of any command loses nothing and does nothing twice (seed $seed $only)",
  { timeout: 900_000 },
  async ({ only, ...sample }) => {
    const serverUrl = process.env.DATABASE_URL ?? "";
    const report = await sweep({ serverUrl, lanes: 2, sample, only, note: () => undefined });
    const { commands, points, replayed, lost, doubled, audit, seconds } = report;
    say(
      `seed ${sample.seed}: ${points} crash points of ${commands} commands, ${lost + doubled + audit} violations, ${seconds} s`,
    );
    expect(report.findings).toEqual([]);
    // A command may send a message less than when they were counted (a wait that was not needed); then its last is not reached.
    expect(points).toBeGreaterThanOrEqual(commands * sample.perCommand - MAY_BE_MISSED);
    expect(points).toBeLessThanOrEqual(commands * sample.perCommand);
    if (only === "") {
      expect(commands).toBeGreaterThanOrEqual(100);
      // Some died after their commit and before their answer (F2).
      expect(replayed).toBeGreaterThan(3);
    }
  },
);

test("whatever was added, changed or deleted since a moment is seen, and undone", async () => {
  const client = lookInto(new URL(process.env.DATABASE_URL ?? "").pathname.slice(1));
  const add = (...names: readonly string[]) =>
    client.unsafe(
      names
        .map((name) => `insert into command (command_id, kind, received_at) values ('${name}', 'swept', now());`)
        .join(""),
    );
  try {
    await add("kept", "changed", "deleted");
    const putBack = await remember(client, "moment");
    const moment = await momentOf(client);
    const seen = async () => differences(snapshotAt(moment), await snapshotOf(client, moment));
    expect(await seen()).toEqual([]);
    for (let round = 0; round < 2; round++) {
      await client`update command set kind = 'other' where command_id = 'changed'`;
      await client`delete from command where command_id = 'deleted'`;
      await add("added");
      const [{ table, missing, added } = { table: "", missing: [], added: [] }, ...others] = await seen();
      expect({ table, missing: missing.length, added: added.length, others }).toEqual({
        table: "command",
        missing: 2,
        added: 2,
        others: [],
      });
      await client.unsafe(putBack);
      expect(await seen()).toEqual([]);
    }
  } finally {
    await client`delete from command where kind in ('swept', 'other')`;
    await client`drop schema if exists moment cascade`;
    await client.end({ timeout: 1 });
  }
});
