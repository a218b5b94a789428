import { forgetAnswers } from "../../db/ask-once";
import { databaseNow, type Tx } from "../../db/transaction";
import type { Pinned } from "../definitions/queries";
import type { Actor, Command, Env } from "../engine/command";
import { type Decision, decide } from "../engine/decide";
import type { Orchestration } from "../engine/definition";
import type { DeferredEffect, InlineEffect } from "../engine/effect";
import type { RunState } from "../engine/state";
import { isInline, isWanted } from "../engine/wanted";
import { newId } from "../ids";
import type { Proof } from "../logic/schema";
import type { Person } from "../people/current-person";
import type { InPlace } from "../people/delegation/in-place";
import { refreshPerson } from "../people/refresh-person";
import { ok, type Result, refuse } from "../result";
import { answer } from "./answer";
import { deliver } from "./deliver";
import { isHandedOn, roomOf } from "./hand-on";
import { type HeldRun, holdRun, type RunTarget } from "./hold-run";
import { heldBefore, holdWaits } from "./hold-waits";
import { type FactGroups, factsOf, type Known, NOTHING_KNOWN, readFacts, subjectOf } from "./load-facts";
import { mayAsk } from "./may-ask";
import { named } from "./named";
import { pinnedOf } from "./pinned-of";
import { placeIn } from "./place-in";
import { record } from "./record";
import type { Happened } from "./record/history";
import { withRunners } from "./record/runners";
import { type Seal, seeSubmission, seeTimedOut } from "./submission-port";

/** Questions that one command answers; a run that has more is a fault. */
const MAX_ANSWERS = 5_000;
/** Looks at what one command begins to wait for; each but the first needs a change that was committed since the one before. */
const MAX_LOOKS = 20;

export type Dispatched = { readonly runId: string; readonly state: RunState };

/**
 * The one way in which anything happens to a run. Locks its row, asks the gate, asks the engine, answers its questions in this same
 * transaction until none is left, and writes what happened. A refusal has written nothing.
 *
 * Refusals: `not-found` (no such run or item, or not theirs to know of), and the engine's.
 */
export async function dispatch(
  tx: Tx,
  asker: Person | "system",
  { command, seen, ...target }: RunTarget & { command: Command; seen?: Seen },
): Promise<Result<Dispatched>> {
  const { now } = seen ?? (await lookAhead(tx, asker, target));
  const before = await holdRun(tx, target);
  if (!before) return refuse("not-found");
  const { row, state } = before;
  const pinned = await pinnedOf(tx, row);
  const { approval, place } = await placeIn(tx.db, now, { definitionId: row.definitionId, state, command });
  const subject: Subject = { pinned, before, actor: actorOf(asker, place) };
  const leave = now === null ? "no" : await mayAsk(tx.db, now, { definition: pinned.body, state, command, approval });
  if (leave === "no") return refuse("not-found");
  if (leave === "tell" && place?.ok === false)
    return named(tx.db, refuse(place.why, { details: { to: place.delegatorId, toType: "user" } }).refusal);
  const answered = leave === "yes" ? await carry(tx, subject, command) : await whyNot(tx, subject, command);
  return answered.ok ? answered : named(tx.db, answered.refusal);
}

/** What the gate is to know of whoever asks. */
export type Seen = { readonly now: Person | "system" | null };

/**
 * Locks the run, and asks anew under the lock who asks: a right or a membership that was withdrawn meanwhile is withdrawn (P9). For what goes
 * ahead of a command that travels with others; `dispatch` does it itself where nobody has.
 */
export async function lookAhead(tx: Tx, asker: Person | "system", target: RunTarget): Promise<Seen> {
  const [, now] = await Promise.all([holdRun(tx, target), asker === "system" ? asker : refreshPerson(tx, asker)]);
  return { now };
}

const actorOf = (asker: Person | "system", place: InPlace | null): Actor =>
  asker === "system"
    ? { type: "system" }
    : { type: "user", id: asker.userId, ...(place?.ok && { onBehalfOf: place.delegatorId }) };

/** A run in the transaction that changes it; `before` is null for one that begins. */
export type Subject = {
  readonly pinned: Pinned<Orchestration>;
  readonly before: HeldRun | null;
  readonly actor: Actor;
  /** The active versions of its flows, where they are known already. */
  readonly flows?: FactGroups["flows"] | null;
};

/** What a command has led to so far. */
type Progress = {
  state: RunState | null;
  known: Known;
  readonly happened: Happened[];
  readonly questions: InlineEffect[];
  readonly deferred: DeferredEffect[];
  readonly evaluations: Record<string, Proof>;
  readonly seals: Seal[];
  /** Synchronous flows that it ran itself. */
  flows: number;
  /** Questions that it answered. */
  answers: number;
};

function begin({ before, flows = null }: Subject): Progress {
  const known = { ...NOTHING_KNOWN, flows };
  return {
    state: before?.state ?? null,
    known,
    happened: [],
    questions: [],
    deferred: [],
    evaluations: {},
    seals: [],
    flows: 0,
    answers: 0,
  };
}

/** What keeps the engine from doing it, for somebody who may know of the run; if nothing does, it is simply not theirs. */
async function whyNot(tx: Tx, subject: Subject, command: Command): Promise<Result<never>> {
  const refused = await step(tx, subject, { progress: begin(subject), command });
  return refused.ok ? refuse("not-your-work") : refused;
}

/** Decides a command with all its answers, and writes what happened. Whoever calls it has asked the gate. */
export async function carry(tx: Tx, subject: Subject, command: Command): Promise<Result<Dispatched>> {
  const progress = begin(subject);
  const first = await step(tx, subject, { progress, command });
  if (!first.ok) return first;
  await answerAll(tx, subject, progress);
  await lookAgain(tx, subject, progress);
  const { state: after, happened, deferred: effects } = progress;
  if (!after) throw new Error("a command was decided and left no run");
  if (happened.length > 0) {
    const change = { pinned: subject.pinned, before: subject.before, after, happened: await withRunners(tx, happened) };
    record(tx, change);
    const [submitted] = await Promise.all([seeSubmission(tx, change), deliver(tx, change, effects)]);
    const seals = submitted ? [...progress.seals, submitted] : progress.seals;
    await sealed(tx, subject, { runId: after.run.id, seals });
  }
  forgetAnswers(tx);
  return ok({ runId: after.run.id, state: after });
}

/** What was submitted, and what nobody decided in time, goes into the history behind what it led to at once; the latter is nobody's act. */
async function sealed(tx: Tx, subject: Subject, { runId, seals }: { runId: string; seals: readonly Seal[] }) {
  for (const seal of seals) {
    const before = await holdRun(tx, { runId });
    const actor = seal.type === "seal-time-out" ? ({ type: "system" } as const) : subject.actor;
    const done = await carry(tx, { ...subject, before, actor }, seal);
    if (!done.ok) throw new Error(`the engine refused its own seal ${seal.type}: ${done.refusal.code}`);
  }
}

const seqOf = ({ before }: Subject, { happened }: Progress): number => (before?.row.headSeq ?? 0) + happened.length;

/** The database's clock, but always after the run's last event, whatever the clock did (F44): what came later has the later instant. */
async function nowOf(tx: Tx, { before }: Subject): Promise<string> {
  const now = await databaseNow(tx);
  const last = before?.row.lastEventAt;
  return (last && last >= now ? new Date(last.getTime() + 1) : now).toISOString();
}

/** One question to the engine, with the time and ids that make its answer repeatable. */
async function step(
  tx: Tx,
  subject: Subject,
  { progress, command }: { progress: Progress; command: Command },
): Promise<Result<null>> {
  const { actor } = subject;
  const now = await nowOf(tx, subject);
  const idSeed = newId("command").slice("cmd_".length, -2);
  const { evaluations, answers, happened } = progress;
  const room = roomOf(tx, { events: happened.length, answers });
  const env = { now, actor, idSeed, seq: seqOf(subject, progress), room, evaluations };
  const decided = await decideKnowing(tx, subject, { progress, command, env });
  if (!decided.ok) return decided;
  const { events, effects, state } = decided.value;
  progress.state = state;
  for (const event of events) progress.happened.push({ ...event, at: now, actor });
  progress.seals.push(...(await seeTimedOut(tx, { pinned: subject.pinned, state, events })));
  for (const effect of effects) {
    if (isInline(effect)) progress.questions.push(effect);
    else progress.deferred.push(effect);
  }
  return ok(null);
}

type Deciding = { readonly progress: Progress; readonly command: Command; readonly env: Omit<Env, "facts"> };

/** Asks the engine; what it turns out to want to know of the world is read then, and it is asked once more. Most commands want nothing. */
async function decideKnowing(
  tx: Tx,
  { pinned: { body } }: Subject,
  { progress, command, env }: Deciding,
): Promise<Result<Decision>> {
  for (;;) {
    const wanted = new Set<keyof FactGroups>();
    const facts = factsOf(progress.known, wanted);
    const decided = decide(body, progress.state, { command, env: { ...env, facts } });
    if (wanted.size === 0) return decided;
    const subject = progress.state ? subjectOf(progress.state) : aboutToBegin(command);
    progress.known = await readFacts(tx.db, { definition: body, subject }, { known: progress.known, wanted });
  }
}

const aboutToBegin = (command: Command) =>
  command.type === "start"
    ? {
        record: command.record,
        id: command.runId,
        submitters: command.submission ? [command.submission.submittedBy] : [],
      }
    : { record: null, id: null, submitters: [] };

const MAY_UNDO: ReadonlySet<InlineEffect["type"]> = new Set(["run-flow", "evaluate-flow"]);

/** Answers the engine's questions in their order; each answer may lead to more. */
async function answerAll(tx: Tx, subject: Subject, progress: Progress): Promise<void> {
  const begun = new Map<InlineEffect, Promise<Command>>();
  for (; progress.answers < MAX_ANSWERS; progress.answers++) {
    const question = nextWanted(subject, progress);
    if (!question || !progress.state) return;
    if (question.type === "run-flow" && isHandedOn(tx, progress.flows++)) {
      await take(tx, subject, { progress, command: { type: "flow-handed-on", stepRunId: question.stepRunId } });
      continue;
    }
    if (question.type === "run-flow") tx.hasRunFlow = true;
    const world = { definition: subject.pinned.body, state: progress.state };
    // Who gets what is looked up for all at once; nothing that happens meanwhile makes a difference to it.
    for (const other of [question, ...progress.questions]) {
      if (other.type === "resolve-assignee" && !begun.has(other)) begun.set(other, ahead(answer(tx, other, world)));
    }
    // What a flow has undone takes with it whatever was locked behind its savepoint: so who was found is held before it begins.
    if (MAY_UNDO.has(question.type)) await Promise.allSettled(begun.values());
    const command = await (begun.get(question) ?? answer(tx, question, world));
    if (command.type === "answer-evaluation") progress.evaluations[command.key] = command.proof;
    // A flow may have changed the record that conditions read (A7).
    if (question.type === "run-flow") {
      progress.known = NOTHING_KNOWN;
      forgetAnswers(tx);
    }
    await take(tx, subject, { progress, command });
  }
  throw new Error(`one command led to more than ${MAX_ANSWERS} questions`);
}

/** Gives the engine the answer to a question of its own. */
async function take(tx: Tx, subject: Subject, answered: { progress: Progress; command: Command }): Promise<void> {
  const taken = await step(tx, subject, answered);
  if (taken.ok) return;
  throw new Error(`the engine refused its own answer ${answered.command.type}: ${taken.refusal.code}`);
}

/** May go wrong before anybody waits for it, with another that is waited for: then nobody ever does, which would end the process. */
function ahead<T>(early: Promise<T>): Promise<T> {
  early.catch(() => undefined);
  return early;
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
 * changed until this commits, and if it is not what was read the run looks again; what it waits for then is held and read likewise, until there
 * is nothing new.
 */
async function lookAgain(tx: Tx, subject: Subject, progress: Progress): Promise<void> {
  const held = heldBefore(subject.before?.state.run.waits ?? null);
  for (let look = 0; look < MAX_LOOKS; look++) {
    const { state, known } = progress;
    if (!state || !(await holdWaits(tx, held, state.run.waits))) return;
    const wanted = new Set(GROUPS.filter((group) => known[group] !== null));
    const now = await readFacts(
      tx.db,
      { definition: subject.pinned.body, subject: subjectOf(state) },
      { known, wanted },
    );
    if (wanted.size > 0 && JSON.stringify(now) === JSON.stringify(known)) return;
    progress.known = now;
    const cause = { type: state.run.waits.lock === null ? "record" : "lock" } as const;
    await step(tx, subject, { progress, command: { type: "wake", cause } });
    await answerAll(tx, subject, progress);
  }
  throw new Error(`what the run waits for was changed ${MAX_LOOKS} times while it was looked at`);
}

const GROUPS = ["record", "flows", "lock", "past"] as const;
