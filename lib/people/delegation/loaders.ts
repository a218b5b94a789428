import { db } from "../../../db/client";
import type { Page } from "../../../db/page";
import { may } from "../../gate";
import { requirePerson } from "../current-person";
import type { DelegationFilter, DelegationRow } from "../schema/delegation";
import { delegationsOf, listDelegations } from "./queries";

/** What the person gave and was given: their own, so the gate has nothing to add. */
export const ownDelegations = async (): Promise<{ given: DelegationRow[]; taken: DelegationRow[] }> =>
  delegationsOf(db(), await requirePerson());

/** Everybody's, for admins; null for others. */
export async function delegationList(filter: DelegationFilter): Promise<Page<DelegationRow> | null> {
  const person = await requirePerson();
  return may(person, "people.manage") ? listDelegations(db(), person, filter) : null;
}
