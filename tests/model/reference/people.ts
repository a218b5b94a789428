import type { Actor, Command } from "../../../lib/engine/command";
import { type Deed, MEMBERS, ROOT } from "../deeds";
import type { Move } from "../moves";
import { handsOf } from "../who";
import { type ModelItem, type ModelRun, openItems } from "./run";
import { find, isOwn, notTheirSay } from "./work";

/**
 * What follows for a run's open work when people come and go (I37, A14, A15, A16): the commands that it gets, one after another; each is told
 * whether it was refused. What an earlier one has closed by then needs nothing any more.
 */
type Following = Generator<Move, void, string | null>;

const BATON: Actor = { type: "system" };
const root = (command: Command): Move => ({ command, by: { type: "user", id: ROOT } });

export function* following(run: ModelRun, deed: Deed): Following {
  const { world } = run;
  if (deed.type === "delegate" || deed.type === "end-delegation") world.standIn = deed.type === "delegate";
  if (deed.type === "deactivate") yield* leave(run, deed.who);
  if (deed.type === "let-in") {
    world.inactive = world.inactive.filter((who) => who !== deed.who);
    yield* takeUp(run, teamsWith(run, deed.who));
  }
  if (deed.type === "change-team") {
    const before = handsOf(world, { type: "group", id: deed.team });
    world.members[deed.team] = deed.members;
    const now = handsOf(world, { type: "group", id: deed.team });
    yield* letGo(
      run,
      [deed.team],
      before.filter((who) => !now.includes(who)),
    );
    if (now.some((who) => !before.includes(who))) yield* takeUp(run, [deed.team]);
  }
}

const teamsWith = ({ world: { members } }: ModelRun, who: string): string[] =>
  Object.keys(members).filter((team) => members[team]?.includes(who));

const allOpen = ({ steps, status }: ModelRun): ModelItem[] =>
  status === "in_progress" || status === "suspended"
    ? steps.flatMap(openItems).toSorted((one, other) => one.madeAs - other.madeAs)
    : [];
const isOpen = ({ status }: ModelItem) => status === "assigned";
const isVote = ({ kind, parent }: ModelItem) => kind === "approval" && parent !== null;

/** Nothing stays with somebody who was deactivated, and nothing that follows from it comes to them. */
function* leave(run: ModelRun, who: string): Following {
  const { world } = run;
  world.inactive = [...world.inactive, who];
  for (const item of allOpen(run)) {
    const isTheirs = item.assignee.type === "user" && item.assignee.id === who;
    if (!isOpen(item) || !(isTheirs || item.claimedBy === who)) continue;
    if (item.assignee.type !== "user") yield root({ type: "release-work-item", workItemId: item.key });
    else if (isVote(item)) yield root({ type: "member-left", workItemId: item.key });
    else yield* handOver(run, item, who);
  }
  if (who === "bob" || who === "dee") world.standIn = false;
  yield* letGo(run, teamsWith(run, who), [who]);
}

/** To their manager, else to whoever deactivates them, else to another admin: to the first who may have it. */
function* handOver({ world: { managers, inactive } }: ModelRun, { key }: ModelItem, who: string): Following {
  const reason = "deactivated";
  for (const id of new Set([managers[who] ?? ROOT, ROOT, ...MEMBERS, "dee"])) {
    if (id === who || inactive.includes(id)) continue;
    const to = { type: "user", id } as const;
    const code = yield root({ type: "reassign-work-item", workItemId: key, to, reason, flag: "inactive_assignee" });
    if (code === null) return;
  }
  throw new Error("nobody is left to have it");
}

/** Votes and claims of who left end; what nobody there can do now is flagged. */
function* letGo(run: ModelRun, teams: readonly string[], left: readonly string[]): Following {
  const isOf = ({ assignee }: ModelItem) => assignee.type !== "user" && teams.includes(assignee.id);
  if (left.length === 0) return;
  const isGone = (who: string, team: string) =>
    left.includes(who) && !handsOf(run.world, { type: "group", id: team }).includes(who);
  for (const item of allOpen(run))
    if (
      isOpen(item) &&
      isVote(item) &&
      item.parent &&
      isOf(item.parent) &&
      isGone(item.assignee.id, item.parent.assignee.id)
    )
      yield root({ type: "member-left", workItemId: item.key });
  for (const item of allOpen(run))
    if (isOpen(item) && isOf(item) && item.claimedBy !== null && isGone(item.claimedBy, item.assignee.id))
      yield root({ type: "release-work-item", workItemId: item.key });
  for (const item of allOpen(run))
    if (isOpen(item) && isOf(item) && isStranded(run, item))
      yield { command: { type: "nobody-left", workItemId: item.key }, by: BATON };
}

/** What nobody could do is work again for who came. */
function* takeUp(run: ModelRun, teams: readonly string[]): Following {
  for (const item of allOpen(run))
    if (item.flag === "nobody_left" && teams.includes(item.assignee.id) && isOpen(item) && !isStranded(run, item))
      yield { command: { type: "somebody-came", workItemId: item.key }, by: BATON };
}

/** A group that votes has nobody once no vote is open; of what they submitted or had their say on nobody decides anything more. */
function isStranded(run: ModelRun, item: ModelItem): boolean {
  const { step } = find(run, item.key) as Found;
  if (item.voting) return !step.items.some((one) => one.parent === item && isOpen(one));
  const isBarred = (id: string) =>
    isOwn(run, step, [id]) || notTheirSay(run, { step, item }, { id, onBehalfOf: null }) !== null;
  return handsOf(run.world, item.assignee).every((id) => item.kind === "approval" && isBarred(id));
}
type Found = Exclude<ReturnType<typeof find>, string>;
