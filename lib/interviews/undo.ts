import { savepoint, type Tx } from "../../db/transaction";
import type { Paused } from "./carry-on";

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

/**
 * Runs a part of a flow so that a failure undoes all it wrote, and the transaction can go on to write the failure down. Values that the
 * database refuses are a failure too; anything else that is thrown is a fault, and passes.
 */
export async function undoneIfFailed(tx: Tx, work: () => Promise<Paused>, before: Paused["state"]): Promise<Paused> {
  try {
    return await savepoint(tx, async () => {
      const paused = await work();
      if (paused.request.type === "failure") throw new FlowFailed(paused);
      return paused;
    });
  } catch (error) {
    if (error instanceof FlowFailed) return error.paused;
    if (!BAD_VALUE.test(codeOf(error))) throw error;
    return {
      state: before,
      request: { type: "failure", element: before.at, message: "The database cannot store one of the values." },
    };
  }
}
