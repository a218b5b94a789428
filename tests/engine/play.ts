import type { Actor, Command } from "../../lib/engine/command";
import { decide } from "../../lib/engine/decide";
import { type Orchestration, orchestrationSchema } from "../../lib/engine/definition";
import type { DeferredEffect, InlineEffect } from "../../lib/engine/effect";
import type { Event } from "../../lib/engine/event";
import { MAX_EVENTS_AT_ONCE } from "../../lib/engine/settle";
import type { Debug, RunState, Values } from "../../lib/engine/state";
import type { DescribedEvent } from "../../lib/engine/turn";
import { isInline, isWanted } from "../../lib/engine/wanted";
import type { Proof } from "../../lib/logic/schema";
import type { Value } from "../../lib/logic/value";

/** `isHandedOn`: synchronous, and left to a job all the same. */
type FlowInPlay = {
  isAsynchronous?: boolean;
  isHandedOn?: boolean;
  outputs?: Values;
  error?: string;
  onRun?: () => void;
};

/** A world around the engine, as dispatch is one: it answers inline effects, keeps the clock, and remembers what happened. */
export type World = {
  /** Values of `$Record` paths as they are now. */
  record: { [path: string]: Value };
  /** Active flows; `null`: none is active. What a synchronous one returns, or the error it fails with. */
  flows: { [name: string]: FlowInPlay | null };
  /** Answers of evaluation flows; a text is an error. */
  answers: { [flow: string]: boolean | string };
  /** Assignees that cannot be found. */
  missing: string[];
  /** What the last approvals of the record rested on, by step. */
  approvedBefore: { [step: string]: Values };
  /** Another run that holds the record. */
  lockedBy: { runId: string; label: string; since: string } | null;
  /** Which records lie behind the paths of the run's record; none of any: it is gone. */
  behind: { [path: string]: string[] };
  /** What evaluation flows read beside their inputs. */
  outside: { [flow: string]: { objects: string[]; clock: boolean } };
  /** The time as it is from now on; else it goes on by a second an event. */
  now: string | null;
};

export type Play = {
  readonly definition: Orchestration;
  readonly world: World;
  state: RunState | null;
  readonly history: (DescribedEvent & { at: string })[];
  readonly deferred: DeferredEffect[];
  readonly asked: InlineEffect[];
  refusal: { code: string; details?: Readonly<Record<string, string | number>> } | null;
};

export const RECORD = { object: "Deal", id: "rec_1" };
const ANN: Actor = { type: "user", id: "ann" };

let seeds = 0;
const seed = () =>
  (++seeds)
    .toString(32)
    .replace(/[a-v]/g, (digit) => "abcdefghjkmnpqrstvwxyz"[Number.parseInt(digit, 32) - 10] ?? "0")
    .padStart(24, "0");

export function world(over: Partial<World> = {}): World {
  return {
    record: {},
    flows: {},
    answers: {},
    missing: [],
    approvedBefore: {},
    lockedBy: null,
    behind: {},
    outside: {},
    now: null,
    ...over,
  };
}

/** An orchestration out of its parts; flows and the rest take the schema's defaults. */
export function orchestration(over: { elements: unknown[]; [more: string]: unknown }): Orchestration {
  const [first] = over.elements as { name: string }[];
  const start = { type: "autolaunched", object: "Deal", next: first?.name ?? null };
  return orchestrationSchema.parse({
    kind: "orchestration",
    processType: "orchestrator",
    name: "Test",
    label: "Test",
    start,
    ...over,
  });
}

export const stage = (name: string, steps: unknown[], more: object = {}) => ({
  type: "stage",
  name,
  label: name,
  steps,
  next: null,
  ...more,
});
export const human = (name: string, more: object = {}) => ({
  kind: "interactive",
  name,
  label: name,
  flow: "Screens",
  assignee: { type: "user", value: { literal: "bob" } },
  ...more,
});
export const approval = (name: string, more: object = {}) => ({
  kind: "approval",
  name,
  label: name,
  assignee: { type: "user", value: { literal: "bob" } },
  ...more,
});
export const background = (name: string, more: object = {}) => ({
  kind: "background",
  name,
  label: name,
  flow: "Work",
  ...more,
});
export const afterStep = (step: string) => ({ entry: { type: "step_completed", step } });
export const requires = (left: string, operator: string, literal: Value) => ({
  type: "requirements",
  condition: { requirements: [{ left, operator, right: { literal } }] },
});

/** Starts a run of the definition in that world. */
export function start(
  definition: Orchestration,
  given: Partial<World> = {},
  more: {
    inputs?: Values;
    actor?: Actor;
    noRecord?: boolean;
    recordPrior?: Values | null;
    debug?: Omit<Debug, "passedOver"> & { startStage: string | null };
    /** Of a recall path the run that was recalled. */
    recallOf?: string;
  } = {},
): Play {
  const flows = { Screens: {}, Work: {}, ...given.flows };
  const play: Play = {
    definition,
    world: world({ ...given, flows }),
    state: null,
    history: [],
    deferred: [],
    asked: [],
    refusal: null,
  };
  const { inputs = {}, actor = ANN, noRecord = false, recordPrior = null, debug, recallOf } = more;
  const submission = { submittedBy: actor.type === "user" ? actor.id : "system", comments: "please" };
  return tell(
    play,
    {
      type: "start",
      runId: "run_1",
      ...(recallOf ? { kind: "recall", parentRunId: recallOf } : { kind: "main", submission }),
      record: noRecord ? null : RECORD,
      recordPrior,
      inputs,
      ...(debug && { debug }),
    },
    actor,
  );
}

/** One command with all the answers it leads to. A refusal leaves the run as it was and is kept in `refusal`. */
export function tell(play: Play, command: Command, actor: Actor = ANN): Play {
  play.refusal = null;
  const queue: Command[] = [command];
  const questions: InlineEffect[] = [];
  const evaluations: { [key: string]: Proof } = {};
  const began = play.history.length;
  for (let steps = 0; steps < 10_000; steps++) {
    const next = queue.shift() ?? nextAnswer(play, questions, evaluations);
    if (!next) return play;
    const decided = decide(play.definition, play.state, {
      command: next,
      env: envOf(play, { actor, evaluations, began }),
    });
    if (!decided.ok) {
      if (next !== command) throw new Error(`its own answer was refused: ${decided.refusal.code}`);
      play.refusal = decided.refusal;
      return play;
    }
    play.state = decided.value.state;
    const at = now(play);
    for (const event of decided.value.events) play.history.push({ ...event, at });
    for (const effect of decided.value.effects) (isInline(effect) ? questions : play.deferred).push(effect as never);
  }
  throw new Error("the run never comes to rest");
}

const now = (play: Play): string =>
  play.world.now ?? new Date(Date.UTC(2026, 0, 1) + play.history.length * 1000).toISOString();

type Telling = { readonly actor: Actor; readonly evaluations: { [key: string]: Proof }; readonly began: number };

function envOf(play: Play, { actor, evaluations, began }: Telling) {
  const flows = Object.entries(play.world.flows).flatMap(([name, flow]) =>
    flow ? [[name, { version: 1, isAsynchronous: flow.isAsynchronous ?? false }] as const] : [],
  );
  return {
    now: now(play),
    actor,
    idSeed: seed(),
    facts: {
      record: play.world.record,
      flows: Object.fromEntries(flows),
      lockedBy: play.world.lockedBy,
      behind: play.world.behind,
      outside: play.world.outside,
      approvedBefore: play.world.approvedBefore,
    },
    seq: play.history.length,
    room: MAX_EVENTS_AT_ONCE - (play.history.length - began),
    evaluations,
  };
}

function nextAnswer(play: Play, questions: InlineEffect[], evaluations: { [key: string]: Proof }): Command | null {
  for (let question = questions.shift(); question; question = questions.shift()) {
    const isAnswered = question.type === "evaluate-flow" && question.key in evaluations;
    if (!play.state || isAnswered || !isWanted(play.state, question, play.history.length)) continue;
    play.asked.push(question);
    return answer(play, question, evaluations);
  }
  return null;
}

function answer(
  { world: { flows, answers, missing } }: Play,
  question: InlineEffect,
  evaluations: { [key: string]: Proof },
): Command {
  if (question.type === "resolve-assignee") {
    const { stepRunId, value, assigneeType, playedBy } = question;
    if (playedBy !== null)
      return {
        type: "answer-assignee",
        stepRunId,
        assignee: { type: "user", id: playedBy },
        flag: null,
        record: RECORD,
      };
    if (value === null || missing.includes(value)) return { type: "answer-no-assignee", stepRunId, error: "nobody" };
    const type = assigneeType === "resource" ? "user" : assigneeType;
    const voters = (MEMBERS[value] ?? []).filter((id) => !question.notUsers.includes(id));
    const members = question.wantsMembers ? { members: voters } : {};
    return {
      type: "answer-assignee",
      stepRunId,
      assignee: { type, id: value },
      flag: null,
      record: RECORD,
      ...members,
      added: question.again.filter(({ id }) => !missing.includes(id)),
    };
  }
  if (question.type === "run-flow") {
    const flow = flows[question.flow];
    const { stepRunId } = question;
    if (flow?.isHandedOn) return { type: "flow-handed-on", stepRunId };
    flow?.onRun?.();
    if (flow?.error !== undefined) return { type: "flow-failed", stepRunId, error: flow.error, element: "Somewhere" };
    return { type: "flow-finished", stepRunId, outputs: flow?.outputs ?? {} };
  }
  if (question.type === "resolve-escalation") {
    const to = question.to === "manager" ? "manager" : question.to.value;
    const assignee = missing.includes(to) ? null : ({ type: "user", id: to } as const);
    return { type: "answer-escalation", workItemId: question.workItemId, assignee };
  }
  if (question.type === "resolve-successor") {
    const { workItemId, from, notUsers } = question;
    const holders = from === null ? [] : from.type === "user" ? [from.id] : (MEMBERS[from.id] ?? ["somebody"]);
    if (holders.some((id) => !notUsers.includes(id)))
      return { type: "answer-successor", workItemId, assignee: from, members: [] };
    const stays = missing.includes("fallback");
    const assignee = stays ? null : ({ type: "user", id: "fallback" } as const);
    return { type: "answer-successor", workItemId, assignee, members: stays ? [] : ["fallback"] };
  }
  const said = answers[question.flow] ?? false;
  if (typeof said === "string") return { type: "answer-evaluation-failed", key: question.key, error: said };
  const row = { left: question.flow, leftValue: said, operator: "returns_true", rightValue: true, met: said } as const;
  evaluations[question.key] = { met: said, logic: "flow", requirements: [row] };
  return { type: "answer-evaluation", key: question.key, proof: { met: said, logic: "flow", requirements: [row] } };
}

/** Who is in the groups that tests name `Two` to `Five`. */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Two: ["ada", "bob"],
  Three: ["ada", "bob", "cleo"],
  Four: ["ada", "bob", "cleo", "dan"],
  Five: ["ada", "bob", "cleo", "dan", "eva"],
};

/** Commands by the names of steps, as tests speak. */
export const finish = (play: Play, step: string, outputs: Values = {}, who = "bob"): Play =>
  tell(play, { type: "complete-work-item", workItemId: itemOf(play, step).id, outputs }, { type: "user", id: who });
export const approve = (play: Play, step: string, who = "bob") =>
  finish(play, step, { approvalDecision: "Approve" }, who);
export const reject = (play: Play, step: string, who = "bob") =>
  finish(play, step, { approvalDecision: "Reject", approvalComments: "no" }, who);
export const flowEnds = (play: Play, step: string, outputs: Values = {}) =>
  tell(play, { type: "flow-finished", stepRunId: stepOf(play, step).id, outputs }, { type: "system" });
export const flowFails = (play: Play, step: string, error = "boom") =>
  tell(play, { type: "flow-failed", stepRunId: stepOf(play, step).id, error, element: null }, { type: "system" });
export const cancel = (play: Play) => tell(play, { type: "cancel", reason: "enough" });
export const retry = (play: Play) => tell(play, { type: "retry", reason: "again" });
export const wake = (play: Play, record: { [path: string]: Value } = {}) => {
  Object.assign(play.world.record, record);
  return tell(play, { type: "wake", cause: { type: "record" } }, { type: "system" });
};

export const runOf = (play: Play) => play.state?.run ?? fail("no run");
export const stepOf = (play: Play, name: string) =>
  play.state?.steps.findLast((step) => step.name === name) ?? fail(`no step ${name}`);
export const itemOf = (play: Play, step: string) =>
  play.state?.items.findLast((item) => item.stepRunId === stepOf(play, step).id) ?? fail(`no item of ${step}`);
function fail(message: string): never {
  throw new Error(message);
}

/** The whole run at a glance: `Stage: status`, `  Step: status`, `    item: status`. */
export function picture(play: Play): Record<string, string> {
  const { run, stages = [], steps = [], items = [] } = play.state ?? fail("no run");
  const rows: [string, string][] = [["run", run.status]];
  for (const { id, name, round, status } of stages) {
    rows.push([round > 1 ? `${name} ${round}` : name, status]);
    for (const step of steps.filter(({ stageRunId }) => stageRunId === id)) {
      const key = `${round > 1 ? `${name} ${round} ` : ""}${step.name}${step.attempt > 1 ? ` again ${step.attempt}` : ""}`;
      rows.push([key, step.status]);
      for (const item of items.filter(({ stepRunId }) => stepRunId === step.id))
        rows.push([`${key} item`, item.completionKind ?? item.status]);
    }
  }
  return Object.fromEntries(rows);
}

export const eventTypes = (play: Play, from = 0): Event["type"][] =>
  play.history.slice(from).map(({ event }) => event.type);
