import type { Tx } from "../../../db/transaction";
import { PEOPLE } from "../../check/reads-outside";

/** What conditions may read of a person. */
type Read = {
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly managerId: string | null;
};

const valuesOf = ({ name, username, email, managerId }: Read) => ({
  Name: name,
  Username: username,
  Email: email,
  Manager: managerId,
});

/** Hands on what changed of a person, whoever changed it: runs and flows that wait for it look again, as they do for records (A8). */
export function noteChange(
  tx: Tx,
  { userId, before: was, after: is }: { readonly userId: string; readonly before: Read; readonly after: Read },
): void {
  const before = valuesOf(was);
  const after = valuesOf(is);
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  tx.recordChanges.push({ object: PEOPLE, id: userId, before, after });
}
