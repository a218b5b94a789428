import { and, asc, eq, ne, or } from "drizzle-orm";
import { user, workItem } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import { askManager } from "../../people/commands/ask-manager";
import { deactivatePerson } from "../../people/commands/change-person";
import type { Person } from "../../people/current-person";
import { holdPerson } from "../../people/hold-person";
import { teamsNamed } from "../../people/places-around";
import { findPerson, type PersonRow, placesOf } from "../../people/queries";
import { ok, type Result, refuse } from "../../result";
import { lockRuns } from "../../runs/lock-runs";
import { letGo } from "../let-go";
import { ownRequestThere } from "../queries/own-request-there";
import { type AboutItem, tellIfOpen } from "../tell-if-open";

/** Open items of one person that one command hands over (I51); with more they are reassigned in bulk first. */
const MAX_ITEMS = 100;
/** Votes of theirs that end with it. */
const MAX_VOTES = 500;
/** Admins who are asked after the manager and whoever does it; each may have submitted what is to be approved. */
const MAX_ADMINS = 20;

/**
 * Deactivates a person and leaves no work with them (I37): what lies with them by name goes to their manager, else to whoever does this, else
 * to another admin (nobody gets an approval of what they submitted), flagged, so that somebody looks at it; what they had claimed is
 * released; a vote of theirs in a group does not count any more; what nobody in their groups and queues can do now is flagged. Refusals: those of `deactivatePerson` and of the engine; `own-request-theirs` (name, to) where
 * they decide on what whoever does this asked for; `has-open-work` when there is nobody
 * to give it to, or too much of it; `too-many-votes` with limit.
 */
export async function deactivateAndHandOver(
  tx: Tx,
  person: Person,
  { userId }: { userId: string },
): Promise<Result<{ moved: number }>> {
  const asked = await askManager(tx, person);
  if (!asked.ok) return asked;
  const leaving = await findPerson(tx.db, userId);
  if (leaving?.userId !== userId) return refuse("not-found");
  const { groups, queues } = await placesOf(tx.db, userId);
  const name = await ownRequestThere(tx.db, person.userId, [userId, ...groups, ...queues]);
  if (name !== null) return refuse("own-request-theirs", { details: { name, to: leaving.name } });
  const open = await holdOpenWork(tx, userId);
  const [votes, others] = [open.filter(isVote), open.filter((item) => !isVote(item))];
  if (others.length > MAX_ITEMS) return refuse("has-open-work", { details: { name: leaving.name } });
  if (votes.length > MAX_VOTES) return refuse("too-many-votes", { details: { name: leaving.name, limit: MAX_VOTES } });
  const successors = await successorsOf(tx, person, leaving);
  const handOver = async (): Promise<Result<null>> => {
    for (const item of open) {
      const done = await letGoOf(tx, person, { item, leaving, successors });
      if (!done.ok) return done;
    }
    return ok(null);
  };
  const gone = await deactivatePerson(tx, person, { userId, handOver });
  if (!gone.ok) return gone;
  const teams = await teamsNamed(tx.db, [...groups, ...queues]);
  const done = await letGo(tx, person, { teams, left: [userId] });
  return done.ok ? ok({ moved: open.length }) : done;
}

type OpenItem = Awaited<ReturnType<typeof openWorkOf>>[number];

/** What lies with a person: by name, or claimed. */
const openWorkOf = (tx: Tx, userId: string) =>
  tx.db
    .select({
      runId: workItem.runId,
      workItemId: workItem.workItemId,
      kind: workItem.kind,
      parentItemId: workItem.parentItemId,
      assigneeType: workItem.assigneeType,
    })
    .from(workItem)
    .where(
      and(
        eq(workItem.status, "assigned"),
        or(and(eq(workItem.assigneeType, "user"), eq(workItem.assigneeId, userId)), eq(workItem.claimedBy, userId)),
      ),
    )
    .orderBy(asc(workItem.runId), asc(workItem.workItemId))
    .limit(MAX_ITEMS + MAX_VOTES + 1);

/**
 * What lies with somebody, and nothing more can come to lie there before this commits: whoever gives work to a person holds that person's
 * row. The runs known of are locked first, as every command does, so that one that is at work on them does not wait for us while we wait
 * for it; where one comes in between, the database ends one of the two, and it is tried again.
 */
async function holdOpenWork(tx: Tx, userId: string): Promise<OpenItem[]> {
  await lockRuns(tx, await openWorkOf(tx, userId));
  await tx.db.select({ id: user.userId }).from(user).where(eq(user.userId, userId)).for("update");
  return openWorkOf(tx, userId);
}

/** Their manager, whoever deactivates them, then other admins: in this order, and whether they are active is asked of the one that is taken. */
async function successorsOf(tx: Tx, person: Person, { userId, managerId }: PersonRow): Promise<string[]> {
  const admins = await tx.db
    .select({ id: user.userId })
    .from(user)
    .where(and(eq(user.role, "admin"), eq(user.kind, "person"), user.active, ne(user.userId, userId)))
    .orderBy(asc(user.createdAt), asc(user.userId))
    .limit(MAX_ADMINS);
  return [...new Set([...(managerId ? [managerId] : []), person.userId, ...admins.map(({ id }) => id)])];
}

/** A vote in a group: it is nobody else's, and the rule counts those who are left. */
const isVote = ({ assigneeType, kind, parentItemId }: OpenItem): boolean =>
  assigneeType === "user" && kind === "approval" && parentItemId !== null;

type Leaving = { readonly item: OpenItem; readonly leaving: PersonRow; readonly successors: readonly string[] };

/** What becomes of one item: claims and votes end, what is theirs goes to the first successor who may have it. Refusal: `has-open-work`. */
async function letGoOf(tx: Tx, person: Person, { item, leaving, successors }: Leaving): Promise<Result<unknown>> {
  const { runId, workItemId } = item;
  const give = (command: AboutItem) => tellIfOpen(tx, person, { runId, command });
  if (item.assigneeType !== "user") return give({ type: "release-work-item", workItemId });
  if (isVote(item)) return give({ type: "member-left", workItemId });
  const reason = `${leaving.name} was deactivated`;
  for (const id of successors) {
    if (id === leaving.userId || !(await holdPerson(tx, id))) continue;
    const to = { type: "user", id } as const;
    const given = await give({ type: "reassign-work-item", workItemId, to, reason, flag: "inactive_assignee" });
    if (given.ok || !NOT_THEIRS.has(given.refusal.code)) return given;
  }
  return refuse("has-open-work", { details: { name: leaving.name } });
}

/** Why one person may not have it, though another may: it is about their own submission, or they have their part in it already. */
const NOT_THEIRS: ReadonlySet<string> = new Set([
  "own-submission",
  "decided-before",
  "already-asked",
  "already-approver",
]);
