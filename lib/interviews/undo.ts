import { savepoint } from "../../db/savepoint";
import type { Tx } from "../../db/transaction";
import { sentenceOf } from "../refusals";
import { type Refusal, type Result, refuse } from "../result";
import type { Paused } from "./carry-on";
import { type Going, nested } from "./frames";

/** A failure on its way out of the savepoint, so that nothing of the flow's work stays. */
class FlowFailed extends Error {
  readonly paused: Paused;
  constructor(paused: Paused) {
    super("the flow failed");
    this.paused = paused;
  }
}

/** SQLSTATE classes of values that the database cannot take: the flow's fault, not the database's. */
const BAD_VALUE = /^2[23]/;

const codeOf = (error: unknown): string => {
  const at = error as { code?: unknown; cause?: { code?: unknown } } | null;
  return String(at?.cause?.code ?? at?.code ?? "");
};

class ElementRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/**
 * Does what one element asks so that nothing of it stays when it is refused, and the flow can go on by its fault connector. What the
 * elements before it wrote stays.
 */
export async function undoneIfRefused<T>(tx: Tx, work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await savepoint(tx, async () => {
      const result = await work();
      if (!result.ok) throw new ElementRefused(result.refusal);
      return result;
    });
  } catch (error) {
    if (error instanceof ElementRefused) return { ok: false, refusal: error.refusal };
    if (BAD_VALUE.test(codeOf(error))) return refuse("unstorable-value");
    throw error;
  }
}

/**
 * Runs a part of a flow so that a failure undoes all it wrote, and the transaction can go on to write the failure down. Values that the
 * database refuses are a failure too; anything else that is thrown is a fault, and passes.
 */
export async function undoneIfFailed(tx: Tx, work: () => Promise<Paused>, before: Going): Promise<Paused> {
  try {
    return await savepoint(tx, async () => {
      const paused = await work();
      if (paused.request.type === "failure") throw new FlowFailed(paused);
      return paused;
    });
  } catch (error) {
    if (error instanceof FlowFailed) return error.paused;
    if (!BAD_VALUE.test(codeOf(error))) throw error;
    const request = {
      type: "failure",
      element: before.step.state.at,
      message: sentenceOf({ code: "unstorable-value" }),
    } as const;
    return { state: nested(before), request, going: { ...before, step: { state: before.step.state, request } } };
  }
}
