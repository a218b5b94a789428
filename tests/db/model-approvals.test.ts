import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Act } from "../model/approvals/acts";
import { anyActs, anyRule } from "../model/approvals/arbitraries";
import { ANN, BEGAN, MINUTE_MS, type Setting, START, single, voting, worldOf } from "../model/approvals/play";
import {
  aCast,
  BOARDS,
  beginReally,
  type Cast,
  seenReally,
  tellReally,
  withoutTimes,
} from "../model/approvals/real-play";
import { standIn } from "../model/approvals/stand-in";
import { obey } from "../model/reference/obey";
import { startRun } from "../model/reference/start-run";
import { seenOfModel } from "../model/visible";

/**
 * Anything that may happen to an approval, through dispatch and PostgreSQL: after each command its rows are what the model of the semantics
 * sees, or both refuse it with the same code. Delegations, passed on ones too, are read from the database. APPROVAL_DB_CASES says how many,
 * MODEL_SEED with which to begin; a failure prints its seed and the shortest acts that still fail.
 */
const CASES = Number(process.env.APPROVAL_DB_CASES ?? 250);
const SEED = Number(process.env.MODEL_SEED ?? 20_261_121);

let cast: Cast;
beforeAll(async () => {
  cast = await aCast();
});

type Real = Setting & { readonly board: string };
const group = fc.tuple(anyRule, fc.constantFrom(...BOARDS)).map(([rule, { board, members }]): Real => {
  return { definition: voting(rule, board), members, board };
});
const alone = fc
  .constantFrom("Reject", "Approve", "Back")
  .map((word): Real => ({ definition: single(word), members: [], board: "none" }));
const tally = { cases: 0, commands: 0, legal: 0, inPlace: 0 };

async function play({ definition, members, board }: Real, acts: readonly Act[]): Promise<void> {
  tally.cases++;
  const world = worldOf(members, board);
  const model = startRun(definition, world, { by: ANN.id, start: START });
  const real = await beginReally(cast, definition);
  const said: string[] = [];
  for (const { name, does, minutes = 0 } of acts) {
    world.now = Math.max(world.now + 1_000, BEGAN + minutes * MINUTE_MS);
    const move = does(model);
    const placed = standIn(model, move);
    const expected = typeof placed === "string" ? placed : obey(model, placed.command, placed.by);
    const code = await tellReally(real, move, world.now);
    said.push(`${name}: ${code ?? "done"}`);
    if (code !== expected) throw new Error(`${said.join(", ")}; the model says ${expected ?? "done"}`);
    const [seen, wanted] = [await seenReally(real), withoutTimes(seenOfModel(model))];
    if (!isDeepStrictEqual(seen, wanted)) expect(seen, said.join(", ")).toEqual(wanted);
    tally.commands++;
    tally.legal += Number(code === null);
    tally.inPlace += Number(
      code === null && typeof placed !== "string" && placed.by.type === "user" && placed.by.onBehalfOf !== undefined,
    );
    if (model.status === "completed" || model.status === "canceled") return;
  }
}

test("the rows of approvals are what the model sees, delegates and all", { timeout: 600_000 }, async () => {
  const began = performance.now();
  const property = fc.asyncProperty(fc.oneof(group, group, alone), anyActs(9), play);
  await fc.assert(property, { numRuns: CASES, seed: SEED, interruptAfterTimeLimit: 500_000 });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  process.stdout.write(
    `${JSON.stringify({ approvals: "database", seed: SEED, ...tally, legalShare: tally.legal / tally.commands, seconds })}\n`,
  );
  expect(tally.legal / tally.commands).toBeGreaterThan(0.4);
  expect(tally.inPlace).toBeGreaterThan(CASES / 50);
});
