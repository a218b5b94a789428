import type { Tx } from "../../db/transaction";
import { ownText, type Value } from "../logic/value";
import { type Person, personById } from "../people/current-person";
import { findPerson } from "../people/queries";
import { ok, type Result, refuse } from "../result";
import { MAX_DEPTH } from "../runs/react";
import { requestApproval } from "./commands";

/**
 * The flow action `request_approval`: `process` (name), `recordId`, `comments`, `firstApprover`. In a screen flow whoever fills it in is the
 * submitter; a background flow may name one (`submitter`: id, username or e-mail address), who must be allowed to submit that record, else whoever
 * began the run is the submitter, while the flow keeps its own rights. In the transaction of the flow. Refusals: `wrong-input`, `unknown-assignee` (no such submitter), `chain-too-long`, and those of
 * `requestApproval`.
 */
export async function requestFromFlow(
  tx: Tx,
  { inputs }: { readonly inputs: { readonly [name: string]: Value } },
): Promise<Result<null>> {
  if (tx.depth >= MAX_DEPTH) return refuse("chain-too-long", { details: { limit: MAX_DEPTH } });
  const definitionId = ownText(inputs, "process");
  if (definitionId === null) return refuse("wrong-input", { details: { name: "process", type: "name" } });
  const submitter = await submitterOf(tx, ownText(inputs, "submitter"));
  if (!submitter) return refuse("unknown-assignee");
  const started = await requestApproval(tx, submitter, {
    definitionId,
    recordId: ownText(inputs, "recordId"),
    comments: (ownText(inputs, "comments") ?? "").slice(0, 4_000),
    firstApprover: ownText(inputs, "firstApprover"),
    depth: tx.depth + 1,
  });
  return started.ok ? ok(null) : started;
}

/** Nobody submits in another's name by a form of theirs: a name is believed of background flows alone. */
async function submitterOf(tx: Tx, named: string | null): Promise<Person | "system" | null> {
  if (tx.actorId !== null) return personById(tx.db, tx.actorId);
  if (named === null) return "system";
  const found = await findPerson(tx.db, named);
  return found && personById(tx.db, found.userId);
}
