import type { Database } from "../../db/client";
import { hasSaid, isOthersThere } from "../engine/part-in-step";
import type { RunState, WorkItem } from "../engine/state";
import { submittersOf } from "../engine/submitters";
import type { Person } from "../people/current-person";
import { type Beginning, standInsToTell } from "../people/delegation/approval-subject";
import type { StandIn } from "../people/schema/delegation";
import { sayersOf } from "./place-in";

type Asked = {
  readonly process: Pick<Beginning, "definitionId" | "version">;
  readonly state: RunState;
  readonly item: WorkItem;
};

/** Who may decide an open approval in the place of these people now: within what was let of it, and nobody who has had their say. Nobody of other work. */
export async function standInsOn(db: Database, holders: readonly string[], { process, state, item }: Asked) {
  if (item.status !== "assigned" || item.kind !== "approval" || item.voting || state.run.debug) return [];
  const standIns = await standInsToTell(db, holders, {
    ...process,
    recordId: state.run.record?.id ?? null,
    submitters: submittersOf(state),
    sayers: sayersOf(state, item),
  });
  return standIns.filter(
    ({ delegateId }) => !hasSaid(state, item.stepRunId, delegateId) && !isOthersThere(state, item, delegateId),
  );
}

/** The same of an approval that is one person's, for whoever reads of it. */
export async function standInsFor(db: Database, { userId }: Pick<Person, "userId">, asked: Asked): Promise<StandIn[]> {
  const { assignee } = asked.item;
  if (assignee.type !== "user") return [];
  const found = await standInsOn(db, [assignee.id], asked);
  return found.map(({ until, ...one }) => ({
    ...one,
    until: new Date(until).toISOString(),
    reader: one.delegatorId === userId ? "delegator" : one.delegateId === userId ? "delegate" : null,
  }));
}
