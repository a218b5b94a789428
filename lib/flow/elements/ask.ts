import { wordsFrom } from "../../logic/display";
import { valueFrom } from "../../logic/express";
import type { Expression } from "../../logic/schema";
import { ownProperty, type Value } from "../../logic/value";
import type { FlowElement } from "../definition";
import { fail, type InterviewState, type Step, type Values } from "../interview";
import { idsOf, lookupOf } from "../seek";

type Asking = Extract<
  FlowElement,
  { type: "get_records" | "create_records" | "update_records" | "delete_records" | "action" | "subflow" }
>;

type Expressions = { readonly [name: string]: Expression };

/** Expressions' values; of records all their fields. */
const valuesOf = (expressions: Expressions, state: InterviewState): Values =>
  Object.fromEntries(
    Object.entries(expressions).map(([name, from]) => [name, valueFrom(from, lookupOf(state), state.clock)]),
  );

/** As they are put into fields. */
const filled = (expressions: Expressions, state: InterviewState): Values =>
  Object.fromEntries(Object.entries(valuesOf(expressions, state)).map(([name, value]) => [name, asStored(value)]));

/** What a mail says is read by people; every other action gets its inputs as data. */
function inputsOf({ action, inputs }: Extract<Asking, { type: "action" }>, state: InterviewState): Values {
  const lookup = lookupOf(state);
  const { subject, body } = action === "send_email" ? inputs : {};
  return {
    ...filled(inputs, state),
    ...(subject && { subject: wordsFrom(subject, lookup) }),
    ...(body && { body: wordsFrom(body, lookup) }),
  };
}

/** Where a record is put into a field or compared with one, its id is meant. */
const asStored = (value: Value): Value =>
  value !== null && typeof value === "object" && typeof ownProperty(value, "Id") === "string"
    ? ownProperty(value, "Id")
    : value;

const filters = ({ where }: Pick<Extract<Asking, { type: "get_records" }>, "where">, state: InterviewState) =>
  where.map(({ field, operator, value }) => ({
    field,
    operator,
    value: valueFrom(value, lookupOf(state), state.clock),
  }));

/** Turns an element that needs the world into its request; the interview waits at the element until it is answered. */
export function ask(element: Asking, state: InterviewState): Step {
  const { name, type } = element;
  switch (type) {
    case "get_records": {
      const where = filters(element, state);
      const { object, limit, sort = null } = element;
      return { state, request: { type, element: name, object, where, sort, limit } };
    }
    case "create_records":
      return {
        state,
        request: { type, element: name, object: element.object, values: filled(element.values, state) },
      };
    case "update_records": {
      const [id] = idsOf(lookupOf(state)(element.record));
      if (id === undefined)
        return fail(state, name, `${element.label} has no record to change: ${element.record} is empty.`);
      return {
        state,
        request: { type, element: name, object: element.object, id, values: filled(element.values, state) },
      };
    }
    case "delete_records":
      return askToDelete(element, state);
    case "subflow":
      return { state, request: { type, element: name, flow: element.flow, inputs: valuesOf(element.inputs, state) } };
    case "action":
      return {
        state,
        request: { type, element: name, action: element.action, inputs: inputsOf(element, state) },
      };
  }
}

function askToDelete(element: Extract<Asking, { type: "delete_records" }>, state: InterviewState): Step {
  const { type, name, label, object, record } = element;
  const ids = record === undefined ? null : idsOf(lookupOf(state)(record));
  if (ids?.length === 0) return fail(state, name, `${label} has no record to delete: ${record} is empty.`);
  return { state, request: { type, element: name, object, ids, where: filters(element, state) } };
}
