import type { Tx } from "../../db/transaction";

/**
 * Whether that user is a person who is active, with their row held until the transaction ends: whoever is given work is not deactivated
 * before this commit, and a deactivation that comes after it finds the work (I37). Send nothing together with it that rests on the answer.
 */
export async function holdPerson(tx: Tx, userId: string): Promise<boolean> {
  const held = await tx.sql<
    { active: boolean }[]
  >`select active from "user" where user_id = ${userId} and kind = 'person' for share`;
  return held[0]?.active === true;
}
