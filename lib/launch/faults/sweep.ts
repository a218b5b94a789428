import { crashAt, type Finding, type Lane, type Prepared, undisturbed } from "./crash-point";
import { lookInto, remember } from "./databases";
import { type Ground, onGround, told, worldOf } from "./ground";
import { type Cut, startProxy } from "./proxy";
import { randomFrom } from "./random";
import { idsIn, snapshotOf } from "./snapshot";

/**
 * Every crash point: for each canonical command and each message that it sends to PostgreSQL, a process is killed as it sends that message, once before
 * the server gets it and once after; another process is then asked for the same with the same key. Whatever was acknowledged must be there, nothing may
 * be there twice, and the database must hold what it holds after the same command undisturbed.
 */
export type SweepReport = {
  readonly commands: number;
  readonly points: number;
  readonly kills: number;
  readonly acknowledged: number;
  /** Points at which the command was committed when its process died: the retry was answered by replay. */
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
  readonly note: (text: string) => void;
};

type Tally = {
  commands: number;
  points: number;
  acknowledged: number;
  replayed: number;
  findings: (Finding & { where: string })[];
};

/** What a worker does: several transactions, so a crash may leave the first of them. */
const IN_PIECES = new Set([
  "a flow that waited goes on",
  "a background flow finishes",
  "steps of asynchronous flows",
  "wake by a job",
]);

export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const began = performance.now();
  const tally: Tally = { commands: 0, points: 0, acknowledged: 0, replayed: 0, findings: [] };
  await onGround({ serverUrl: options.serverUrl, ready: options.lanes + 1 }, async (ground, names) => {
    const scenarios = names.filter((name) => name.includes(options.only ?? "")).values();
    const lanes = Array.from({ length: options.lanes }, (_, index) =>
      onLane(ground, index + 1, { options, scenarios, tally }),
    );
    await Promise.all(lanes);
  });
  return reportOf(tally, (performance.now() - began) / 1000);
}

type Round = { readonly options: SweepOptions; readonly scenarios: Iterator<string>; readonly tally: Tally };

/** Takes one scenario after the other, until there is none left. */
async function onLane(ground: Ground, number: number, { options, scenarios, tally }: Round): Promise<void> {
  const database = `${ground.prefix}_lane_${number}`;
  await ground.databases.make(database, worldOf(ground));
  const proxy = await startProxy(Number(new URL(ground.serverUrl).port));
  const client = lookInto(database);
  const lane: Lane = { database, proxy, client };
  try {
    const toWorld = await remember(client, "world");
    for (let next = scenarios.next(); !next.done; next = scenarios.next()) {
      await client.unsafe(toWorld);
      const prepared = await prepare(ground, lane, next.value);
      const points = await crashAll(ground, lane, { prepared, options, tally });
      prepared.next.kill();
      tally.commands++;
      options.note(`${prepared.scenario}: ${prepared.letters.length} messages, ${points} crash points`);
    }
  } finally {
    await client.end({ timeout: 1 });
    await proxy.close();
    await ground.databases.drop(database);
  }
}

async function prepare(ground: Ground, lane: Lane, scenario: string): Promise<Prepared> {
  const subject = await told(ground, { database: lane.database, scenario });
  const putBack = await remember(lane.client, "prepared");
  const known = await idsIn(lane.client);
  const before = await snapshotOf(lane.client, known);
  const isWhole = !IN_PIECES.has(scenario);
  const next = await ground.victims.take();
  return undisturbed(ground, lane, { scenario, subject, next, putBack, known, before, isWhole });
}

const MAX_MESSAGES = 5_000;
/** How far from the last commit a point counts as being round it. */
const ROUND = 3;

/** All, in their order, until one finds that the command has no such message; or some, and of those every other one round the last commit. */
function* cutsOf({ letters, lastCommit }: Prepared, sample: SweepOptions["sample"]): Generator<Cut> {
  if (sample === "all") {
    for (let message = 1; message <= MAX_MESSAGES; message++) {
      yield { message, side: "before" };
      yield { message, side: "after" };
    }
    return;
  }
  const random = randomFrom(sample.seed + letters.length);
  for (let drawn = 0; drawn < sample.perCommand; drawn++) {
    const anywhere = 1 + random.below(letters.length);
    const round = Math.min(letters.length, Math.max(1, lastCommit - ROUND + random.below(2 * ROUND + 1)));
    yield { message: drawn % 2 === 0 ? anywhere : round, side: random.below(2) === 0 ? "before" : "after" };
  }
}

type Crashes = { readonly prepared: Prepared; readonly options: SweepOptions; readonly tally: Tally };

/** Points after which a long sweep shows that it goes on. */
const SIGN_OF_LIFE = 100;

async function crashAll(ground: Ground, lane: Lane, { prepared, options, tally }: Crashes): Promise<number> {
  let points = 0;
  for (const cut of cutsOf(prepared, options.sample)) {
    const crash = await crashAt(ground, lane, { prepared, cut });
    if (crash.type === "end") break;
    points++;
    if (points % SIGN_OF_LIFE === 0) options.note(`  ${prepared.scenario}: ${points} so far`);
    tally.points++;
    tally.acknowledged += crash.acknowledged;
    if (crash.wasCommitted) tally.replayed++;
    const where = `${prepared.scenario}, ${cut.side} message ${cut.message} of ${prepared.letters.length}`;
    tally.findings.push(...crash.findings.map((finding) => ({ ...finding, where })));
  }
  return points;
}

function reportOf({ commands, points, acknowledged, replayed, findings }: Tally, seconds: number): SweepReport {
  const count = (kind: Finding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  return {
    commands,
    points,
    kills: points,
    acknowledged,
    replayed,
    lost: count("lost"),
    doubled: count("doubled"),
    audit: count("audit"),
    seconds: Number(seconds.toFixed(1)),
    findings: findings.map(({ where, kind, what }) => `${where}: ${kind}: ${what}`),
  };
}
