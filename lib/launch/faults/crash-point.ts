import { isDeepStrictEqual } from "node:util";
import type { Result } from "../../result";
import { auditOf, type Client } from "./databases";
import { type Ground, urlOn } from "./ground";
import type { Cut, WireProxy } from "./proxy";
import { type Difference, differences, type Snapshot, snapshotOf } from "./snapshot";
import type { Answer, Victim } from "./victims";

/** Where one crash after the other is tried: a proxy, and a database of its own. */
export type Lane = { readonly database: string; readonly proxy: WireProxy; readonly client: Client };

/** A scenario that is ready on a lane, and what the database holds before the command and after an undisturbed one. */
export type Prepared = {
  readonly scenario: string;
  /** Brings the lane's database back to before the command. */
  readonly putBack: string;
  readonly subject: unknown;
  /** Another process, which is there all along and has never seen the command that it is asked for again. */
  readonly next: Victim;
  readonly known: ReadonlySet<string>;
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
  { victims, serverUrl }: Ground,
  { database, proxy, client }: Lane,
  ready: Omit<Prepared, "after" | "letters" | "lastCommit">,
): Promise<Prepared> {
  const { scenario, subject, known } = ready;
  proxy.arm(null);
  const victim = await victims.take();
  const url = urlOn(serverUrl, database, proxy.port);
  const answer = await victim.obey({ url, deed: "act", scenario, subject, key: KEY });
  if (!isTaken(answer)) throw new Error(`${scenario} undisturbed: ${JSON.stringify(answer)}`);
  const after = await snapshotOf(client, known);
  const findings = await auditOf(client);
  if (findings.length > 0) throw new Error(`${scenario} undisturbed: ${findings.join("\n")}`);
  return { ...ready, after, letters: proxy.letters(), lastCommit: proxy.lastCommit() };
}

/** Kills the process at that message, asks another one for the same, twice, and looks at what is there. */
export async function crashAt(
  ground: Ground,
  lane: Lane,
  { prepared, cut }: { prepared: Prepared; cut: Cut },
): Promise<Crash> {
  const { database, client } = lane;
  const { scenario, subject, next, putBack, known, before, after, isWhole } = prepared;
  await client.unsafe(putBack);
  const first = await killedAt(ground, lane, { prepared, cut });
  if (first === "end") return { type: "end" };
  await ground.databases.untilLeft(database);
  const left = await snapshotOf(client, known);
  const wasCommitted = differences(after, left).length === 0;
  const findings: Finding[] = [];
  if (isTaken(first) && !wasCommitted) findings.push({ kind: "lost", what: "it was acknowledged and is not there" });
  if (isWhole && !wasCommitted) findings.push(...asFindings("half done", differences(before, left)));
  await client.unsafe(LATER);
  const url = urlOn(ground.serverUrl, database);
  const again = await next.obey({ url, deed: "act twice", scenario, subject, key: KEY });
  findings.push(...answerFindings(first, again));
  findings.push(...asFindings("after the retry", differences(after, await snapshotOf(client, known))));
  findings.push(...(await auditOf(client)).map((what) => ({ kind: "audit", what }) as const));
  const acknowledged = Number(isTaken(first)) + Number(again?.ok === true);
  return { type: "crash", acknowledged, wasCommitted, findings };
}

async function killedAt(
  { victims, serverUrl }: Ground,
  { database, proxy }: Lane,
  { prepared: { scenario, subject }, cut }: { prepared: Prepared; cut: Cut },
): Promise<Answer | null | "end"> {
  const victim = await victims.take();
  let isCut = false;
  proxy.arm(cut, () => {
    isCut = true;
    victim.kill();
  });
  const url = urlOn(serverUrl, database, proxy.port);
  const answer = await victim.obey({ url, deed: "act", scenario, subject, key: KEY });
  return isCut ? answer : "end";
}

/** As if the 15 s that a dead worker's lease lasts had passed, and every pause before another try. */
const LATER = `update job set lease_until = clock_timestamp() - interval '1 second' where status = 'running';
  update job set run_at = clock_timestamp() where status = 'queued' and attempts > 0`;

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
