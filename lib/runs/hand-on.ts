import type { Tx } from "../../db/transaction";
import { MAX_EVENTS_AT_ONCE } from "../engine/settle";

/** Synchronous flows that one command runs itself, so that a chain of them does not hold the run for long (I51). */
const MAX_FLOWS_AT_ONCE = 50;
/**
 * The age of a transaction at which it begins no more of them: the last one may take 10 s (`MAX_SECONDS_PER_EXECUTION`), and at 15 s all of it
 * would be lost.
 */
const FLOWS_UNTIL_MS = 4_000;

/**
 * Whether a synchronous flow is left to a job of its own instead of being run inside the commit of what led to it, after so many others. So what
 * comes before it is committed even if it is slow, goes wrong or ends the process, and the tries that it takes are its own.
 */
export const isHandedOn = (tx: Tx, flows: number): boolean =>
  tx.runsNoFlows || flows >= MAX_FLOWS_AT_ONCE || ageOf(tx) > FLOWS_UNTIL_MS;

const ageOf = ({ since }: Tx): number => performance.now() - since;

/** Questions that one command answers before it leaves the rest to a job, and the age of its transaction at which it does: each takes milliseconds. */
const MAX_ANSWERS_AT_ONCE = 1_000;
const ANSWERS_UNTIL_MS = 8_000;

/**
 * Events that a command may still lead to at once (`Env.room`), after so many events and answers. What it is in the middle of is done in any case, so
 * that each job gets further.
 */
export function roomOf(tx: Tx, { events, answers }: { readonly events: number; readonly answers: number }): number {
  const left = MAX_EVENTS_AT_ONCE - events;
  return answers >= MAX_ANSWERS_AT_ONCE || ageOf(tx) > ANSWERS_UNTIL_MS ? Math.min(left, 0) : left;
}
