import type { Tx } from "../../db/transaction";
import { ownText, type Value } from "../logic/value";
import { ok, type Result, refuse } from "../result";
import { MAX_DEPTH } from "./react";
import { startRun } from "./start";

/**
 * The flow action `start_orchestration`: `orchestration` (name), `recordId` and `inputs` (JSON as a text), the last two where the definition
 * asks for them. Started by Baton itself, in the transaction of the flow. Refusals: `wrong-input`, `chain-too-long` (runs that start one
 * another, F55), and those of `startRun`.
 */
export async function startFromFlow(
  tx: Tx,
  { inputs }: { readonly inputs: { readonly [name: string]: Value } },
): Promise<Result<null>> {
  if (tx.depth >= MAX_DEPTH) return refuse("chain-too-long", { details: { limit: MAX_DEPTH } });
  const given = valuesIn(ownText(inputs, "inputs"));
  if (!given) return refuse("wrong-input", { details: { name: "inputs", type: "JSON object" } });
  const definitionId = ownText(inputs, "orchestration");
  if (definitionId === null) return refuse("wrong-input", { details: { name: "orchestration", type: "name" } });
  const start = { definitionId, recordId: ownText(inputs, "recordId"), inputs: given, depth: tx.depth + 1 };
  const started = await startRun(tx, "system", { ...start, processType: "orchestrator" });
  return started.ok ? ok(null) : started;
}

function valuesIn(text: string | null): { readonly [name: string]: Value } | null {
  if (text === null) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as { readonly [name: string]: Value })
      : null;
  } catch {
    return null;
  }
}
