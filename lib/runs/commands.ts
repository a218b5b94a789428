import type { Tx } from "../../db/transaction";
import { recordSecurityEvent } from "../audit/commands";
import { orchestrationVersion } from "../definitions/queries";
import type { Command } from "../engine/command";
import { isOneAtATime } from "../engine/find";
import type { Values } from "../engine/state";
import { may } from "../gate";
import type { Person } from "../people/current-person";
import { ok, type Result, refuse } from "../result";
import { dispatch, lookAhead, type Seen } from "./dispatch";
import { holdRun } from "./hold-run";
import type { ControlSubject } from "./policy";
import { startRecallPath } from "./recall-path";
import { openRun } from "./start";

type Told = Result<{ runId: string }>;

/** What an admin asks of a run, beside `retry`: nothing of it starts the run anew in another's place. */
type Control = Extract<Command, { type: "cancel" | "suspend" | "resume" | "skip-step" | "fail-step" | "go-to-stage" }>;

/**
 * Hands an admin's word to the run (2.8, A6b, A20a). Refusals: `not-found`, `not-your-work` (only admins may), and the engine's: `run-closed`,
 * `run-suspended`, `not-suspended`, `step-not-open`, `no-such-stage`.
 */
export async function controlRun(
  tx: Tx,
  person: Person,
  { runId, command, seen }: { runId: string; command: Control; seen?: Seen },
): Promise<Told> {
  const done = await dispatch(tx, person, { runId, command, ...(seen && { seen }) });
  if (!done.ok) return done;
  await noteOverride(tx, person, { runId, act: command.type });
  return ok({ runId });
}

/** What an admin does to somebody's run is in its history, and among the security events too (S81). */
const noteOverride = (tx: Tx, person: Person, { runId, act }: { runId: string; act: string }): Promise<void> =>
  recordSecurityEvent(tx, { action: `run-${act}`, actorId: person.userId, objectId: runId, allowed: true });

/** Ends a run for ever (A6b); of an approval process the recall path is done too, unless told otherwise (A21). Refusals: as above. */
export async function cancelRun(
  tx: Tx,
  person: Person,
  { runId, reason, withRecallPath = true }: { runId: string; reason: string; withRecallPath?: boolean },
): Promise<Told> {
  const done = await controlRun(tx, person, { runId, command: { type: "cancel", reason } });
  if (done.ok && withRecallPath) await startRecallPath(tx, { type: "user", id: person.userId }, runId);
  return done;
}

/**
 * Leads the run to a stage. A run in Error goes on by it, so the refusals are those of `retryRun` too: `already-running` when another run for
 * the record has begun since.
 */
export async function goToStage(
  tx: Tx,
  person: Person,
  { runId, stage, reason }: { runId: string; stage: string; reason: string },
): Promise<Told> {
  const seen = await lookAhead(tx, person, { runId });
  const successor = await successorOf(tx, runId, (play) => mayBe(seen, "run.control", play));
  if (successor) return refuse("already-running", { details: { runId: successor } });
  return controlRun(tx, person, { runId, command: { type: "go-to-stage", stage, reason }, seen });
}

/** Whether whoever asks, as they are under the lock, may do that to the run. */
const mayBe = ({ now }: Seen, operation: "run.control" | "run.retry", play: ControlSubject): boolean =>
  now !== null && may(now, operation, play);

/** The run that has taken this one's place meanwhile, where its definition allows one open run a record (I43); or null. */
async function successorOf(tx: Tx, runId: string, mayAct: (play: ControlSubject) => boolean): Promise<string | null> {
  const row = (await holdRun(tx, { runId }))?.row;
  if (!row?.recordId || row.status !== "error" || !mayAct({ playedBy: row.debug?.playedBy ?? null })) return null;
  const pinned = await orchestrationVersion(tx.db, row.definitionId, row.definitionVersion);
  return pinned && isOneAtATime(pinned.body) ? openRun(tx, row.definitionId, row.recordId) : null;
}

/**
 * Resumes a run in Error with new attempts of what failed (A6), perhaps with edited inputs by step name, and lets a stalled one look again at
 * what it waits for. Refusals: as above, `nothing-to-retry`, `unknown-input`, and `already-running` (details runId) when another run for the
 * record has begun since.
 */
export async function retryRun(
  tx: Tx,
  person: Person,
  {
    runId,
    reason,
    inputs,
  }: { runId: string; reason: string; inputs?: { readonly [step: string]: Values } | undefined },
): Promise<Told> {
  const seen = await lookAhead(tx, person, { runId });
  const successor = await successorOf(tx, runId, (play) => mayBe(seen, "run.retry", play));
  if (successor) return refuse("already-running", { details: { runId: successor } });
  const command = { type: "retry", reason, ...(inputs && { inputs }) } as const;
  const done = await dispatch(tx, person, { runId, command, seen });
  if (!done.ok) return done;
  await noteOverride(tx, person, { runId, act: "retry" });
  return ok({ runId });
}
