import type { RecordChange, Tx } from "../../db/transaction";
import type { Refusal } from "../result";

/** Why a flow may not save that, as a refusal; null: it may. */
type Judge = (tx: Tx, change: RecordChange) => Promise<Refusal | null>;

const shared = globalThis as { batonChainJudge?: Judge };

/** Called by `lib/launch/wire.ts` in every process: what a save starts is known above this noun (kept on `globalThis` like the pool). */
export function setChainJudge(judge: Judge): void {
  shared.batonChainJudge = judge;
}

/** Asks whether what a flow just saved would start a run too far down a chain of runs that start one another (F55). */
export const judgeChain: Judge = async (tx, change) => (await shared.batonChainJudge?.(tx, change)) ?? null;
