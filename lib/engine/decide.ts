import type { Result } from "../result";
import type { Command, Env } from "./command";
import type { Orchestration } from "./definition";
import type { Effect } from "./effect";
import type { Event } from "./event";
import type { RunState } from "./state";

export type Decision = {
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
  /** The fold of the events over the state that was given. */
  readonly state: RunState;
  readonly idsUsed: number;
};

/** See `house.md`: no clock, no randomness, no I/O, no await, no throw. `run` is null for `start` only. */
export declare function decide(definition: Orchestration, state: RunState | null, command: Command, env: Env): Result<Decision>;
