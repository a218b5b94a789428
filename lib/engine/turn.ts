import { apply } from "./apply";
import { BrokenInvariant } from "./broken-invariant";
import type { Env } from "./command";
import type { Orchestration } from "./definition";
import { type Description, describe } from "./describe";
import type { Effect } from "./effect";
import type { Event } from "./event";
import { assertMove } from "./invariants";
import type { View } from "./lookup";
import type { RunState } from "./state";

/** An event with what the history says of it. */
export type DescribedEvent = Description & { readonly event: Event };

/** One decision in the making: the state as it is now, and what happened and is wanted so far. */
export type Turn = View & {
  readonly env: Env;
  state: RunState;
  seq: number;
  readonly happened: DescribedEvent[];
  readonly effects: Effect[];
  idsUsed: number;
};

type Given = { readonly definition: Orchestration; readonly state: RunState; readonly env: Env };

export const beginTurn = ({ definition, state, env }: Given): Turn => ({
  definition,
  env,
  state,
  facts: env.facts,
  evaluations: env.evaluations,
  now: env.now,
  seq: env.seq,
  happened: [],
  effects: [],
  idsUsed: 0,
});

/** A turn that begins with a run's first event. */
export function beginRun(definition: Orchestration, env: Env, event: Extract<Event, { type: "run-started" }>): Turn {
  const turn = beginTurn({ definition, env, state: apply(null, event, env.now) });
  turn.happened.push({ event, ...describe(null, event) });
  return turn;
}

/** The one way in which a decision changes a run. */
export function emit(turn: Turn, event: Event): void {
  const described = describe(turn.state, event);
  assertMove(described);
  turn.happened.push({ event, ...described });
  turn.state = apply(turn.state, event, turn.env.now);
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** What two letters count to. */
export const MAX_IDS = ALPHABET.length ** 2;

/** Prefixes as in `lib/ids.ts`, which a pure room may not import because it makes ids from randomness. */
const PREFIXES = { stageRun: "stg", stepRun: "stp", workItem: "wi", submission: "sub" } as const;

/** The next new id of this decision. Whoever needs many asks `idsLeft` first. */
export function newId(turn: Turn, kind: keyof typeof PREFIXES): string {
  const count = turn.idsUsed++;
  if (count >= MAX_IDS) throw new BrokenInvariant(`a decision makes at most ${MAX_IDS} ids`, kind);
  return `${PREFIXES[kind]}_${turn.env.idSeed}${ALPHABET[count >> 5]}${ALPHABET[count & 31]}`;
}

export const idsLeft = (turn: Turn): number => MAX_IDS - turn.idsUsed;
