import { isDeepStrictEqual } from "node:util";
import type { Refusal, Result } from "../../result";
import { auditOf, type Client } from "./databases";
import { type Ground, urlOn } from "./ground";
import type { Cut, WireProxy } from "./proxy";
import { type Difference, differences, type Moment, type Snapshot, snapshotOf } from "./snapshot";
import type { Answer, Victim } from "./victims";

/** Where one crash after the other is tried: a proxy, and a database of its own. */
export type Lane = {
  readonly database: string;
  readonly proxy: WireProxy;
  readonly client: Client;
  /** A process that was cut off at the last point and is ready for the next one. */
  survivor: Victim | null;
  /** Another process, which is there all along, prepares, and is asked again; while it does neither nobody else has it. */
  next: Victim | null;
};

/** A scenario that is ready on a lane, and what the database holds before the command and after an undisturbed one. */
export type Prepared = {
  readonly scenario: string;
  /** Brings the lane's database back to before the command. */
  readonly putBack: string;
  readonly subject: unknown;
  readonly moment: Moment;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Messages of the undisturbed command, a letter each. */
  readonly letters: string;
  /** The message that asked for the last commit. */
  readonly lastCommit: number;
  /** It is one transaction: a crash leaves all of it or nothing. What a worker does may be several, one a job or element. */
  readonly isWhole: boolean;
};

export type Finding = { readonly kind: "lost" | "doubled" | "audit"; readonly what: string };

/**
 * How the process ends at the point. `killed`: by SIGKILL. `cut off`: it never reaches that database again, which is the same to the database, and lives
 * on: so it can also be asked what it makes of it, and serves the next point without another start of Node.
 */
export type End = "killed" | "cut off";
export type Point = { readonly prepared: Prepared; readonly cut: Cut; readonly end: End };

/** `end`: the command has fewer messages than that, so nothing was cut. */
export type Crash =
  | { readonly type: "end" }
  | {
      readonly type: "crash";
      /** Good answers that a client was given: by the process that was killed, and by the one that was asked again. */
      readonly acknowledged: number;
      readonly wasCommitted: boolean;
      readonly findings: readonly Finding[];
    };

const KEY = "the key of this act";

const isTaken = (answer: Answer | null): answer is { ok: true; value: Result<unknown> } =>
  answer?.ok === true && (answer.value as Result<unknown>).ok;

/** Runs the scenario undisturbed. @throws when it is refused or leaves something broken. */
export async function undisturbed(
  ground: Ground,
  lane: Lane,
  ready: Omit<Prepared, "after" | "letters" | "lastCommit">,
): Promise<Prepared> {
  const { scenario, subject, moment } = ready;
  const { database, proxy, client } = lane;
  await proxy.arm(null);
  const victim = await ground.victims.take();
  lane.survivor?.kill();
  lane.survivor = null;
  const url = urlOn(ground.serverUrl, database, proxy.port());
  const answer = await victim.obey({ url, deed: "act", scenario, subject, key: KEY });
  await keepOrEnd(lane, victim);
  if (!isTaken(answer)) throw new Error(`${scenario} undisturbed: ${JSON.stringify(answer)}`);
  const after = await snapshotOf(client, moment);
  const findings = await auditOf(client);
  if (findings.length > 0) throw new Error(`${scenario} undisturbed: ${findings.join("\n")}`);
  return { ...ready, after, letters: proxy.letters(), lastCommit: proxy.lastCommit() };
}

/** Ends the process at that message, asks another one for the same, twice, and looks at what is there. */
export async function crashAt(ground: Ground, lane: Lane, point: Point): Promise<Crash> {
  const { database, client, proxy } = lane;
  const { scenario, subject, putBack, moment, before, after, isWhole } = point.prepared;
  await client.unsafe(putBack);
  const ended = await endedAt(ground, lane, point);
  if (ended === "end") return { type: "end" };
  const { answer: first, outlived } = ended;
  await ground.databases.untilLeft(database, proxy.upstreamPorts());
  const left = await snapshotOf(client, moment);
  const wasCommitted = differences(after, left).length === 0;
  const findings: Finding[] = wasCommitted ? denialFindings(first) : [];
  if (!outlived) findings.push({ kind: "audit", what: "the process did not outlive its connection" });
  if (isTaken(first) && !wasCommitted) findings.push({ kind: "lost", what: "it was acknowledged and is not there" });
  if (isWhole && !wasCommitted) findings.push(...asFindings("half done", differences(before, left)));
  await client.unsafe(LATER);
  const url = urlOn(ground.serverUrl, database);
  const next = await nextOf(ground, lane);
  const again = await next.obey({ url, deed: "act twice", scenario, subject, key: KEY });
  findings.push(...answerFindings(first, again));
  findings.push(...asFindings("after the retry", differences(after, await snapshotOf(client, moment))));
  findings.push(...(await auditOf(client)).map((what) => ({ kind: "audit", what }) as const));
  const acknowledged = Number(isTaken(first)) + Number(again?.ok === true);
  return { type: "crash", acknowledged, wasCommitted, findings };
}

/** Who is asked again on that lane: another one when it died. */
export async function nextOf(ground: Ground, lane: Lane): Promise<Victim> {
  if (!lane.next?.isAlive()) lane.next = await ground.victims.take();
  return lane.next;
}

/** What it said, and whether a process that was only cut off lives on and can be told to do something else. */
type Ended = { readonly answer: Answer | null; readonly outlived: boolean };

async function endedAt(ground: Ground, lane: Lane, { prepared, cut, end }: Point): Promise<Ended | "end"> {
  const { scenario, subject } = prepared;
  const { database, proxy } = lane;
  const victim = (end === "cut off" && lane.survivor) || (await ground.victims.take());
  if (victim === lane.survivor) lane.survivor = null;
  let isCut = false;
  await proxy.arm(cut, () => {
    isCut = true;
    if (end === "killed") victim.kill();
  });
  const url = urlOn(ground.serverUrl, database, proxy.port());
  const answer = await victim.obey({ url, deed: "act", scenario, subject, key: KEY });
  const lives = await keepOrEnd(lane, victim);
  if (!isCut) return "end";
  return { answer, outlived: end === "killed" || lives };
}

/** One that hangs is of no further use. */
async function keepOrEnd(lane: Lane, victim: Victim): Promise<boolean> {
  const lives = await victim.isReady();
  if (lives && lane.survivor === null) lane.survivor = victim;
  else victim.kill();
  return lives;
}

/** As if the 15 s that a dead worker's lease lasts had passed, and every pause before another try. */
const LATER = `update job set lease_until = clock_timestamp() - interval '1 second' where status = 'running';
  update job set run_at = clock_timestamp() where status = 'queued' and attempts > 0;
  update outbox set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`;

/** "Busy: nothing was changed" is a promise: of what is there, whoever lost the connection must say that they do not know. */
function denialFindings(first: Answer | null): Finding[] {
  const denies = first?.ok
    ? !isTaken(first) && (first.value as { refusal: Refusal }).refusal.code === "busy"
    : first?.error.includes("DatabaseUnavailable");
  return denies ? [{ kind: "audit", what: `it is there, and was said not to be: ${JSON.stringify(first)}` }] : [];
}

/** Whoever asks with the same key is told the same. */
function answerFindings(first: Answer | null, again: Answer | null): Finding[] {
  const both = again?.ok ? (again.value as readonly Result<unknown>[]) : [];
  if (both.length < 2 || !both.every(({ ok }) => ok))
    return [{ kind: "lost", what: `the retry was answered ${JSON.stringify(again)}` }];
  const told = [...(isTaken(first) ? [first.value] : []), ...both];
  return told.every((answer) => isDeepStrictEqual(answer, told[0]))
    ? []
    : [{ kind: "doubled", what: `one key was answered differently: ${JSON.stringify(told)}` }];
}

const SHOWN = 3;

/** Rows that are missing are lost, rows too many are doubled; a row that is another than it should be is told to the audit. */
const asFindings = (when: string, found: readonly Difference[]): Finding[] =>
  found.map(({ table, missing, added }) => ({
    kind: missing.length > added.length ? "lost" : added.length > missing.length ? "doubled" : "audit",
    what: `${when}, ${table}: misses ${missing.slice(0, SHOWN).join(" ")}; has beyond it ${added.slice(0, SHOWN).join(" ")}`,
  }));
