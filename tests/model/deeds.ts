import { type Choices, chance, oneOf, weighted } from "./choices";
import { type ModelItem, type ModelRun, openItems } from "./reference/run";
import type { World } from "./world";

/** What is done about people and places while work is open: the run hears of it by the commands that follow from it. */
export type Deed =
  /** Says anew who is in a group or queue. */
  | { readonly type: "change-team"; readonly team: string; readonly members: readonly string[] }
  | { readonly type: "deactivate"; readonly who: string }
  | { readonly type: "let-in"; readonly who: string }
  /** Dee stands in for bob from now on, or no longer. */
  | { readonly type: "delegate" | "end-delegation" };

/** Who does it: an admin who has no part in any run. */
export const ROOT = "root";

/** In the order in which members get their votes. */
export const MEMBERS = ["ann", "bob", "cleo", "eve", "zoe"] as const;
const TEAMS = { Team: "group", Desk: "queue" } as const;
export const typeOf = (team: string): "group" | "queue" => (team === "Desk" ? TEAMS.Desk : TEAMS.Team);

/** Mostly about somebody who has something to do, seldom otherwise. Zoe stays: somebody has to act for those who went. */
export function makeDeed(choices: Choices, { steps, world }: ModelRun): Deed | null {
  const { inactive, standIn } = world;
  const open = steps.flatMap(openItems);
  if (!chance(choices, open.length > 0 || inactive.length > 0 ? 20 : 3)) return null;
  const [teams, people] = [open.filter(({ assignee }) => assignee.type !== "user"), open.flatMap(handsOn)];
  const team = oneOf(choices, teams.length > 0 ? teams.map(({ assignee }) => assignee.id) : ["Team", "Desk"]);
  const who = people.filter((id) => LEAVERS.includes(id));
  const [away] = inactive;
  return weighted<() => Deed>(choices, [
    [teams.length > 0 ? 6 : 1, () => ({ type: "change-team", team, members: someOf(choices) })],
    [3, () => ({ type: "deactivate", who: oneOf(choices, who.length > 0 ? who : LEAVERS) })],
    [away === undefined ? 0 : 5, () => ({ type: "let-in", who: away ?? "" })],
    [1, () => ({ type: standIn ? "end-delegation" : "delegate" })],
  ])();
}

const LEAVERS: readonly string[] = ["bob", "ann", "eve", "cleo"];
const handsOn = ({ assignee, claimedBy }: ModelItem): string[] => [
  ...(assignee.type === "user" ? [assignee.id] : []),
  ...(claimedBy === null ? [] : [claimedBy]),
];

/** Often few, sometimes nobody. */
function someOf(choices: Choices): string[] {
  const percent = oneOf(choices, [50, 20, 80, 0]);
  return MEMBERS.filter(() => chance(choices, percent));
}

/** Whether there is anything to do. */
export const isDue = (world: World, deed: Deed): boolean => {
  switch (deed.type) {
    case "deactivate":
      return !world.inactive.includes(deed.who);
    case "let-in":
      return world.inactive.includes(deed.who);
    case "change-team":
      return world.members[deed.team]?.join() !== deed.members.join();
    case "delegate":
      return !world.standIn && !["bob", "dee"].some((who) => world.inactive.includes(who));
    case "end-delegation":
      return world.standIn;
  }
};
