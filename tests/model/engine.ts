import type { Actor, Command, Env } from "../../lib/engine/command";
import { decide } from "../../lib/engine/decide";
import type { Orchestration } from "../../lib/engine/definition";
import type { DeferredEffect, InlineEffect } from "../../lib/engine/effect";
import type { Event } from "../../lib/engine/event";
import { MAX_EVENTS_AT_ONCE } from "../../lib/engine/settle";
import type { RunState, WorkItem } from "../../lib/engine/state";
import { isInline, isWanted } from "../../lib/engine/wanted";
import type { Proof } from "../../lib/logic/schema";
import { escalateTo, isThere, resolve, successorOf } from "./who";
import { BEHIND, givenBy, RECORD, type World } from "./world";

/** The engine in a world, as dispatch surrounds it: it answers what is to be answered in the same transaction. */
export type Engine = {
  readonly definition: Orchestration;
  readonly world: World;
  state: RunState | null;
  readonly history: { event: Event; at: string }[];
  readonly deferred: DeferredEffect[];
  /** Decisions so far, of which each gets ids of its own. */
  asked: number;
};

export const keyOf = (state: RunState, stepRunId: string): string => {
  const step = state.steps.find(({ id }) => id === stepRunId);
  const stage = state.stages.find(({ id }) => id === step?.stageRunId);
  return `${stage?.name}#${stage?.round}/${step?.name}#${step?.attempt}`;
};

/** The n-th item of a step is called `key of the step:n`. */
export function itemKey(state: RunState, { id, stepRunId }: Pick<WorkItem, "id" | "stepRunId">): string {
  const items = state.items.filter((item) => item.stepRunId === stepRunId);
  return `${keyOf(state, stepRunId)}:${items.findIndex((item) => item.id === id) + 1}`;
}

export const itemKeyById = (state: RunState, workItemId: string): string => {
  const item = state.items.find(({ id }) => id === workItemId);
  return item ? itemKey(state, item) : "none";
};

/** The command with the engine's own ids where it has the keys of steps, and of items or the steps whose latest they are. */
export function addressed(state: RunState | null, command: Command): Command {
  const stepOf = (key: string) => state?.steps.find(({ id }) => keyOf(state, id) === key)?.id ?? "stp_none";
  if ("stepRunId" in command) return { ...command, stepRunId: stepOf(command.stepRunId) };
  if (!("workItemId" in command)) return command;
  const [step = "", n] = command.workItemId.split(":");
  const items = state?.items.filter((item) => item.stepRunId === stepOf(step)) ?? [];
  return { ...command, workItemId: (n === undefined ? items.at(-1) : items[Number(n) - 1])?.id ?? "wi_none" };
}

/** One command with all the answers it leads to; gives the code of the refusal, or null. */
export function tell(engine: Engine, given: Command, actor: Actor): string | null {
  const command = addressed(engine.state, given);
  const questions: InlineEffect[] = [];
  const evaluations: { [key: string]: Proof } = {};
  const began = engine.history.length;
  for (let next: Command | null = command; next; next = nextAnswer(engine, questions, evaluations)) {
    const decided = decide(engine.definition, engine.state, {
      command: next,
      env: envOf(engine, { actor, evaluations, began }),
    });
    if (!decided.ok) {
      if (next !== command) throw new Error(`its own answer was refused: ${decided.refusal.code}`);
      return decided.refusal.code;
    }
    engine.state = decided.value.state;
    const at = new Date(engine.world.now).toISOString();
    for (const { event } of decided.value.events) engine.history.push({ event, at });
    for (const effect of decided.value.effects) {
      if (isInline(effect)) questions.push(effect);
      else engine.deferred.push(effect as DeferredEffect);
    }
  }
  return null;
}

type Telling = { readonly actor: Actor; readonly evaluations: { [key: string]: Proof }; readonly began: number };

function envOf(engine: Engine, { actor, evaluations, began }: Telling): Env {
  const { world, history } = engine;
  return {
    now: new Date(world.now).toISOString(),
    actor,
    idSeed: String(engine.asked++).padStart(24, "0"),
    facts: {
      record: world.record,
      flows: pinned(world),
      behind: BEHIND,
      lockedBy:
        world.lockedBy === null ? null : { runId: world.lockedBy, label: "Audit", since: "2026-01-01T00:00:00.000Z" },
    },
    seq: history.length,
    room: MAX_EVENTS_AT_ONCE - (history.length - began),
    evaluations,
  };
}

/** Of a flow a run knows no more than its version and whether it is asynchronous. */
const pinned = ({ flows }: World): Env["facts"]["flows"] =>
  Object.fromEntries(
    Object.entries(flows).flatMap(([name, flow]) =>
      flow ? [[name, { version: flow.version, isAsynchronous: flow.isAsynchronous }] as const] : [],
    ),
  );

function nextAnswer(engine: Engine, questions: InlineEffect[], evaluations: { [key: string]: Proof }): Command | null {
  for (let question = questions.shift(); question; question = questions.shift()) {
    const isAnswered = question.type === "evaluate-flow" && question.key in evaluations;
    if (engine.state && !isAnswered && isWanted(engine.state, question, engine.history.length))
      return answer({ ...engine, state: engine.state }, question, evaluations);
  }
  return null;
}

type Asking = { readonly world: World; readonly state: RunState };

function answer({ world, state }: Asking, question: InlineEffect, evaluations: { [key: string]: Proof }): Command {
  if (question.type === "resolve-assignee") {
    const { startedBy } = state.run;
    const found = resolve(world, question, { startedBy, submittedBy: state.submission?.submittedBy ?? null });
    const { stepRunId, notUsers } = question;
    if (!found) return { type: "answer-no-assignee", stepRunId, error: "nobody" };
    const added = question.playedBy === null ? question.again.filter((one) => isThere(world, one, notUsers)) : [];
    return { type: "answer-assignee", stepRunId, ...found, record: RECORD, added };
  }
  if (question.type === "run-flow") {
    const { stepRunId } = question;
    if (world.versions[`${question.flow} ${question.version}`]?.isHandedOn)
      return { type: "flow-handed-on", stepRunId };
    const given = givenBy(world, question);
    if (typeof given === "string") return { type: "flow-failed", stepRunId, error: given, element: "Somewhere" };
    return { type: "flow-finished", stepRunId, outputs: given };
  }
  if (question.type === "resolve-escalation") {
    const { workItemId, taken } = question;
    const assignee = escalateTo(world, { ...question, isTaken: ({ id }) => taken.includes(id) });
    return { type: "answer-escalation", workItemId, assignee };
  }
  if (question.type === "resolve-successor") {
    const { workItemId, taken } = question;
    const assignee = successorOf(world, { ...question, isTaken: ({ id }) => taken.includes(id) });
    return { type: "answer-successor", workItemId, assignee, members: assignee?.type === "user" ? [assignee.id] : [] };
  }
  const said = world.answers[question.flow] ?? null;
  if (said === null) return { type: "answer-evaluation-failed", key: question.key, error: "broken" };
  const row = { left: question.flow, leftValue: said, operator: "returns_true", rightValue: true, met: said } as const;
  const proof: Proof = { met: said, logic: "flow", requirements: [row] };
  evaluations[question.key] = proof;
  return { type: "answer-evaluation", key: question.key, proof };
}
