import { forgetAnswers } from "../../db/ask-once";
import type { Tx } from "../../db/transaction";
import type { Beside } from "../interviews/shown-port";
import type { Person } from "../people/current-person";
import { doorOf, fingerprintOf } from "./fingerprint";
import { see } from "./see";

type Asked = { readonly workItemId: string; readonly shownAs?: string | undefined };

/** What is shown of an approval item beside its screens, on its page unless said otherwise; null for other work. */
export async function seeBeside(tx: Tx, person: Person, { workItemId, shownAs }: Asked): Promise<Beside | null> {
  // The screens may have saved something since it was asked for the last time.
  forgetAnswers(tx);
  const said = doorOf(shownAs);
  const door = said === "unsaid" ? "page" : said;
  const seen = await see(tx, person, { workItemId, door });
  return seen ? { shownAs: fingerprintOf(seen, door), seen, name: seen.record?.name ?? "" } : null;
}
