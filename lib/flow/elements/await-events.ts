import { valueFrom } from "../../logic/express";
import { pathsOf } from "../../logic/reads";
import type { Condition } from "../../logic/schema";
import { type AwaitedEvent, fail, type InterviewState, type Step, type Values } from "../interview";
import { idsOf, lookupOf } from "../seek";
import { type Spending, spendingOf, withSpent } from "../spending";
import type { WaitElement, WaitEvent } from "../wait";

/** Asks the shell to wait for the first of an element's events. One that has nothing to wait for is a fault of the element. */
export function awaitEvents(element: WaitElement, from: InterviewState): Step {
  const spending = spendingOf(from);
  const filled = element.events.map((event) => fillEvent(event, from, spending));
  const state = withSpent(from, spending);
  const events: AwaitedEvent[] = [];
  for (const [at, event] of filled.entries()) {
    if ("lacks" in event)
      return fail(state, element.name, `${element.label}: ${element.events[at]?.label ?? ""} ${event.lacks}.`);
    events.push(event);
  }
  return { state, request: { type: "wait", element: element.name, events } };
}

function fillEvent(
  event: WaitEvent,
  state: InterviewState,
  spending: Spending,
): AwaitedEvent | { readonly lacks: string } {
  const lookup = lookupOf(state);
  const { name, label } = event;
  switch (event.type) {
    case "amount_of_time": {
      const amount = valueFrom(event.amount, lookup, spending);
      if (typeof amount !== "number" || !Number.isFinite(amount)) return { lacks: "has no amount of time to wait" };
      return { type: event.type, name, label, amount, unit: event.unit, ...zoneOf(event) };
    }
    case "until_date": {
      const at = valueFrom(event.at, lookup, spending);
      if (typeof at !== "string" || at === "") return { lacks: "has no date to wait until" };
      return { type: event.type, name, label, at, time: event.time, offset: event.offset ?? null, ...zoneOf(event) };
    }
    case "condition": {
      const [record] = idsOf(lookup(event.record));
      if (record === undefined) return { lacks: `has no record to look at: ${event.record} is empty` };
      const { type, object, condition } = event;
      return { type, name, label, object, record, condition, known: knownTo(condition, state) };
    }
    case "record_change": {
      const { type, object, on, condition = null } = event;
      const [record = null] = event.record === undefined ? [] : idsOf(lookup(event.record));
      if (event.record !== undefined && record === null)
        return { lacks: `has no record to watch: ${event.record} is empty` };
      return { type, name, label, object, record, on, condition, known: condition ? knownTo(condition, state) : {} };
    }
  }
}

const zoneOf = ({ calendar, timeZone }: { calendar?: string | undefined; timeZone?: string | undefined }) => ({
  calendar: calendar ?? null,
  timeZone: timeZone ?? null,
});

/** Whether a path of an event's condition means the record that is waited for. */
export const isOfRecord = (path: string): boolean => /^\$Record(__Prior)?(\.|$)/.test(path);

/** What a condition reads of the flow itself: nothing of it changes while the flow waits. */
function knownTo(condition: Condition, state: InterviewState): Values {
  const lookup = lookupOf(state);
  const paths = pathsOf(condition).filter((path) => !isOfRecord(path) && !path.startsWith("$Flow.Current"));
  return Object.fromEntries(paths.map((path) => [path, lookup(path)]));
}
