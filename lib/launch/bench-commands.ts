import type { Person } from "../people/current-person";
import { approvalActs, MANY } from "./bench-approval-acts";
import { gatherCast, type Prepare } from "./bench-cast";
import { type Cost, costOf } from "./bench-meter";
import { runActs } from "./bench-run-acts";
import { setTheStage } from "./bench-runs";
import { say } from "./progress.mjs";

/** The commands of people that run no flow. */
export type Measured = keyof ReturnType<typeof runActs> | keyof ReturnType<typeof approvalActs>;

/** Done before those that count, so that statements are prepared and definitions known. */
const WARM = 2;

async function costOfAct(prepare: Prepare, times: number): Promise<Cost> {
  const acts: (() => Promise<unknown>)[] = [];
  while (acts.length < times + WARM) acts.push(await prepare());
  for (const act of acts.splice(0, WARM)) await act();
  return costOf(times, (index) => Promise.resolve(acts[index]?.()));
}

/** Of one call that gives several items, what each of them costs. */
const ofEach = ({ round_trips, statements, wal_bytes }: Cost): Cost => ({
  round_trips: round_trips / MANY,
  statements: statements / MANY,
  wal_bytes: Math.round(wal_bytes / MANY),
});

/** What each of them costs, given `times` times one after another. `admin` may do all of it; the flow `Ask` is active. */
export async function costsOfCommands(admin: Person, times: number): Promise<Record<Measured, Cost>> {
  const cast = await gatherCast(admin);
  const costs: [string, Cost][] = [];
  for (const [name, prepare] of Object.entries<Prepare>({ ...runActs(cast), ...approvalActs(cast) })) {
    const cost = await costOfAct(prepare, times);
    costs.push([name, name.endsWith("-many") ? ofEach(cost) : cost]);
  }
  return Object.fromEntries(costs) as Record<Measured, Cost>;
}

/** Commands of each kind that are counted. */
const COUNTED = 20;
/** A command that runs no flow is at most so many round trips; what open pages are told after its commit counts among them. */
const WANTED = 5;
/** Around a decision by mail: counting the token's use, which stays whatever comes of it; then who answers, and what was asked. */
const AROUND_A_MAIL = 6;

export const wantedOf = (command: string): number => WANTED + (command === "decide-by-mail" ? AROUND_A_MAIL : 0);

/** `npm run bench`: what each of them costs the database, a JSON line a command. */
export async function benchCommands(): Promise<void> {
  const costs = await costsOfCommands(await setTheStage(), COUNTED);
  for (const [command, cost] of Object.entries(costs)) {
    const wanted = wantedOf(command);
    say(JSON.stringify({ system: "project", command, ...cost, wanted, reached: cost.round_trips <= wanted }));
  }
}
