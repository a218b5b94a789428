import type { Tx } from "../../db/transaction";

/** Synchronous flows that one command runs itself, so that a chain of them does not hold the run for long (I51). */
const MAX_FLOWS_AT_ONCE = 50;
/**
 * The age of a transaction at which it begins no more of them: the last one may take 10 s (`MAX_SECONDS_PER_EXECUTION`), and at 15 s all of it
 * would be lost.
 */
const MAX_AGE_MS = 4_000;

/**
 * Whether a synchronous flow is left to a job of its own instead of being run inside the commit of what led to it, after so many others. So what
 * comes before it is committed even if it is slow, goes wrong or ends the process, and the tries that it takes are its own.
 */
export const isHandedOn = ({ since, runsNoFlows }: Tx, flows: number): boolean =>
  runsNoFlows || flows >= MAX_FLOWS_AT_ONCE || performance.now() - since > MAX_AGE_MS;
