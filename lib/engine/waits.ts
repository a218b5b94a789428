import { canonicalJson } from "../logic/canonical";
import { CURRENT_DATE, CURRENT_DATE_TIME } from "../logic/globals";
import { nextChange } from "../logic/next-change";
import { pathsOf } from "../logic/reads";
import { NO_WAITS } from "./apply";
import { type OpenCondition, openConditions } from "./conditions";
import { nextRungs } from "./due";
import { openStage } from "./find";
import { stepsWaitingForLock } from "./locks";
import { clockOf, lookupOf } from "./lookup";
import type { Waits } from "./state";
import { emit, type Turn } from "./turn";

/**
 * An evaluation flow that reads the clock is asked again after this long: at first every five minutes, later after a hundredth of the time that
 * its stage has taken, up to an hour. Each time is a line of the history, which is bounded.
 */
const CLOCK_MS = { least: 5 * 60_000, most: 60 * 60_000, share: 100 } as const;
/**
 * A save that had read who waits, but had not been committed when a wait for its object began, has not seen the wait. No transaction lives
 * longer than 15 s, so the run looks once more after that.
 */
const RECHECK_MS = 16_000;

/** What could make an open condition of the run come true without anybody doing anything in it (A8). A definition reads a bounded number of paths. */
export function waitsOf(turn: Turn): Waits {
  const open = openConditions(turn);
  const records = [...new Set(open.flatMap((condition) => recordsBehind(turn, condition)))].sort();
  const objects = [...new Set(open.flatMap((condition) => outsideOf(turn, condition)?.objects ?? []))].sort();
  const clocks = [...open.flatMap((condition) => dueOf(turn, condition)), ...nextRungs(turn)];
  const recheckAt = recheckOf(turn, objects);
  const due = [...clocks, ...(recheckAt === null ? [] : [recheckAt])].sort();
  const lock = stepsWaitingForLock(turn).length > 0 ? (turn.state.run.record?.id ?? null) : null;
  return { records, objects, dueAt: due[0] ?? null, lock, ...(recheckAt !== null && { recheckAt }) };
}

/**
 * The records that a condition reads, itself or in what it gives its evaluation flow. The run's own record stands for paths that nobody
 * followed, and for whatever an evaluation flow makes of it; one that was deleted can change no more.
 */
function recordsBehind({ state, facts }: Turn, { condition }: OpenCondition): readonly string[] {
  const paths = pathsRead(condition).flatMap((path) =>
    path.startsWith("$Record.") ? [path.slice("$Record.".length)] : [],
  );
  const isAsked = condition.type === "evaluation_flow";
  if (!state.run.record || (paths.length === 0 && !isAsked)) return [];
  const { behind = {} } = facts;
  const followed = Object.values(behind);
  const isGone = followed.length > 0 && followed.every((ids) => ids.length === 0);
  const own = isGone ? [] : [state.run.record.id];
  return [...(isAsked ? own : []), ...paths.flatMap((path) => behind[path] ?? own)];
}

/** What a condition reads itself, or for the inputs of its evaluation flow. */
function pathsRead(condition: OpenCondition["condition"]): readonly string[] {
  if (condition.type === "requirements") return pathsOf(condition.condition);
  return condition.type === "evaluation_flow" ? Object.values(condition.inputs).flatMap(pathsOf) : [];
}

/** Facts are read only where they are asked for, so other conditions do not ask. */
function outsideOf({ facts }: Turn, { condition }: OpenCondition) {
  if (condition.type !== "evaluation_flow") return undefined;
  const { outside = {} } = facts;
  return Object.hasOwn(outside, condition.flow) ? outside[condition.flow] : undefined;
}

function dueOf(turn: Turn, open: OpenCondition): readonly string[] {
  if (open.condition.type === "evaluation_flow") {
    const readsClock = outsideOf(turn, open)?.clock || pathsRead(open.condition).some(isClock);
    return readsClock ? [nextLook(turn)] : [];
  }
  if (open.condition.type !== "requirements") return [];
  const due = nextChange(open.condition.condition, lookupOf(turn), clockOf(turn));
  return due === null ? [] : [due];
}

const isClock = (path: string): boolean => path === CURRENT_DATE || path === CURRENT_DATE_TIME;

function nextLook(turn: Turn): string {
  const { least, most, share } = CLOCK_MS;
  const taken = Date.parse(turn.env.now) - Date.parse(openStage(turn.state)?.startedAt ?? turn.env.now);
  return after(turn, Math.round(Math.min(most, Math.max(least, taken / share))));
}

/** When to look once more at objects that the run begins to wait for; until then that instant stands, whatever else is due before it. */
function recheckOf(turn: Turn, objects: readonly string[]): string | null {
  const { waits } = turn.state.run;
  if (objects.some((name) => !waits.objects.includes(name))) return after(turn, RECHECK_MS);
  const { recheckAt = null } = waits;
  return objects.length > 0 && recheckAt !== null && recheckAt > turn.env.now ? recheckAt : null;
}

const after = ({ env }: Turn, milliseconds: number): string =>
  new Date(Date.parse(env.now) + milliseconds).toISOString();

/** Writes down what the run waits for from now on, and asks to be woken when the clock comes round. */
export function setWaits(turn: Turn, waits: Waits): void {
  const former = turn.state.run.waits;
  // The database keeps the members of an object in an order of its own.
  if (canonicalJson(former) === canonicalJson(waits)) return;
  emit(turn, { type: "waits-changed", ...waits });
  if (waits.dueAt !== null && waits.dueAt !== former.dueAt) turn.effects.push({ type: "wake-at", at: waits.dueAt });
}

export const waitForNothing = (turn: Turn): void => setWaits(turn, NO_WAITS);
