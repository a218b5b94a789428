import { wordsFrom } from "../../logic/display";
import { valueFrom } from "../../logic/express";
import type { Lookup } from "../../logic/references";
import type { Expression } from "../../logic/schema";
import { ownProperty, type Value } from "../../logic/value";
import type { FlowElement } from "../definition";
import { fail, type InterviewState, type Step, type Values } from "../interview";
import { lookupOf } from "../seek";

type Asking = Extract<FlowElement, { type: "get_records" | "create_records" | "update_records" | "action" }>;

const filled = (values: { readonly [name: string]: Expression }, lookup: Lookup): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, expression]) => [name, asStored(valueFrom(expression, lookup))]),
  );

/** What a mail says is read by people; every other action gets its inputs as data. */
function inputsOf({ action, inputs }: Extract<Asking, { type: "action" }>, lookup: Lookup): Values {
  const { subject, body } = action === "send_email" ? inputs : {};
  return {
    ...filled(inputs, lookup),
    ...(subject && { subject: wordsFrom(subject, lookup) }),
    ...(body && { body: wordsFrom(body, lookup) }),
  };
}

/** Where a record is put into a field or compared with one, its id is meant. */
const asStored = (value: Value): Value =>
  value !== null && typeof value === "object" && typeof ownProperty(value, "Id") === "string"
    ? ownProperty(value, "Id")
    : value;

/** Turns an element that needs the world into its request; the interview waits at the element until it is answered. */
export function ask(element: Asking, state: InterviewState): Step {
  const lookup = lookupOf(state);
  const { name, type } = element;
  switch (type) {
    case "get_records": {
      const where = element.where.map(({ field, operator, value }) => ({
        field,
        operator,
        value: valueFrom(value, lookup),
      }));
      const { object, limit, sort = null } = element;
      return { state, request: { type, element: name, object, where, sort, limit } };
    }
    case "create_records":
      return {
        state,
        request: { type, element: name, object: element.object, values: filled(element.values, lookup) },
      };
    case "update_records": {
      const found = lookup(element.record);
      const id = typeof found === "string" ? found : ownProperty(found, "Id");
      if (typeof id !== "string" || id === "")
        return fail(state, name, `${element.label} has no record to change: ${element.record} is empty.`);
      return {
        state,
        request: { type, element: name, object: element.object, id, values: filled(element.values, lookup) },
      };
    }
    case "action":
      return {
        state,
        request: { type, element: name, action: element.action, inputs: inputsOf(element, lookup) },
      };
  }
}
