import type { Tx } from "../../db/transaction";
import { ownText, type Value } from "../logic/value";
import { findPerson } from "../people/queries";
import { ok, type Result, refuse } from "../result";
import { dispatch } from "./dispatch";

type Call = {
  readonly runId: string;
  readonly stepRunId: string;
  readonly inputs: { readonly [name: string]: Value };
};

/**
 * The flow action `lock_record`: keeps everybody from changing the run's record until `unlock_record`, or until the run ends, but for the run's own
 * flows, those whom its open steps let, and `editor` (id, username or e-mail address). Refusals: `unknown-assignee` (no such editor),
 * `not-a-background-step`, `step-not-open`, `no-record-to-lock`, `record-locked`.
 */
export async function lockFromFlow(tx: Tx, call: Call): Promise<Result<null>> {
  const named = ownText(call.inputs, "editor");
  const editor = named === null ? null : await findPerson(tx.db, named);
  if (named !== null && !editor) return refuse("unknown-assignee");
  return told(tx, call, { keeps: true, editorId: editor?.userId ?? null });
}

/** The flow action `unlock_record`: steps that lock the record do so still. Refusals: those of the run. */
export const unlockFromFlow = (tx: Tx, call: Call): Promise<Result<null>> =>
  told(tx, call, { keeps: false, editorId: null });

async function told(
  tx: Tx,
  { runId, stepRunId }: Call,
  lock: { readonly keeps: boolean; readonly editorId: string | null },
): Promise<Result<null>> {
  const done = await dispatch(tx, "system", { runId, command: { type: "keep-lock", stepRunId, ...lock } });
  return done.ok ? ok(null) : done;
}
