import type { Database } from "../../db/client";
import type { Command } from "../engine/command";
import { itemById } from "../engine/find";
import { stoodInFor } from "../engine/part-in-step";
import type { RunState, WorkItem } from "../engine/state";
import { submittersOf } from "../engine/submitters";
import { may } from "../gate";
import type { Person } from "../people/current-person";
import { readAmount } from "../people/delegation/approval-subject";
import { type ApprovalSubject, type InPlace, inPlaceOf, mayReadInPlace } from "../people/delegation/in-place";
import { subjectOf } from "./may-ask";

type Asked = { readonly definitionId: string; readonly state: RunState; readonly command: Command };
type Place = {
  /** The item's submission as the gate sees it; null where nobody's place is in question. */
  readonly approval: ApprovalSubject | null;
  /** In whose place, or why not; null: in nobody's. */
  readonly place: InPlace | null;
};

const NOBODYS: Place = { approval: null, place: null };

/** What a stand-in may do with an approval as its approver would. */
const IN_PLACE: ReadonlySet<Command["type"]> = new Set(["complete-work-item", "ask-question"]);

/** In whose place a person decides, or asks before deciding, of what the locked run says. */
export const placeIn = async (
  db: Database,
  asker: Person | "system" | null,
  { definitionId, state, command }: Asked,
): Promise<Place> => {
  const item = IN_PLACE.has(command.type) && "workItemId" in command ? itemById(state, command.workItemId) : undefined;
  return asker === null || asker === "system" || !item ? NOBODYS : placeOn(db, asker, { definitionId, state, item });
};

/**
 * In whose place a person decides an item. What is theirs anyway they decide for themselves, unless they decided on the request in somebody's place:
 * then in that one's. Nobody stands in for who plays a debug run.
 */
export async function placeOn(
  db: Database,
  person: Person,
  { definitionId, state, item }: { definitionId: string; state: RunState; item: WorkItem },
): Promise<Place> {
  if (person.standsFor.length === 0 || item.kind !== "approval" || item.voting || state.run.debug) return NOBODYS;
  if (stoodInFor(state, person.userId) === undefined && may(person, "item.work", subjectOf(state, item)))
    return NOBODYS;
  const amount = await readAmount(db, person, state.run.id);
  const approval = { definitionId, submitters: submittersOf(state), amount, sayers: sayersOf(state, item) };
  const isOpen = item.status === "assigned";
  return { approval, place: isOpen ? inPlaceOf(person, { ...subjectOf(state, item), approval }) : null };
}

/** Whether the person stands in now for somebody whose approval lies in the run. */
export async function isInPlace(
  db: Database,
  person: Person,
  { row: { definitionId }, state }: { readonly row: { readonly definitionId: string }; readonly state: RunState },
): Promise<boolean> {
  if (person.standsFor.length === 0 || state.run.debug) return false;
  const amount = await readAmount(db, person, state.run.id);
  const approval = { definitionId, submitters: submittersOf(state), amount, sayers: [] };
  return state.items.some(
    (item) => item.kind === "approval" && mayReadInPlace(person, { ...subjectOf(state, item), approval }),
  );
}

/** Who decided already, and who has another open item of the same step. */
export const sayersOf = ({ items }: RunState, { id, stepRunId }: WorkItem): ApprovalSubject["sayers"] =>
  items.flatMap((other) => {
    if (other.id === id || other.kind !== "approval" || other.voting) return [];
    if (other.completionKind === "done" && other.completedBy !== null)
      return [{ userId: other.completedBy, onBehalfOf: other.onBehalfOf }];
    const isSeat = other.status === "assigned" && other.stepRunId === stepRunId && other.assignee.type === "user";
    return isSeat ? [{ userId: other.assignee.id, onBehalfOf: null }] : [];
  });
