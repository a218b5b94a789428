import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { may } from "../gate";
import { type Person, requirePerson } from "../people/current-person";
import { noteReading } from "./note-reading";
import { itemDetail } from "./queries/item-detail";
import { listApprovals } from "./queries/list-approvals";
import { listItems } from "./queries/list-items";
import { listRequests } from "./queries/list-requests";
import { countWork, listWork, openItemsOn, railOf } from "./queries/list-work";
import type {
  ApprovalFilter,
  ApprovalRow,
  ItemFilter,
  ItemRow,
  RequestRow,
  WorkCounts,
  WorkDetail,
  WorkFilter,
  WorkRow,
} from "./schema";
import { MAX_AT_ONCE } from "./schema";

/** One view of My work: the person's own, so the gate has nothing to add to the query. */
export async function workList(filter: WorkFilter): Promise<Page<WorkRow> | Page<RequestRow>> {
  const person = await requirePerson();
  const { view } = filter;
  return view === "requests" ? listRequests(db(), person.userId, filter) : listWork(db(), person, { ...filter, view });
}

/** One view of My approvals: the person's own, and those of whom they stand in for. */
export async function approvalList(filter: ApprovalFilter): Promise<Page<ApprovalRow> | Page<RequestRow>> {
  const person = await requirePerson();
  const { view } = filter;
  return view === "requested"
    ? listRequests(db(), person.userId, { ...filter, areApprovals: true })
    : listApprovals(db(), person, { ...filter, view });
}

/** Approvals that match, for deciding many at once: at most as many as are decided at once. */
export async function matchingApprovals(filter: Omit<ApprovalFilter, "cursor">): Promise<Page<ApprovalRow>> {
  const { view } = filter;
  if (view !== "decide" && view !== "delegated") return { rows: [], next: null };
  return listApprovals(db(), await requirePerson(), { ...filter, view, size: MAX_AT_ONCE });
}

/** What the rail of every page shows. */
export const rail = async (): ReturnType<typeof railOf> => railOf(db(), await requirePerson());

export const workCounts = async (): Promise<WorkCounts> => countWork(db(), await requirePerson());

/** One item for its detail; null: not theirs to see, or none. */
export const workDetail = async (workItemId: string): Promise<WorkDetail | null> =>
  workDetailFor(await requirePerson(), workItemId);

/** The same for the person of a token. */
export async function workDetailFor(person: Person, workItemId: string): Promise<WorkDetail | null> {
  const detail = await itemDetail(db(), person, workItemId);
  if (detail) await noteReading(person, detail);
  return detail;
}

/** What the Work Guide of a record's page lists. */
export const workOnRecord = async (recordId: string): Promise<readonly WorkRow[]> =>
  openItemsOn(db(), await requirePerson(), recordId);

/** Orchestration Work Items; null for whoever may not see everybody's. */
export async function itemsList(filter: ItemFilter): Promise<Page<ItemRow> | null> {
  return may(await requirePerson(), "item.list") ? listItems(db(), filter) : null;
}
