import { eq } from "drizzle-orm";
import { run } from "../../db/schema";
import { databaseNow, type Tx } from "../../db/transaction";
import { orchestrationVersion, type Pinned } from "../definitions/queries";
import type { Actor, Command, Facts } from "../engine/command";
import { decide } from "../engine/decide";
import type { Orchestration } from "../engine/definition";
import type { DeferredEffect, InlineEffect } from "../engine/effect";
import type { RunState } from "../engine/state";
import { isInline, isWanted } from "../engine/wanted";
import { newId } from "../ids";
import type { Proof } from "../logic/schema";
import type { Person } from "../people/current-person";
import { refreshPerson } from "../people/refresh-person";
import { ok, type Result, refuse } from "../result";
import { answer } from "./answer";
import { deliver } from "./deliver";
import { holdWaits } from "./hold-waits";
import { loadFacts } from "./load-facts";
import { loadRows, type RunRow, stateOf } from "./load-state";
import { mayAsk } from "./may-ask";
import { named } from "./named";
import { record } from "./record";
import type { Happened } from "./record/history";

/** Synchronous flows that one command runs itself; further ones leave as jobs, so that a chain of them does not hold the run for long (I51). */
const MAX_FLOWS_AT_ONCE = 50;
/** Questions that one command answers; a run that has more is a fault. */
const MAX_ANSWERS = 5_000;

export type Dispatched = { readonly runId: string; readonly state: RunState };

/**
 * The one way in which anything happens to a run. Locks its row, asks the gate, asks the engine, answers its questions in this same
 * transaction until none is left, and writes what happened. A refusal must roll the transaction (or savepoint) back.
 *
 * Refusals: `not-found` (no such run or item, or not theirs to know of), and the engine's.
 */
export async function dispatch(
  tx: Tx,
  asker: Person | "system",
  { runId, command }: { runId: string; command: Command },
): Promise<Result<Dispatched>> {
  // Nothing may be read before the lock is held: queries sent with it would be run before it (drizzle's are lazy).
  const [row] = await tx.db.select().from(run).where(eq(run.runId, runId)).for("update");
  if (!row) return refuse("not-found");
  const state = stateOf(row, await loadRows(tx.db, runId));
  // What the run's flows save counts on from where the run stands in its chain (F55).
  tx.depth = Math.max(tx.depth, row.depth);
  const pinned = await orchestrationVersion(tx.db, row.definitionId, row.definitionVersion);
  if (!pinned) throw new Error(`the run ${runId} is pinned to a version that does not exist`);
  const subject: Subject = { pinned, before: { row, state }, actor: actorOf(asker) };
  // Asked anew under the lock: a right or a membership that was withdrawn meanwhile is withdrawn (P9).
  const now = asker === "system" ? asker : await refreshPerson(tx, asker);
  const leave = now === null ? "no" : await mayAsk(tx.db, now, { state, command });
  if (leave === "no") return refuse("not-found");
  const answered = leave === "yes" ? await carry(tx, subject, command) : await whyNot(tx, subject, command);
  return answered.ok ? answered : named(tx.db, answered.refusal);
}

const actorOf = (asker: Person | "system"): Actor =>
  asker === "system" ? { type: "system" } : { type: "user", id: asker.userId };

/** A run in the transaction that changes it; `before` is null for one that begins. */
export type Subject = {
  readonly pinned: Pinned<Orchestration>;
  readonly before: { readonly row: RunRow; readonly state: RunState } | null;
  readonly actor: Actor;
};

/** What a command has led to so far. */
type Progress = {
  state: RunState | null;
  facts: Facts;
  readonly happened: Happened[];
  readonly questions: InlineEffect[];
  readonly deferred: DeferredEffect[];
  readonly evaluations: Record<string, Proof>;
};

async function begin(tx: Tx, { pinned, before }: Subject, command: Command): Promise<Progress> {
  const about = command.type === "start" ? { record: command.record, id: command.runId } : before?.state.run;
  const facts = await loadFacts(tx.db, pinned.body, about ?? { record: null, id: null });
  return { state: before?.state ?? null, facts, happened: [], questions: [], deferred: [], evaluations: {} };
}

/** What keeps the engine from doing it, for somebody who may know of the run; if nothing does, it is simply not theirs. */
async function whyNot(tx: Tx, subject: Subject, command: Command): Promise<Result<never>> {
  const refused = await step(tx, subject, { progress: await begin(tx, subject, command), command });
  return refused.ok ? refuse("not-your-work") : refused;
}

/** Decides a command with all its answers, and writes what happened. Whoever calls it has asked the gate. */
export async function carry(tx: Tx, subject: Subject, command: Command): Promise<Result<Dispatched>> {
  const progress = await begin(tx, subject, command);
  const first = await step(tx, subject, { progress, command });
  if (!first.ok) return first;
  await answerAll(tx, subject, progress);
  await lookAgain(tx, subject, progress);
  const { state: after, happened, deferred: effects } = progress;
  if (!after) throw new Error("a command was decided and left no run");
  if (happened.length > 0) {
    const change = { pinned: subject.pinned, before: subject.before, after, happened };
    await record(tx, change);
    await deliver(tx, change, effects);
  }
  return ok({ runId: after.run.id, state: after });
}

const seqOf = ({ before }: Subject, { happened }: Progress): number => (before?.row.headSeq ?? 0) + happened.length;

/** The database's clock, but never before the run's last event, whatever the clock did (F44). */
async function nowOf(tx: Tx, { before }: Subject): Promise<string> {
  const now = await databaseNow(tx);
  const last = before?.row.lastEventAt;
  return (last && last > now ? last : now).toISOString();
}

/** One question to the engine, with the time and ids that make its answer repeatable. */
async function step(
  tx: Tx,
  subject: Subject,
  { progress, command }: { progress: Progress; command: Command },
): Promise<Result<null>> {
  const { pinned, actor } = subject;
  const now = await nowOf(tx, subject);
  const idSeed = newId("command").slice("cmd_".length, -2);
  const { facts, evaluations } = progress;
  const env = { now, actor, idSeed, facts, seq: seqOf(subject, progress), evaluations };
  const decided = decide(pinned.body, progress.state, { command, env });
  if (!decided.ok) return decided;
  const { events, effects, state } = decided.value;
  progress.state = state;
  for (const event of events) progress.happened.push({ ...event, at: now, actor });
  for (const effect of effects) {
    if (isInline(effect)) progress.questions.push(effect);
    else progress.deferred.push(effect);
  }
  return ok(null);
}

/** Answers the engine's questions in their order; each answer may lead to more. */
async function answerAll(tx: Tx, subject: Subject, progress: Progress): Promise<void> {
  let flows = 0;
  for (let answers = 0; answers < MAX_ANSWERS; answers++) {
    const question = nextWanted(subject, progress);
    if (!question || !progress.state) return;
    if (question.type === "run-flow" && ++flows > MAX_FLOWS_AT_ONCE) {
      const { stepRunId, flow, version, runAs } = question;
      progress.deferred.push({ type: "queue-flow", stepRunId, flow, version, runAs });
      continue;
    }
    const command = await answer(tx, question, { definition: subject.pinned.body, state: progress.state });
    if (command.type === "answer-evaluation") progress.evaluations[command.key] = command.proof;
    // A flow may have changed the record that conditions read (A7).
    if (question.type === "run-flow") progress.facts = await loadFacts(tx.db, subject.pinned.body, progress.state.run);
    const told = await step(tx, subject, { progress, command });
    if (!told.ok) throw new Error(`the engine refused its own answer ${command.type}: ${told.refusal.code}`);
  }
  throw new Error(`one command led to more than ${MAX_ANSWERS} questions`);
}

function nextWanted(subject: Subject, progress: Progress): InlineEffect | undefined {
  for (let next = progress.questions.shift(); next; next = progress.questions.shift()) {
    const isAnswered = next.type === "evaluate-flow" && Object.hasOwn(progress.evaluations, next.key);
    if (progress.state && !isAnswered && isWanted(progress.state, next, seqOf(subject, progress))) return next;
  }
  return undefined;
}

/**
 * A run that begins to wait: what was changed since it was read has not seen the wait, so nobody would wake the run. It is kept from being
 * changed until this commits, and if it is not what was read the run looks again.
 */
async function lookAgain(tx: Tx, subject: Subject, progress: Progress): Promise<void> {
  const { state, facts } = progress;
  if (!state || !(await holdWaits(tx, subject.before?.state.run.waits ?? null, state.run.waits))) return;
  const now = await loadFacts(tx.db, subject.pinned.body, state.run);
  if (JSON.stringify(now) === JSON.stringify(facts)) return;
  progress.facts = now;
  const cause = { type: state.run.waits.lock === null ? "record" : "lock" } as const;
  await step(tx, subject, { progress, command: { type: "wake", cause } });
  await answerAll(tx, subject, progress);
}
