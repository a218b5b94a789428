import type { ApprovalStep } from "../../../lib/engine/definition";
import { handsOf } from "../who";
import type { ModelItem, ModelRun, ModelStep } from "./run";
import { isOwn, notTheirSay, submitters } from "./work";

/** Who may open the screens of a work item (A14, S27, S31, I35, I36): whoever works on it, and of an approval who decides in their place. */
export type At = { readonly item: string; readonly who: string };
export type Held = { readonly step: ModelStep; readonly item: ModelItem };
/** In whose place; null: for themselves. */
type By = { readonly id: string; readonly onBehalfOf: string | null };

export function locate(run: ModelRun, key: string): Held | null {
  const step = run.steps.find((one) => one.key === key.split(":")[0]);
  const item = step?.items.find((one) => one.key === key);
  return step && item ? { step, item } : null;
}

/** Dee decides for bob what is not hers. */
export function actingAs(run: ModelRun, { item: key, who }: At): By {
  const found = locate(run, key);
  const isBobs = found !== null && !holds(run, found.item, who) && isInPlace(run, found.item, who);
  return { id: who, onBehalfOf: isBobs ? "bob" : null };
}

const holds = ({ world }: ModelRun, { assignee }: ModelItem, who: string) => handsOf(world, assignee).includes(who);

const isInPlace = (run: ModelRun, item: ModelItem, who: string): boolean =>
  who === "dee" &&
  run.world.standIn &&
  item.kind === "approval" &&
  holds(run, item, "bob") &&
  (item.claimedBy === null || item.claimedBy === "bob");

/** Why they may not work at it now, or null. All of them see everybody's work. */
export function notTheirWork(run: ModelRun, at: At): string | null {
  const found = locate(run, at.item);
  if (!found || run.world.inactive.includes(at.who)) return "not-found";
  const { item } = found;
  if (item.status !== "assigned") return "item-closed";
  const by = actingAs(run, at);
  const gate = by.onBehalfOf === null ? notInTheirHands(run, item, at.who) : notInPlace(run, found);
  if (gate !== null) return gate;
  if (item.kind === "approval" && isOwn(run, found.step, [by.id, by.onBehalfOf])) return "own-submission";
  return notTheirSay(run, found, by) ?? (hasScreens(found) ? null : "no-flow");
}

function notInTheirHands(run: ModelRun, item: ModelItem, who: string): string | null {
  if (!holds(run, item, who)) return "not-found";
  return item.claimedBy !== null && item.claimedBy !== who ? "claimed-by-other" : null;
}

/** Nobody decides for another what either asked for, nor beside a say of their own. */
function notInPlace(run: ModelRun, { step, item }: Held): string | null {
  if (submitters(run).some((id) => ["dee", "bob"].includes(id))) return "own-submission";
  const others = run.steps.flatMap(({ key, items }) => items.map((one) => ({ ...one, step: key, one })));
  const hasSay = others.some(({ kind, voting, one, ...other }) => {
    if (kind !== "approval" || voting || one === item) return false;
    if (other.completionKind === "done") return other.completedBy === "dee" && other.onBehalfOf !== "bob";
    return other.status === "assigned" && other.step === step.key && other.assignee.id === "dee";
  });
  return hasSay ? "decided-before" : null;
}

/** What was sent back is mended and sent again by hand, and questions are answered in words. */
const hasScreens = ({ step: { definition }, item }: Held): boolean =>
  item.kind === "interactive" || (item.kind === "approval" && (definition as ApprovalStep).flow !== undefined);
