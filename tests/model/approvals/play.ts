import type { GroupRule } from "../../../lib/engine/approval-definition";
import type { Orchestration } from "../../../lib/engine/definition";
import { approval, orchestration, stage } from "../../engine/play";
import type { Engine } from "../engine";
import { tell } from "../engine";
import type { Move } from "../moves";
import { Disagreement, playMove } from "../play-case";
import { obey } from "../reference/obey";
import type { ModelRun } from "../reference/run";
import { startRun } from "../reference/start-run";
import { aWorld, type World } from "../world";
import type { Act } from "./acts";

/** One approval of `ann`'s in all the ways that it can go, played by the engine and the model side by side. */
export const PEOPLE = ["ada", "bob", "cleo", "dan", "eva"] as const;

const OUTCOMES = [{ name: "Back", label: "Back", does: "send_back" }];
const DUE = { minutes: 60, remindAfter: [30], timeOut: { afterMinutes: 120, outcome: "Reject" } };
const process = (step: object): Orchestration =>
  orchestration({ processType: "approval", elements: [stage("S", [approval("A", { outcomes: OUTCOMES, ...step })])] });

export const voting = (rule: GroupRule, board = "Board"): Orchestration =>
  process({ rule, assignee: { type: "group", value: { literal: board } }, due: DUE });
export const single = (outcome = "Reject"): Orchestration => {
  const escalate = { afterMinutes: 60, to: "manager" };
  return process({ due: { ...DUE, escalate, timeOut: { afterMinutes: 120, outcome } } });
};

export type Setting = { readonly definition: Orchestration; readonly members: readonly string[] };

export const START = {
  type: "start",
  runId: "run_1",
  kind: "main",
  record: { object: "Deal", id: "rec_1" },
  recordPrior: null,
  inputs: {},
  submission: { submittedBy: "ann", comments: "please" },
} as const;
export const ANN = { type: "user", id: "ann" } as const;
export const BEGAN = Date.UTC(2026, 0, 1);
export const MINUTE_MS = 60_000;

export const worldOf = (members: readonly string[], board = "Board"): World =>
  aWorld({ members: { [board]: members }, managers: { bob: "mona", eva: "bob" }, now: BEGAN });

type Node = { readonly engine: Engine; readonly moves: readonly Move[]; readonly times: readonly number[] };

export function begin({ definition, members }: Setting): Node {
  const engine: Engine = { definition, world: worldOf(members), state: null, history: [], deferred: [], asked: 0 };
  tell(engine, START, ANN);
  return { engine, moves: [], times: [] };
}

/** The model as it is after those moves: it is changed in place, so each branch has one of its own. */
function modelOf({ definition, members }: Setting, { moves, times }: Node): ModelRun {
  const world = worldOf(members);
  const model = startRun(definition, world, { by: ANN.id, start: START });
  for (const [at, { command, by }] of moves.entries()) {
    world.now = times[at] ?? world.now;
    obey(model, command, by);
  }
  return model;
}

export type After = Node & { readonly isLegal: boolean; readonly isOver: boolean };

/** That act done by both, from there on; throws where they disagree. The node is as it was. */
export function after(setting: Setting, node: Node, { does, minutes = 0 }: Act): After {
  const model = modelOf(setting, node);
  const { engine: before } = node;
  const now = Math.max(before.world.now + 1_000, BEGAN + minutes * MINUTE_MS);
  const engine: Engine = { ...before, world: { ...before.world, now }, history: [...before.history], deferred: [] };
  Object.assign(model.world, { now });
  const move = does(model);
  const moves = [...node.moves, move];
  const isLegal = playMove({ engine, model, moves: [...moves] }, move) === null;
  const isOver = model.status === "completed" || model.status === "canceled";
  return { engine, moves, times: [...node.times, now], isLegal, isOver };
}

/** What was walked: a branch ends where the run has ended, or where a refusal changed nothing, because the rest is walked without it. */
export type Walked = { commands: number; legal: number; late: number; ends: Map<string, number> };

/** Every order in which these acts can come; of those in one bracket one comes, in every way. */
export function everyOrder(setting: Setting, acts: readonly (readonly Act[])[], walked: Walked): void {
  const walk = (node: Node, left: readonly (readonly Act[])[], path: readonly string[]): void => {
    for (const [at, ways] of left.entries()) {
      for (const act of ways) {
        walked.commands++;
        const next = step(setting, { node, act, path });
        if (!next.isLegal) continue;
        walked.legal++;
        if (next.isOver) {
          const end = next.engine.state?.submission?.status ?? "none";
          walked.ends.set(end, (walked.ends.get(end) ?? 0) + 1);
          lastWords(setting, { node: next, left: left.toSpliced(at, 1), walked });
        } else walk(next, left.toSpliced(at, 1), [...path, act.name]);
      }
    }
  };
  walk(begin(setting), acts, []);
}

/** Whatever comes after the end is refused, by both with the same code. */
function lastWords(
  setting: Setting,
  { node, left, walked }: { node: Node; left: readonly (readonly Act[])[]; walked: Walked },
) {
  for (const act of left.flat()) {
    walked.late++;
    const { isLegal, engine } = step(setting, { node, act, path: [] });
    // The clock may come late; it leaves no trace.
    if (isLegal && engine.history.length > node.engine.history.length)
      throw new Disagreement(`${act.name} changed a run that had ended`, [], { model: null, engine: engine.state });
  }
}

function step(setting: Setting, { node, act, path }: { node: Node; act: Act; path: readonly string[] }): After {
  try {
    return after(setting, node, act);
  } catch (error) {
    if (error instanceof Disagreement) error.message = `${[...path, act.name].join(", ")}: ${error.message}`;
    throw error;
  }
}
