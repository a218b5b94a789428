import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import type { Person } from "../people/current-person";
import { ok, type Result } from "../result";
import { dispatch } from "../runs/dispatch";

export type AboutItem = Extract<Command, { readonly workItemId: string }>;

/** What an item that is done is refused with. */
const IS_DONE: ReadonlySet<string> = new Set(["item-closed", "run-closed"]);

/**
 * One of several commands of one transaction that are about items which were open before the first of them. One that an earlier one has
 * closed, because the run went on by it, needs nothing any more.
 */
export async function tellIfOpen(
  tx: Tx,
  asker: Person | "system",
  about: { readonly runId: string; readonly command: AboutItem },
): Promise<Result<unknown>> {
  const done = await dispatch(tx, asker, about);
  return !done.ok && IS_DONE.has(done.refusal.code) ? ok(null) : done;
}
