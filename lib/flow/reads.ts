import { pathsOf } from "../logic/reads";
import type { Expression } from "../logic/schema";
import type { FlowElement } from "./definition";
import { isOfRecord } from "./elements/await-events";
import type { WaitEvent } from "./wait";

const ofValues = (values: Readonly<Record<string, Expression>>): readonly string[] =>
  Object.values(values).flatMap(pathsOf);

/** How many expressions an element may evaluate when it is entered, for the bound of one execution. */
export function expressionsIn(element: FlowElement): number {
  if (element.type === "assignment") return element.assignments.length;
  if (element.type === "wait") return element.events.length;
  return element.type === "decision"
    ? element.outcomes.reduce((sum, { when }) => sum + Math.max(1, when.requirements.length), 0)
    : 1;
}

/** What an event of a Wait element reads of the flow; the record that it waits for is read by whoever waits. */
function ofEvent(event: WaitEvent): readonly string[] {
  switch (event.type) {
    case "amount_of_time":
      return pathsOf(event.amount);
    case "until_date":
      return pathsOf(event.at);
    case "condition":
      return [event.record, ...pathsOf(event.condition).filter((path) => !isOfRecord(path))];
    case "record_change": {
      const paths = event.condition ? pathsOf(event.condition).filter((path) => !isOfRecord(path)) : [];
      return event.record === undefined ? paths : [event.record, ...paths];
    }
  }
}

/** The paths that an element reads when it is entered. An assignment reads as it goes and says so itself. */
export function readsOf(element: FlowElement): readonly string[] {
  switch (element.type) {
    case "screen":
      return [
        ...pathsOf(element.help),
        ...element.fields.flatMap(({ label, help, default: start, visibleWhen, validWhen }) =>
          [label, help, start, visibleWhen, validWhen?.condition].flatMap((source) => (source ? pathsOf(source) : [])),
        ),
      ];
    case "assignment":
      return [];
    case "decision":
      return element.outcomes.flatMap(({ when }) => pathsOf(when));
    case "get_records":
      return element.where.flatMap(({ value }) => pathsOf(value));
    case "create_records":
      return ofValues(element.values);
    case "update_records":
      return [element.record, ...ofValues(element.values)];
    case "delete_records":
      return [
        ...(element.record === undefined ? [] : [element.record]),
        ...element.where.flatMap(({ value }) => pathsOf(value)),
      ];
    case "action":
    case "subflow":
      return ofValues(element.inputs);
    case "wait":
      return element.events.flatMap(ofEvent);
  }
}
