import { isWorkingTime, type WaitElement, type WaitEvent } from "../flow/wait";
import type { Problem } from "../result";
import { checkCondition, type Rules } from "./check-condition";
import type { InFlow } from "./check-element";
import { checkExpression } from "./check-expression";
import { fits, kindWords, TEXT } from "./kind";
import { repeated } from "./repeated";
import { follow, isProblem, type Scope } from "./scope";

/** What the events of a Wait element name. */
export function checkWait(element: WaitElement, here: InFlow): Problem[] {
  return [
    ...repeated(element.events.map(({ name }, index) => ({ name, path: `${here.path}.events[${index}].name` }))),
    ...element.events.flatMap((event, index) => checkEvent(event, { ...here, path: `${here.path}.events[${index}]` })),
  ];
}

/** A condition is held against the record whenever that may have come to meet it, also by nobody's change. */
const AS_IT_IS: Rules = {
  refuses: (ref) =>
    ref.startsWith("$Record__Prior") ? `${ref} is what a change left behind; this waits for no change` : null,
};

function checkEvent(event: WaitEvent, here: InFlow): Problem[] {
  const { path, scope } = here;
  switch (event.type) {
    case "amount_of_time": {
      const isNegative =
        "literal" in event.amount && typeof event.amount.literal === "number" && event.amount.literal < 0;
      return [
        ...checkExpression(event.amount, { path: `${path}.amount`, wanted: { type: "number" } }, scope),
        ...(isNegative ? [{ path: `${path}.amount.literal`, message: "must not be less than 0" }] : []),
        ...checkCalendar(event, here),
      ];
    }
    case "until_date":
      return [
        ...checkExpression(event.at, { path: `${path}.at`, wanted: { type: "datetime" } }, scope),
        ...checkCalendar(event, here),
        ...checkOffset(event, here),
      ];
    case "condition":
      return [
        ...checkRecord(event, here),
        ...checkCondition(
          event.condition,
          { path: `${path}.condition`, rules: AS_IT_IS },
          recordScope(event.object, here),
        ),
      ];
    case "record_change":
      return [
        ...checkRecord(event, here),
        ...(event.condition
          ? checkCondition(
              event.condition,
              { path: `${path}.condition`, rules: { mayAskForChange: true } },
              recordScope(event.object, here),
            )
          : []),
        ...checkInto(event, here),
      ];
  }
}

/** The `Default` calendar is there from the start and cannot be deleted. */
function checkCalendar({ calendar }: { calendar?: string | undefined }, { path, world }: InFlow): Problem[] {
  return calendar === undefined || world.calendars.has(calendar)
    ? []
    : [{ path: `${path}.calendar`, message: `there is no calendar called ${calendar}` }];
}

/** Working time is counted forwards only. */
function checkOffset({ offset }: Extract<WaitEvent, { type: "until_date" }>, { path }: InFlow): Problem[] {
  return offset && offset.amount < 0 && isWorkingTime(offset.unit)
    ? [{ path: `${path}.offset.amount`, message: "working time is counted forwards only: it must not be less than 0" }]
    : [];
}

function checkRecord(
  { object, record }: { object: string; record?: string | undefined },
  { path, world, scope }: InFlow,
): Problem[] {
  if (!world.objects.has(object)) return [{ path: `${path}.object`, message: `there is no object called ${object}` }];
  if (record === undefined) return [];
  const found = scope(record);
  const at = `${path}.record`;
  if (isProblem(found)) return [{ path: at, message: `${record}: ${found.problem}` }];
  const isRecord = ["text", "record", "any"].includes(found.type) && (found.object ?? object) === object;
  return isRecord
    ? []
    : [{ path: at, message: `${record} is ${kindWords(found)}, but a record of ${object} is wanted` }];
}

function checkInto({ into, object }: Extract<WaitEvent, { type: "record_change" }>, { path, flow }: InFlow): Problem[] {
  if (into === undefined) return [];
  const variable = flow.variables.find(({ name }) => name === into);
  if (!variable) return [{ path: `${path}.into`, message: `there is no variable ${into}` }];
  return variable.type === "text" || fits({ type: "record", object }, variable)
    ? []
    : [{ path: `${path}.into`, message: `${into} must be a record of ${object}, or ${kindWords(TEXT)} for its id` }];
}

/** The record that is waited for, as it is and as it was before, over what the flow knows. */
function recordScope(object: string, { world, scope }: InFlow): Scope {
  return (path) => {
    const [head = "", ...names] = path.split(".");
    if (head !== "$Record" && head !== "$Record__Prior") return scope(path);
    return names.length === 0
      ? { problem: "is the record itself; name a field of it" }
      : follow(world, { type: "record", object }, names);
  };
}
