import type { Tx } from "../../db/transaction";
import type { Person } from "../people/current-person";
import type { Result } from "../result";

/** Why somebody may not decide an approval item, for themselves or in whose place they would; null: they may, or it is other work. */
type Judge = (tx: Tx, person: Person, workItemId: string) => Promise<Result<never> | null>;

const port: { judge: Judge } = { judge: async () => null };

/** Who had their say in a run is known to a higher noun than interviews (`lib/launch/wire.ts`). */
export function setSayJudge(judge: Judge): void {
  port.judge = judge;
}

/** Asks that of an item whose run is locked: screens of what somebody may not decide are not opened either. */
export const judgeSay: Judge = (tx, person, workItemId) => port.judge(tx, person, workItemId);
