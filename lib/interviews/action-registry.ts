import type { Tx } from "../../db/transaction";
import type { Values } from "../flow/interview";
import type { Result } from "../result";

/** What an action is told: its inputs, and where it is called from. */
type ActionCall = {
  readonly inputs: Values;
  readonly runId: string;
  readonly stepRunId: string;
  readonly element: string;
};

/**
 * What an Action element does. It works inside the transaction that carries the interview past the element, so it is done once or not at
 * all: whatever leaves the database is left there as a row (a mail, a job). A refusal fails the element.
 */
export type FlowAction = (tx: Tx, call: ActionCall) => Promise<Result<unknown>>;

const shared = globalThis as { batonFlowActions?: Map<string, FlowAction> };

/** Called by `lib/launch/wire.ts` in every process, so that actions may reach nouns above this one (kept on `globalThis` like the pool). */
export function registerAction(name: string, perform: FlowAction): void {
  shared.batonFlowActions ??= new Map();
  shared.batonFlowActions.set(name, perform);
}

/** Null for a name that nobody registered (S76). */
export const actionNamed = (name: string): FlowAction | null => shared.batonFlowActions?.get(name) ?? null;
