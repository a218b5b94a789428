import type { Tx } from "../../db/transaction";
import type { Value } from "../logic/value";
import type { Person } from "../people/current-person";

/** What an approver is shown beside the screens of an item: its fingerprint, all of it as it is sealed, and how the record is called. */
export type Beside = { readonly shownAs: string; readonly seen: Value; readonly name: string };

type Asked = {
  readonly workItemId: string /** What was said to be shown, where something was. */;
  readonly shownAs?: string | undefined;
};
type Look = (tx: Tx, person: Person, asked: Asked) => Promise<Beside | null>;

const port: { look: Look } = { look: async () => null };

/** What approvers are shown is known to a higher noun than interviews (`lib/launch/wire.ts`). */
export function setBeside(look: Look): void {
  port.look = look;
}

/** What lies beside the screens of an approval item now, where it was said to be shown or else on its page; null for other work. */
export const lookBeside: Look = (tx, person, asked) => port.look(tx, person, asked);
