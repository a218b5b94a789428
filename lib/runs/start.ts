import { AUTOMATED_USER_ID } from "../../db/schema";
import { databaseNow, type Tx } from "../../db/transaction";
import type { CommandHeader } from "../command";
import { orchestrationVersion, type Pinned, wasActivated } from "../definitions/queries";
import type { Actor, Command } from "../engine/command";
import type { Orchestration } from "../engine/definition";
import { isOneAtATime } from "../engine/find";
import type { Values } from "../engine/state";
import type { Flow } from "../flow/definition";
import { may } from "../gate";
import { newId } from "../ids";
import { ownProperty, ownText } from "../logic/value";
import type { Person } from "../people/current-person";
import { refreshPerson } from "../people/refresh-person";
import { type RecordRow, readShared, recordValues, type SharedRecord } from "../records/queries/read-record";
import { mayRead } from "../records/queries/where-visible";
import { ok, type Refusal, type Result, refuse } from "../result";
import { runTogether } from "../together";
import { carry } from "./dispatch";
import { type FactGroups, readToStart } from "./load-facts";
import { meetsStart } from "./meets-start";

export type Start = {
  readonly definitionId: string;
  /** A version that is or was active; the active one unless said. */
  readonly version?: number;
  readonly recordId: string | null;
  readonly inputs: Values;
  /** What the caller takes it for; anything else is not found. Either kind unless said. */
  readonly processType?: Orchestration["processType"];
  /** Runs that led to this one, of a start by a flow. */
  readonly depth?: number;
  /** The submitter's words, for approval processes. */
  readonly comments?: string;
};

/**
 * A person, or Baton itself, starts an autolaunched orchestration or approval process. Refusals: `not-found` (no such thing active, or a
 * record that they may not read), `not-startable` (only a record's change starts it), `wrong-object`, `record-needed`, `start-not-met`,
 * `already-running` (details runId), `unknown-input`, `wrong-input`, `invalid` (the first approver was to be chosen, or was not).
 */
export async function startRun(
  tx: Tx,
  caller: Person | "system",
  { seen, ...start }: Start & { readonly seen?: Seen },
): Promise<Result<{ runId: string }>> {
  const { asker, pinned, flows, row, open } = seen ?? (await lookAhead(tx, caller, start));
  if (!asker) return refuse("not-found");
  if (pinned?.body.kind !== "orchestration") return refuse("not-found");
  const { body } = pinned;
  if (start.processType !== undefined && start.processType !== body.processType) return refuse("not-found");
  if (!may(asker, body.processType === "approval" ? "approval.request" : "run.start")) return refuse("not-found");
  if (body.start.type !== "autolaunched") return refuse("not-startable");
  const misled = judgeFirstApprover(body, start);
  if (misled) return { ok: false, refusal: misled };
  const about = await recordsToStart(tx, asker, { body, ...start, row });
  if (!about.ok) return about;
  if (row && !(await isMet(tx, body, row))) return refuse("start-not-met", { details: { label: body.label } });
  const actor: Actor = asker === "system" ? { type: "system" } : { type: "user", id: asker.userId };
  const begun = await begin(tx, {
    pinned: { ...pinned, body },
    ...{ flows, open },
    actor,
    record: about.value,
    recordPrior: null,
    inputs: start.inputs,
    comments: start.comments ?? "",
    depth: start.depth ?? 0,
  });
  return begun;
}

/** Whether the first approver was chosen as the process wants it. What a flow's author wrote is not the submitter's choice. */
function judgeFirstApprover({ approval }: Orchestration, { inputs, depth = 0 }: Start): Refusal | null {
  const isChosen = ownText(inputs, "firstApprover") !== null;
  const told = (message: string) => refuse("invalid", { problems: [{ path: "firstApprover", message }] }).refusal;
  if (approval?.chooseApprover === "must" && !isChosen) return told("Choose who decides first");
  return approval?.chooseApprover === "no" && isChosen && depth === 0
    ? told("This process lets nobody choose who decides first")
    : null;
}

async function isMet(tx: Tx, body: Orchestration, row: RecordRow): Promise<boolean> {
  if (body.start.type !== "autolaunched" || !body.start.when) return true;
  return meetsStart(body, recordValues(row), (await databaseNow(tx)).toISOString());
}

type Seen = {
  readonly asker: Person | "system" | null;
  readonly pinned: Pinned<Orchestration | Flow> | null;
  readonly flows: FactGroups["flows"] | null;
  /** The record that it is to be about, whoever asks. */
  readonly row: SharedRecord | null;
  /** As `openRun`, asked already where it is likely to be wanted. */
  readonly open: string | null | undefined;
};

/** Who asks, what is to start, and about what, as they are now. */
async function lookAhead(tx: Tx, caller: Person | "system", start: Start): Promise<Seen> {
  const { definitionId, version, recordId, processType } = start;
  const isLocked = recordId !== null && processType === "approval";
  const [asker, open, found, row] = await Promise.all([
    caller === "system" ? caller : refreshPerson(tx, caller),
    isLocked ? openRun(tx, definitionId, recordId) : undefined,
    version === undefined ? readToStart(tx, definitionId) : orchestrationAt(tx, definitionId, version),
    recordId === null ? null : readShared(tx.db, recordId),
  ]);
  return { asker, open, ...found, row };
}

/** As `startRun`, as an act of that person which may travel with others. */
export const startTogether = (
  header: CommandHeader,
  person: Person,
  start: Start,
): Promise<Result<{ runId: string }>> =>
  runTogether(header, {
    holds: start.recordId,
    runs: start.definitionId,
    ahead: (tx) => lookAhead(tx, person, start),
    work: (tx, seen) => startRun(tx, person, { ...start, seen }),
  });

async function orchestrationAt(tx: Tx, name: string, version: number) {
  const pinned = (await wasActivated(tx.db, name, version)) ? await orchestrationVersion(tx.db, name, version) : null;
  return { pinned, flows: null };
}

/** Ids that the caller gives as records: theirs to read, or nothing starts, because background flows read them as the system. */
const recordsAmong = ({ variables }: Orchestration, inputs: Values): string[] =>
  variables.flatMap(({ name, type }) => {
    const value = type === "record" ? ownProperty(inputs, name) : null;
    return typeof value === "string" ? [value] : [];
  });

/** The record that a run is to be about, and those that its inputs name: theirs to read, or nothing starts. Refusals as of `startRun`. */
export async function recordsToStart(
  tx: Tx,
  asker: Person | "system",
  { body, recordId, inputs, row }: ToRead,
): Promise<Result<Record | null>> {
  const about = await readable(tx, asker, { recordId, wanted: body.start.object, row });
  if (!about.ok) return about;
  for (const id of recordsAmong(body, inputs)) {
    const named = await readable(tx, asker, { recordId: id, wanted: null });
    if (!named.ok) return named;
  }
  return about;
}

type ToRead = {
  readonly body: Orchestration;
  readonly recordId: string | null;
  readonly inputs: Values;
  /** That record, where it was read already. */
  readonly row?: SharedRecord | null;
};

type Record = { readonly object: string; readonly id: string };

async function readable(
  tx: Tx,
  asker: Person | "system",
  {
    recordId,
    wanted,
    row: known,
  }: { recordId: string | null; wanted: string | null; row?: SharedRecord | null | undefined },
): Promise<Result<Record | null>> {
  if (recordId === null) return wanted === null ? ok(null) : refuse("record-needed", { details: { object: wanted } });
  const row = known === undefined ? await readShared(tx.db, recordId) : known;
  if (!row) return refuse("not-found");
  if (asker !== "system" && !(await mayRead(tx.db, asker, row))) return refuse("not-found");
  if (wanted !== null && wanted !== row.objectName) return refuse("wrong-object", { details: { object: wanted } });
  return ok({ object: row.objectName, id: row.recordId });
}

export type Beginning = {
  readonly pinned: Pinned<Orchestration>;
  /** The active versions of its flows, where they are known already. */
  readonly flows?: FactGroups["flows"] | null;
  /** As `openRun`, where it is known already. */
  readonly open?: string | null | undefined;
  readonly actor: Actor;
  readonly record: Record | null;
  readonly recordPrior: Values | null;
  readonly inputs: Values;
  readonly comments: string;
  /** Record-triggered starts that led to this one. */
  readonly depth?: number;
  readonly debug?: Extract<Command, { type: "start" }>["debug"];
};

/**
 * Begins a run, whoever or whatever starts it. Where the definition allows one open run for a record (I43), the record's row is locked first:
 * so two starts at once come one after the other, and the second finds the first.
 */
export async function begin(
  tx: Tx,
  { pinned, flows = null, open: known, actor, record, recordPrior, inputs, comments, depth = 0, debug }: Beginning,
): Promise<Result<{ runId: string }>> {
  if (isOneAtATime(pinned.body) && record) {
    const open = known === undefined ? await openRun(tx, pinned.definitionId, record.id) : known;
    if (open !== null) return refuse("already-running", { details: { runId: open } });
  }
  // Whoever plays a debug run decides too, so they are not the one who asked. What a run's background flow asks for is asked for by whoever asked
  // for that run, be it in the transaction of somebody else's command.
  const asker = tx.beganBy === undefined ? (actor.type === "user" ? actor.id : null) : tx.beganBy;
  const submittedBy = debug ? AUTOMATED_USER_ID : (asker ?? AUTOMATED_USER_ID);
  const command = {
    type: "start",
    runId: newId("run"),
    kind: "main",
    record,
    recordPrior,
    inputs,
    askedBy: asker,
    submission: { submittedBy, comments },
    depth,
    ...(debug && { debug }),
  } as const;
  const started = await carry(tx, { pinned, before: null, actor, flows }, command);
  return started.ok ? ok({ runId: started.value.runId }) : started;
}

/** The open run of that definition about the record, with the record locked so that the answer holds until commit; or null. */
export async function openRun(tx: Tx, definitionId: string, recordId: string): Promise<string | null> {
  // Two statements in one flight: what is asked behind the lock sees what was committed before it was given.
  const [, [open]] = await Promise.all([
    tx.sql`select 1 from record where record_id = ${recordId} for update`,
    tx.sql<{ runId: string }[]>`
      select run_id as "runId" from run
      where record_id = ${recordId} and definition_id = ${definitionId} and status in ('in_progress', 'suspended') limit 1`,
  ]);
  return open?.runId ?? null;
}
