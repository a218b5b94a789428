import { flushCompileCache } from "node:module";
import { closePool } from "../../../db/client";
import { migrate } from "../../../db/migrate";
import { closeTransactions } from "../../../db/transaction";
import { env } from "../../env";
import { complain } from "../progress.mjs";
import { wire } from "../wire";
import { SCENARIOS } from "./scenarios";
import type { Answer, Listed, Order } from "./victims";
import { castOf, makeWorld } from "./world";

/**
 * The process that the sweep kills, or cuts off from the database. Everything is loaded before it says that it is ready; then it gets an order over the
 * channel to its parent, carries it out on the database named there, answers, leaves the database, and is ready again. One that is told to act twice
 * stays connected for the next such order.
 */
async function carryOut(order: Order): Promise<unknown> {
  if (order.deed === "world") {
    const migrated = await migrate();
    if (!migrated.ok) throw new Error(migrated.refusal.code);
    await makeWorld();
    // Nobody who is killed leaves what it has compiled to those that are started later.
    flushCompileCache();
    return SCENARIOS.map(({ name, inPieces = false }) => ({ name, inPieces }) satisfies Listed);
  }
  const chosen = SCENARIOS.find(({ name }) => name === order.scenario);
  if (!chosen) throw new Error(`there is no scenario ${order.scenario}`);
  if (order.deed === "prepare") await leaveDatabase(); // whose settings may be others now
  if (order.deed === "prepare") return chosen.prepare(await castOf(), order.outside);
  const first = await chosen.act(order.subject, order.key);
  return order.deed === "act" ? first : [first, await chosen.act(order.subject, order.key)];
}

const GONE_WITHIN_S = 0.1;

const tell = (answer: Answer | "ready") =>
  new Promise<void>((resolve) => process.send?.(answer, undefined, {}, () => resolve()));

async function leaveDatabase(): Promise<void> {
  await closeTransactions();
  await closePool(GONE_WITHIN_S);
}

wire();
process.on("message", async (order: Order) => {
  process.env.DATABASE_URL = order.url;
  Object.assign(env(), { DATABASE_URL: order.url });
  const answer: Answer = await carryOut(order).then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  await tell(answer);
  if (order.deed !== "act twice") await leaveDatabase();
  await tell("ready");
});
// What nobody waits for and fails ends a server in earnest; which question it was is all that can be known of it.
process.on("unhandledRejection", (error: Error & { query?: string }) => {
  complain(`nobody waited for: ${error.query ?? error.stack ?? error.message}`);
  process.exit(1);
});
process.on("disconnect", () => process.exit(0));
await tell("ready");
