import type { Tx } from "../../db/transaction";
import type { Command } from "../engine/command";
import { itemById } from "../engine/find";
import type { RunState } from "../engine/state";
import type { DescribedEvent } from "../engine/turn";
import type { Value } from "../logic/value";
import type { Change } from "./record";

/** `state`: of the run whose values are told too; null: what the record says. */
type Asked = {
  readonly pinned: Change["pinned"];
  readonly recordId: string | null;
  readonly state: RunState | null;
};
type Look = (tx: Tx, asked: Asked) => Promise<Value>;

const port: { look: Look | null } = { look: null };

/** What approvers are shown of a record is known to a higher noun than the one that starts runs (`lib/launch/wire.ts`). */
export function setSubmissionLook(look: Look): void {
  port.look = look;
}

/** What is written down of a request by Baton itself, as nobody decides on it. */
export type Seal = Extract<Command, { type: "seal-submission" | "seal-time-out" }>;

/** What a change submits: a record for the first time (`revision` null), or again by an item; null: nothing. */
export async function seeSubmission(tx: Tx, change: Change): Promise<Seal | null> {
  const { pinned, after } = change;
  const revision = submittedBy(change);
  if (revision === undefined || !after.run.record || !port.look) return null;
  const seen = await port.look(tx, { pinned, recordId: after.run.record.id, state: null });
  return { type: "seal-submission", revision, seen };
}

type Decided = {
  readonly pinned: Change["pinned"];
  readonly state: RunState;
  readonly events: readonly DescribedEvent[];
};

/** How the request stands of which steps were just decided by the clock, before anything follows from it. A debug run is no evidence. */
export async function seeTimedOut(tx: Tx, { pinned, state, events }: Decided): Promise<Seal[]> {
  const seals: Seal[] = [];
  for (const { event } of events) {
    if (event.type !== "step-timed-out" || state.run.debug || !port.look) continue;
    const { stepRunId } = event;
    const { record } = state.items.findLast((item) => item.stepRunId === stepRunId) ?? state.run;
    const seen = await port.look(tx, { pinned, recordId: record?.id ?? null, state });
    seals.push({ type: "seal-time-out", stepRunId, seen });
  }
  return seals;
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
