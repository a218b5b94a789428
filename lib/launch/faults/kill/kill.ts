import { join } from "node:path";
import { databaseOn } from "../../../../db/client";
import { sleep } from "../../../clock";
import { type Person, personById } from "../../../people/current-person";
import { findPerson } from "../../../people/queries";
import type { EmbeddedServer } from "../../embedded";
import { isAlive, readPostmaster } from "../../postmaster";
import { type Client, lookInto } from "../databases";
import { type Ground, onGround, urlOn, worldOf } from "../ground";
import { randomFrom } from "../random";
import { check } from "./check";
import { type Ask, hire } from "./crew";
import { makeDisk } from "./disk";
import { emptyLedger, finishAll, type Ledger, type Load, work } from "./load";
import { openMailTarget } from "./mail-target";
import type { Mode, Stage } from "./mode";
import { MODES } from "./modes";
import { askOverHttp, openPortal } from "./web-door";

/**
 * Faults of processes, database, disk, clock and mail server under load. For each kind: workers and processes that give commands are at work on a
 * database of their own, clients ask for the same with the same key until they are told, and afterwards what they were told is compared with what is
 * there. A kind that could inject too few faults has proven nothing, and fails.
 */
export type Figure = {
  readonly fault: string;
  readonly injected: number;
  readonly acknowledged: number;
  /** Tries after which nobody knew whether it was done; asked again with the same key. */
  readonly unknown: number;
  readonly lost: number;
  readonly doubled: number;
  readonly audit: number;
  /** From the last fault until every run had ended. */
  readonly recovery_s: number | null;
  readonly seconds: number;
};

export type KillOptions = {
  /** A server of its own, which is crashed. */
  readonly server: EmbeddedServer;
  readonly serverUrl: string;
  /** Where its data is. */
  readonly folder: string;
  readonly seconds: number;
  readonly seed: number;
  /** Only kinds whose name has that in it. */
  readonly only?: string;
  /** Is told each finding and figure as soon as it is there. */
  readonly note: (text: string) => void;
  /** Is told each figure as soon as it is there. */
  readonly count: (figure: Figure) => void;
};

/** What has begun must have ended this long after the last fault. */
const QUIET_WITHIN_S = 60;

/** Gives the kinds that nothing was injected of, with what they need. */
export async function kill(options: KillOptions): Promise<readonly string[]> {
  const impossible: string[] = [];
  await onGround({ serverUrl: options.serverUrl, ready: 1 }, async (ground) => {
    for (const mode of MODES.filter(({ name }) => name.includes(options.only ?? ""))) {
      const outcome = await run(ground, mode, options);
      if ("impossible" in outcome) {
        const words = `${mode.name}: not possible here: ${outcome.impossible}`;
        impossible.push(words);
        options.note(words);
        continue;
      }
      for (const finding of outcome.findings) options.note(`${mode.name}: ${finding}`);
      options.note(JSON.stringify(outcome.figure));
      options.count(outcome.figure);
    }
  });
  return impossible;
}

type Outcome = { readonly figure: Figure & Record<string, unknown>; readonly findings: string[] };
type Impossible = { readonly impossible: string };

async function run(ground: Ground, mode: Mode, options: KillOptions): Promise<Outcome | Impossible> {
  const database = `${ground.prefix}_kill`;
  const disk = mode.hasOwnDisk ? join(options.folder, "disk") : null;
  const mounted = disk === null ? null : makeDisk(disk);
  if (mounted && "problem" in mounted)
    return { impossible: `a small disk needs somebody who may mount one, as root may (${mounted.problem})` };
  if (disk !== null) await ground.databases.makeTablespace("small", `${disk}/tables`);
  await ground.databases.make(database, worldOf(ground), disk === null ? undefined : "small");
  const client = lookInto(database);
  const mail = await openMailTarget();
  const smtpUrl = mode.hasMail ? { smtpUrl: mail.url } : {};
  const web = mode.hasWeb ? await openPortal(database, options) : undefined;
  const crew = hire({
    databaseUrl: urlOn(options.serverUrl, database),
    ...mode.staff,
    ...smtpUrl,
    ...(web && { web }),
  });
  try {
    const [person, decider] = [await personOn(client, "ann"), await personOn(client, "bea")];
    const stage = {
      crew,
      client,
      database,
      mail,
      disk,
      ledger: emptyLedger(),
      random: randomFrom(options.seed),
      crashServer: () => crash(options),
      person,
    };
    const ask = web ? await askOverHttp({ clerks: crew.ask, port: web.port, person, decider }) : crew.ask;
    return await play(mode, stage, { ...options, ask });
  } finally {
    await crew.stop();
    await mail.close();
    await client.end({ timeout: 1 });
    await ground.databases.drop(database);
    if (disk !== null) await ground.databases.dropTablespace("small");
    mounted?.remove();
  }
}

async function personOn(client: Client, username: string): Promise<Person> {
  const database = databaseOn(client);
  const row = await findPerson(database, username);
  const person = row && (await personById(database, row.userId));
  if (!person) throw new Error(`there is no ${username}`);
  return person;
}

async function crash({ server, folder }: KillOptions): Promise<void> {
  const running = readPostmaster(join(server.connection.folder ?? folder, "postgres"));
  if (!running) return;
  process.kill(running.processId, "SIGQUIT");
  while (isAlive(running.processId)) await sleep(20);
  await server.revive();
}

async function play(mode: Mode, stage: Stage, options: KillOptions & { readonly ask: Ask }): Promise<Outcome> {
  const began = performance.now();
  const { crew, client, person, random, ledger } = stage;
  const load: Load = {
    ask: options.ask,
    client,
    person,
    random,
    name: `${mode.name} ${options.seed}`,
    ledger,
    mostRuns: mode.mostRuns ?? 10_000,
  };
  const ending = new AbortController();
  const working = work(load, ending.signal);
  await untilStarted(ledger);
  const seconds = Math.max(options.seconds, mode.leastSeconds ?? 0);
  const floor = Math.ceil(mode.leastASecond * seconds);
  const injected = await injectFor(mode, stage, { seconds, floor });
  const healedAt = performance.now();
  ending.abort();
  await working;
  const isQuiet = await finishAll(load, QUIET_WITHIN_S);
  const recovery = isQuiet ? (performance.now() - healedAt) / 1_000 : null;
  const { figures, wrong } = (await mode.after?.(stage)) ?? { figures: {}, wrong: [] };
  await crew.stop();
  const { lost, doubled, audit } = await check(client, ledger);
  audit.push(...wrong);
  if (!isQuiet)
    audit.push(`not every run had ended ${QUIET_WITHIN_S} s after the last fault: ${await openRuns(client)}`);
  if (injected < floor)
    audit.push(`only ${injected} faults were injected, which proves nothing; at least ${floor} should be`);
  return {
    figure: {
      fault: mode.name,
      injected,
      acknowledged: ledger.acknowledged,
      unknown: ledger.unknown,
      lost: lost.length,
      doubled: doubled.length,
      audit: audit.length,
      recovery_s: recovery === null ? null : Number(recovery.toFixed(1)),
      ...figures,
      seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
    },
    findings: [
      ...lost.map((what) => `lost: ${what}`),
      ...doubled.map((what) => `doubled: ${what}`),
      ...audit.map((what) => `audit: ${what}`),
    ],
  };
}

const STARTED_WITHIN_MS = 60_000;

async function untilStarted(ledger: Ledger): Promise<void> {
  for (let waited = 0; waited < STARTED_WITHIN_MS; waited += 50) {
    if (ledger.finished.length > 0) return;
    await sleep(50);
  }
  throw new Error(
    `nothing was done within ${STARTED_WITHIN_MS / 1_000} s: ${JSON.stringify([...ledger.errors])} ${ledger.wrong.join(" ")}`,
  );
}

/** A machine that is busy with other things is given so many times as long for the least number of faults. */
const PATIENCE = 3;

/** Answers with how many faults that were. What cannot be injected while the server is away is tried again. */
async function injectFor(
  mode: Mode,
  stage: Stage,
  { seconds, floor }: { readonly seconds: number; readonly floor: number },
): Promise<number> {
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1_000;
  let injected = 0;
  while (passed() < seconds || (injected < floor && passed() < PATIENCE * seconds)) {
    injected += await mode.inject(stage).catch(() => 0);
    await sleep(mode.pauseMs);
  }
  await mode.heal?.(stage);
  return injected;
}

async function openRuns(client: Client): Promise<string> {
  const open = await client`
    select r.run_id, r.status, r.error, r.stalled_reason, (select json_agg(j) from job j where j.run_id = r.run_id and j.status <> 'done') as jobs
    from run r where r.status <> 'completed' limit 3`;
  return JSON.stringify(open);
}
