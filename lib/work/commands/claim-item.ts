import type { Tx } from "../../../db/transaction";
import type { Person } from "../../people/current-person";
import { ok, type Result } from "../../result";
import { tellItem } from "../tell-item";

type Told = Result<{ workItemId: string }>;

/**
 * A member takes an item of a group or queue for themselves (A14); with `takeOver` from whoever has claimed it. Refusals: `not-found`,
 * `not-your-work`, `item-closed`, `claimed-by-other` (by), `not-claimable` (it is one person's anyway), `own-submission`, `said-already`.
 */
export async function claimItem(
  tx: Tx,
  person: Person,
  { workItemId, takeOver }: { workItemId: string; takeOver: boolean },
): Promise<Told> {
  const done = await tellItem(tx, person, { type: "claim-work-item", workItemId, takeOver });
  return done.ok ? ok({ workItemId }) : done;
}

/** Gives a claimed item back. The claimer may, and managers. Refusals: as above, and `not-claimed`. */
export async function releaseItem(tx: Tx, person: Person, { workItemId }: { workItemId: string }): Promise<Told> {
  const done = await tellItem(tx, person, { type: "release-work-item", workItemId });
  return done.ok ? ok({ workItemId }) : done;
}
