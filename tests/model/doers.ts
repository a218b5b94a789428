import type { Actor } from "../../lib/engine/command";
import { type Choices, oneOf } from "./choices";
import type { Move } from "./moves";
import type { ModelRun } from "./reference/run";
import { find } from "./reference/work";
import { handsOf } from "./who";

/**
 * Who may ask is the gate's to say, before the run hears of it (the policies' tests): nobody acts who is not active, works on what lies with a
 * group or queue that they are not in, or decides in the place of somebody for whom they do not stand in. Somebody who may does it instead.
 */
export function byWhoMay(choices: Choices, run: ModelRun, { command, by }: Move): Move {
  if (by.type !== "user") return { command, by };
  const { world } = run;
  const isInPlace = by.onBehalfOf !== undefined;
  const self = isInPlace && !world.standIn ? by.onBehalfOf : by.id;
  const doer: Actor = self === by.id ? by : { type: "user", id: self };
  const isAway = world.inactive.includes(self);
  if (isAway && command.type === "recall") return LOOK;
  if (!OF_TEAMS.has(command.type) || !("workItemId" in command))
    return { command, by: isAway ? { type: "user", id: "zoe" } : doer };
  const found = find(run, command.workItemId);
  const assignee = typeof found === "string" ? null : found.item.assignee;
  if (!assignee || assignee.type === "user") return { command, by: isAway ? { type: "user", id: "zoe" } : doer };
  const hands = handsOf(world, assignee);
  if (hands.includes(doer.onBehalfOf ?? self)) return { command, by: doer };
  if (hands.length > 0) return { command, by: { type: "user", id: oneOf(choices, hands) } };
  return LOOK;
}

/** Where there is nobody. */
const LOOK: Move = { command: { type: "wake", cause: { type: "record" } }, by: { type: "system" } };

const OF_TEAMS: ReadonlySet<string> = new Set(["complete-work-item", "claim-work-item", "ask-question"]);
