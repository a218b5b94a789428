import type { Tx } from "../../db/transaction";
import { itemById } from "../engine/find";
import type { Value } from "../logic/value";
import type { Change } from "./record";

type Submitted = { readonly pinned: Change["pinned"]; readonly recordId: string };
type Look = (tx: Tx, submitted: Submitted) => Promise<Value>;

const port: { look: Look | null } = { look: null };

/** What approvers are shown of a record is known to a higher noun than the one that starts runs (`lib/launch/wire.ts`). */
export function setSubmissionLook(look: Look): void {
  port.look = look;
}

/** What a change submits: a record for the first time (`revision` null), or again by an item; null: nothing. */
export async function seeSubmission(tx: Tx, change: Change): Promise<{ revision: string | null; seen: Value } | null> {
  const { pinned, after } = change;
  const revision = submittedBy(change);
  if (revision === undefined || !after.run.record || !port.look) return null;
  return { revision, seen: await port.look(tx, { pinned, recordId: after.run.record.id }) };
}

/** The item by which it was sent again; null: it was submitted; undefined: neither. A debug run submits nothing. */
function submittedBy({ before, after, happened }: Change): string | null | undefined {
  if (!after.submission || after.run.debug) return undefined;
  if (before === null) return null;
  const again = happened.flatMap(({ event }) =>
    event.type === "work-item-completed" && event.completionKind === "done" ? event.workItemId : [],
  );
  return again.find((id) => itemById(after, id)?.kind === "revision");
}
