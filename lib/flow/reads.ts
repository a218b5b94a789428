import { pathsOf } from "../logic/reads";
import type { Expression } from "../logic/schema";
import type { FlowElement } from "./definition";

const ofValues = (values: Readonly<Record<string, Expression>>): readonly string[] =>
  Object.values(values).flatMap(pathsOf);

/** How many expressions an element may evaluate when it is entered, for the bound of one execution. */
export function expressionsIn(element: FlowElement): number {
  if (element.type === "assignment") return element.assignments.length;
  return element.type === "decision"
    ? element.outcomes.reduce((sum, { when }) => sum + when.requirements.length, 0)
    : 1;
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
    case "action":
      return ofValues(element.inputs);
  }
}
