import { crashAt, type Finding, type Lane, nextOf, type Prepared, undisturbed } from "./crash-point";
import { lookInto, remember } from "./databases";
import { type Ground, onGround, tell, worldOf } from "./ground";
import { type Cut, startProxy } from "./proxy";
import { randomFrom } from "./random";
import { momentOf, snapshotAt } from "./snapshot";
import type { Listed } from "./victims";

/**
 * Every crash point: for each canonical command and each message that it sends to PostgreSQL, a process is killed or cut off as it sends that message,
 * once before the server gets it and once after; another process is then asked for the same with the same key. Whatever was acknowledged must be there,
 * nothing may be there twice, and the database must hold what it holds after the same command undisturbed.
 */
export type SweepReport = {
  readonly commands: number;
  readonly points: number;
  /** Points at which the process was killed; at the others it was cut off for good, and lived. */
  readonly kills: number;
  readonly acknowledged: number;
  /** Points at which the command was committed when its process ended: the retry was answered by replay. */
  readonly replayed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly audit: number;
  readonly seconds: number;
  /** What was wrong and where, in words. */
  readonly findings: readonly string[];
};

export type SweepOptions = {
  readonly serverUrl: string;
  readonly lanes: number;
  /** Crash points of each command, chosen by the seed; or all. */
  readonly sample: { readonly perCommand: number; readonly seed: number } | "all";
  /** Only commands whose name has that in it. */
  readonly only?: string;
  /** Only the first command whose name has that in it and those behind it: to go on where a sweep was ended. */
  readonly from?: string;
  /** Every process is killed, none cut off. */
  readonly killsEach?: boolean;
  /** Is told each finding as it happens, and of each command when it is through. */
  readonly note: (text: string) => void;
  /** Is told what each command came to, when it is through. */
  readonly count?: (through: Count & { readonly commands: number }) => void;
};

type Count = Pick<SweepReport, "points" | "kills" | "acknowledged" | "replayed" | "lost" | "doubled" | "audit">;
type Counting = { -readonly [name in keyof Count]: number };
/** `began`: when by the process's stopwatch; `chosen`: how many commands there are to sweep. */
type Tally = Counting & { commands: number; chosen: number; readonly began: number; readonly findings: string[] };

const NOTHING = { points: 0, kills: 0, acknowledged: 0, replayed: 0, lost: 0, doubled: 0, audit: 0 };
const secondsSince = (began: number): number => Number(((performance.now() - began) / 1_000).toFixed(1));

export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const tally: Tally = { commands: 0, chosen: 0, began: performance.now(), ...NOTHING, findings: [] };
  await onGround({ serverUrl: options.serverUrl, ready: options.lanes + 1 }, async (ground, listed) => {
    const chosen = chosenOf(listed, options);
    tally.chosen = chosen.length;
    const scenarios = chosen.values();
    const lanes = Array.from({ length: options.lanes }, (_, index) =>
      onLane(ground, index + 1, { options, scenarios, tally }),
    );
    await Promise.all(lanes);
  });
  return { ...tally, seconds: secondsSince(tally.began) };
}

function chosenOf(listed: readonly Listed[], { only = "", from = "" }: SweepOptions): Listed[] {
  const first = listed.findIndex(({ name }) => name.includes(from));
  if (first < 0) throw new Error(`no command is called anything like ${from}`);
  return listed.slice(first).filter(({ name }) => name.includes(only));
}

type Round = { readonly options: SweepOptions; readonly scenarios: Iterator<Listed>; readonly tally: Tally };

/** Takes one scenario after the other, until there is none left. */
async function onLane(ground: Ground, number: number, { options, scenarios, tally }: Round): Promise<void> {
  const database = `${ground.prefix}_lane_${number}`;
  await ground.databases.make(database, worldOf(ground));
  const proxy = await startProxy(Number(new URL(ground.serverUrl).port));
  const client = lookInto(database);
  const lane: Lane = { database, proxy, client, survivor: null, next: null };
  try {
    const toWorld = await remember(client, "world");
    for (let next = scenarios.next(); !next.done; next = scenarios.next()) {
      await client.unsafe(toWorld);
      await sweepOne(ground, lane, { scenario: next.value, options, tally });
    }
  } finally {
    lane.survivor?.kill();
    lane.next?.kill();
    await client.end({ timeout: 1 });
    await proxy.close();
    await ground.databases.drop(database);
  }
}

type One = { readonly scenario: Listed; readonly options: SweepOptions; readonly tally: Tally };

/** A command that cannot be given at all is told, and ends no sweep. */
async function sweepOne(ground: Ground, lane: Lane, { scenario: listed, options, tally }: One): Promise<void> {
  const began = performance.now();
  const { name: scenario } = listed;
  const count = { ...NOTHING };
  const tell = (where: string, { kind, what }: Finding) => {
    count[kind]++;
    const words = `${scenario}${where}: ${kind}: ${what}`;
    tally.findings.push(words);
    options.note(words);
  };
  try {
    const prepared = await prepare(ground, lane, listed);
    await crashAll(ground, lane, { prepared, options, count, tell });
  } catch (error) {
    tell("", { kind: "audit", what: error instanceof Error ? error.message : String(error) });
  }
  tally.commands++;
  for (const name of Object.keys(NOTHING) as (keyof Count)[]) tally[name] += count[name];
  options.count?.({ ...count, commands: 1 });
  const { points, kills, lost, doubled, audit } = count;
  const violations = lost + doubled + audit;
  const figures = `${points} crash points (${kills} kills), ${violations} violations, ${secondsSince(began)} s`;
  options.note(`${scenario}: ${figures}; ${progressOf(tally)}`);
}

/** How far it is, and how fast. */
function progressOf({ commands, chosen, points, began }: Tally): string {
  const seconds = secondsSince(began);
  return `${commands} of ${chosen} commands, ${points} points in ${Math.round(seconds)} s, ${(points / seconds).toFixed(1)} a second`;
}

async function prepare(ground: Ground, lane: Lane, { name: scenario, inPieces }: Listed): Promise<Prepared> {
  await lane.client.unsafe(`alter database ${lane.database} reset all`);
  const subject = await tell(ground, await nextOf(ground, lane), { database: lane.database, scenario });
  const putBack = await remember(lane.client, "prepared");
  const moment = await momentOf(lane.client);
  const before = snapshotAt(moment);
  const isWhole = !inPieces;
  return undisturbed(ground, lane, { scenario, subject, putBack, moment, before, isWhole });
}

const MAX_MESSAGES = 5_000;
/** How far from the last commit a point counts as being round it. */
const ROUND = 3;
/** Of so many points one is a kill; behind the last message of a process that has done it before all are, because a new one may send more. */
const KILL_EVERY = 8;
/** In a sample: those round the commit. */
const SAMPLED_KILL_EVERY = 2;

/** Some points, every other one of them round the last commit. */
function* drawn({ letters, lastCommit }: Prepared, count: number, seed: number): Generator<Cut> {
  const random = randomFrom(seed + letters.length);
  for (let at = 0; at < count; at++) {
    const anywhere = 1 + random.below(letters.length);
    const round = Math.min(letters.length, Math.max(1, lastCommit - ROUND + random.below(2 * ROUND + 1)));
    yield { message: at % 2 === 0 ? anywhere : round, side: random.below(2) === 0 ? "before" : "after" };
  }
}

function* everywhere(): Generator<Cut> {
  for (let message = 1; message <= MAX_MESSAGES; message++) {
    yield { message, side: "before" };
    yield { message, side: "after" };
  }
}

/** A process that was only cut off outlives its connection: whatever failed was somebody's to hear. */
function endFindings(lane: Lane): Finding[] {
  if (lane.survivor === null || lane.survivor.isAlive()) return [];
  lane.survivor = null;
  return [{ kind: "audit", what: "the process did not outlive its connection" }];
}

type Crashes = {
  readonly prepared: Prepared;
  readonly options: SweepOptions;
  readonly count: Counting;
  readonly tell: (where: string, finding: Finding) => void;
};

async function crashAll(ground: Ground, lane: Lane, { prepared, options, count, tell }: Crashes): Promise<void> {
  const { sample, killsEach = false } = options;
  const isAll = sample === "all";
  const every = isAll ? KILL_EVERY : SAMPLED_KILL_EVERY;
  let mustKill = killsEach;
  for (const cut of isAll ? everywhere() : drawn(prepared, sample.perCommand, sample.seed)) {
    const isKill = mustKill || count.points % every === every - 1;
    let crash = await crashAt(ground, lane, { prepared, cut, end: isKill ? "killed" : "cut off" });
    if (crash.type === "end" && !isKill) {
      mustKill = true;
      crash = await crashAt(ground, lane, { prepared, cut, end: "killed" });
    }
    if (crash.type === "end") {
      if (isAll) break;
      continue;
    }
    count.points++;
    if (isKill || mustKill) count.kills++;
    count.acknowledged += crash.acknowledged;
    if (crash.wasCommitted) count.replayed++;
    const where = `, ${cut.side} message ${cut.message} of ${prepared.letters.length}`;
    for (const finding of [...crash.findings, ...endFindings(lane)]) tell(where, finding);
  }
}
