import { eq } from "drizzle-orm";
import { record, type workItem } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import type { Person } from "../people/current-person";
import type { KeptShown } from "./schema";
import type { InterviewRow } from "./show-screen";
import { type Beside, lookBeside } from "./shown-port";

type Of = Pick<typeof workItem.$inferSelect, "kind" | "recordId" | "workItemId"> & {
  readonly shownAs?: string | undefined;
};

/** Of an approval what its page shows now; its record is changed by nobody from here to the end of the transaction. Null for other work. */
export async function holdShown(tx: Tx, person: Person, { kind, recordId, ...asked }: Of): Promise<Beside | null> {
  if (kind !== "approval") return null;
  if (recordId !== null)
    await tx.db.select({ id: record.recordId }).from(record).where(eq(record.recordId, recordId)).for("update");
  return lookBeside(tx, person, asked);
}

/** To be kept with the screens that are shown now, of which those `before` went on by themselves. */
export const keptShown = (now: Beside | null, before: KeptShown | null = null): KeptShown | null =>
  now && { from: before?.from ?? now.shownAs, now: now.shownAs };

/** What is kept of the screen that is sent, when its page shows `now`: what was shown with it by the screens' own doing, or on the page. */
export const keptBefore = (now: Beside | null, { shown: kept }: InterviewRow): KeptShown | null =>
  kept !== null && kept.now === now?.shownAs ? kept : keptShown(now);

/** Whether it is another by now than the page says it showed, or, where it says nothing, than when the screens were opened. */
export function isOther(now: Beside | null, shownAs: string | undefined, { shown: kept }: InterviewRow): boolean {
  if (!now) return false;
  const said = shownAs === undefined || shownAs === kept?.from ? kept?.now : shownAs;
  return said !== undefined && said !== now.shownAs;
}
