import type { Values } from "../../../lib/engine/state";
import type { Awaited, World } from "../world";
import type { ModelStep } from "./run";

/**
 * A background step's flow at its Wait element (semantics B 7.3): the first that happens of all that it waits for is taken, the others are
 * forgotten. It happens to the flow when somebody looks; a save of the record is not missed, whatever becomes of it until then.
 */
export type Waiting = {
  readonly events: readonly Awaited[];
  /** Names of events that a save may have been. */
  readonly news: Set<string>;
  /** When events of time happen, by name, in milliseconds by the world's clock. */
  readonly due: ReadonlyMap<string, number>;
};

/** What the flow gives, or some words of why it fails. */
export type FlowEnd = { readonly gives: Values } | { readonly fails: string };

/** What becomes of the flow when it comes to its Wait element. */
export function beginToWait(world: World, step: ModelStep, events: readonly Awaited[]): FlowEnd | Waiting {
  if (isAway(world, step)) return NOT_ACTIVE;
  const { recordId = null, until = null } = step.inputs;
  for (const { type } of events) {
    if (type === "until" && until === null) return { fails: "has no date to wait until" };
    if (type === "holds" && recordId === null) return { fails: "has no record to look at" };
    if (type === "saved" && recordId === null) return { fails: "has no record to watch" };
  }
  const first = events.find((event) => holdsNow(world, event));
  if (first) return first;
  const instants = events.flatMap((event): [string, number][] => {
    if (event.type === "time") return [[event.name, world.clock + event.minutes * 60_000]];
    return event.type === "until" ? [[event.name, Date.parse(String(until))]] : [];
  });
  return { events, news: new Set(), due: new Map(instants) };
}

const NOT_ACTIVE: FlowEnd = { fails: "not active" };
const isAway = ({ inactive }: World, { runAs }: ModelStep): boolean => runAs !== null && inactive.includes(runAs);
const holdsNow = ({ record }: World, event: Awaited): boolean =>
  event.type === "holds" && record[event.path] === event.value;

/** The run's record was saved, or the one behind it, and is in the world as it was saved. */
export function hearOf({ events, news }: Waiting, world: World, saved: "record" | "parent"): void {
  for (const event of events) {
    const concerns =
      event.type === "holds"
        ? saved === "record" || event.path === "Parent.Level"
        : event.type === "saved" && saved === "record" && world.record[event.path] === event.value;
    if (concerns) news.add(event.name);
  }
}

/** What there is to look at by now, as it came; where there is nothing, what somebody may look at too early. */
export function newsOf(waiting: Waiting, { clock }: World): readonly Awaited[] {
  const { events, due } = waiting;
  const come = events.filter((event) => cameAt(waiting, event) <= clock);
  if (come.length === 0) return events.filter(({ name }) => due.has(name)).slice(0, 1);
  return come.toSorted((one, other) => cameAt(waiting, one) - cameAt(waiting, other));
}

/** Also what was saved before the clock was set back has come. */
function cameAt({ due, news }: Waiting, { name }: Awaited): number {
  return due.get(name) ?? (news.has(name) ? 0 : Number.POSITIVE_INFINITY);
}

/** Somebody looks at one of the events; null: the flow waits on. */
export function lookAt(world: World, step: ModelStep, waiting: Waiting, event: Awaited): FlowEnd | null {
  if (isAway(world, step)) return NOT_ACTIVE;
  const hasCome = event.type === "holds" ? holdsNow(world, event) : cameAt(waiting, event) <= world.clock;
  waiting.news.delete(event.name);
  return hasCome ? event : null;
}
