import type { FlowElement } from "@/lib/flow/definition";
import type { WaitEvent } from "@/lib/flow/wait";
import { conditionText, expressionText } from "./words";

/** What an element does, one short line for each thing. */
export function linesOf(element: FlowElement): string[] {
  const set = (values: Readonly<Record<string, Parameters<typeof expressionText>[0]>>) =>
    Object.entries(values).map(([name, value]) => `${name} = ${expressionText(value)}`);
  switch (element.type) {
    case "screen":
      return element.fields
        .filter(({ type }) => type !== "display_text")
        .map(
          ({ label, type, required, visibleWhen }) =>
            `${label}${required ? " *" : ""} · ${type.replaceAll("_", " ")}${visibleWhen ? ` · if ${conditionText(visibleWhen)}` : ""}`,
        );
    case "assignment":
      return element.assignments.map(
        ({ variable, operator, value }) => `${variable} ${operator === "add" ? "+=" : "="} ${expressionText(value)}`,
      );
    case "get_records":
      return [`${element.object} into ${element.into}`, ...element.where.map(filterText)];
    case "create_records":
      return [element.object, ...set(element.values)];
    case "update_records":
      return [`${element.object} ${element.record}`, ...set(element.values)];
    case "delete_records":
      return [`${element.object}${element.record ? ` ${element.record}` : ""}`, ...element.where.map(filterText)];
    case "action":
      return [element.action.replaceAll("_", " "), ...set(element.inputs)];
    case "subflow":
      return [
        element.flow,
        ...set(element.inputs),
        ...Object.entries(element.outputs).map(([output, variable]) => `${variable} = ${output}`),
      ];
    case "wait":
    case "decision":
      return [];
  }
}

const filterText = ({
  field,
  operator,
  value,
}: {
  field: string;
  operator: string;
  value: Parameters<typeof expressionText>[0];
}): string => `${field} ${operator.replaceAll("_", " ")} ${expressionText(value)}`;

/** A way out of an element; `when` says what takes it. */
type Way = { readonly key: string; readonly next: string | null; readonly when?: string };

/** Where an element leads, in its order. */
export function waysOf(element: FlowElement): readonly Way[] {
  const fault: Way[] =
    "faultNext" in element && element.faultNext !== undefined
      ? [{ key: "fault", next: element.faultNext, when: "if it fails" }]
      : [];
  if (element.type === "wait")
    return [
      ...element.events.map((event) => ({ key: event.name, next: event.next, when: eventText(event) })),
      ...fault,
    ];
  if (element.type !== "decision") return [{ key: "next", next: element.next }, ...fault];
  return [
    ...element.outcomes.map(({ name, next, label, when }) => ({
      key: name,
      next,
      when: `${label} (${conditionText(when)})`,
    })),
    { key: "default", next: element.defaultNext, when: element.defaultLabel },
  ];
}

function eventText(event: WaitEvent): string {
  const { label } = event;
  switch (event.type) {
    case "amount_of_time":
      return `${label} (after ${expressionText(event.amount)} ${event.unit.replaceAll("_", " ")})`;
    case "until_date":
      return `${label} (at ${expressionText(event.at)})`;
    case "condition":
      return `${label} (when ${conditionText(event.condition)} of ${event.record})`;
    case "record_change":
      return `${label} (when ${event.record ?? `a record of ${event.object}`} is saved${event.condition ? ` and ${conditionText(event.condition)}` : ""})`;
  }
}
