import { wordsFrom } from "../../logic/display";
import { valueFrom } from "../../logic/express";
import type { Lookup } from "../../logic/references";
import type { Expression } from "../../logic/schema";
import { ownProperty, type Value } from "../../logic/value";
import type { FlowElement } from "../definition";
import { fail, type InterviewState, type Step, type Values } from "../interview";
import { idsOf, lookupOf } from "../seek";
import { type Spending, spendingOf, withSpent } from "../spending";

type Asking = Extract<
  FlowElement,
  { type: "get_records" | "create_records" | "update_records" | "delete_records" | "action" | "subflow" }
>;

/** What an element's expressions see, and what they may take. */
type Asked = { readonly lookup: Lookup; readonly spending: Spending };

type Expressions = { readonly [name: string]: Expression };

/** Expressions' values; of records all their fields. */
const valuesOf = (expressions: Expressions, { lookup, spending }: Asked): Values =>
  Object.fromEntries(Object.entries(expressions).map(([name, from]) => [name, valueFrom(from, lookup, spending)]));

/** As they are put into fields. */
const filled = (expressions: Expressions, asked: Asked): Values =>
  Object.fromEntries(Object.entries(valuesOf(expressions, asked)).map(([name, value]) => [name, asStored(value)]));

/** What a mail says is read by people; every other action gets its inputs as data. */
function inputsOf({ action, inputs }: Extract<Asking, { type: "action" }>, asked: Asked): Values {
  const { lookup, spending } = asked;
  const { subject, body } = action === "send_email" ? inputs : {};
  return {
    ...filled(inputs, asked),
    ...(subject && { subject: wordsFrom(subject, lookup, spending) }),
    ...(body && { body: wordsFrom(body, lookup, spending) }),
  };
}

/** Where a record is put into a field or compared with one, its id is meant. */
const asStored = (value: Value): Value =>
  value !== null && typeof value === "object" && typeof ownProperty(value, "Id") === "string"
    ? ownProperty(value, "Id")
    : value;

const filters = ({ where }: Pick<Extract<Asking, { type: "get_records" }>, "where">, { lookup, spending }: Asked) =>
  where.map(({ field, operator, value }) => ({ field, operator, value: valueFrom(value, lookup, spending) }));

/** Turns an element that needs the world into its request; the interview waits at the element until it is answered. */
export function ask(element: Asking, from: InterviewState): Step {
  const asked = { lookup: lookupOf(from), spending: spendingOf(from) };
  const step = asking(element, from, asked);
  return { ...step, state: withSpent(step.state, asked.spending) };
}

function asking(element: Asking, state: InterviewState, asked: Asked): Step {
  const { name, type } = element;
  switch (type) {
    case "get_records": {
      const where = filters(element, asked);
      const { object, limit, sort = null } = element;
      return { state, request: { type, element: name, object, where, sort, limit } };
    }
    case "create_records": {
      const values = filled(element.values, asked);
      return { state, request: { type, element: name, object: element.object, values } };
    }
    case "update_records": {
      const [id] = idsOf(asked.lookup(element.record));
      if (id === undefined)
        return fail(state, name, `${element.label} has no record to change: ${element.record} is empty.`);
      const values = filled(element.values, asked);
      return { state, request: { type, element: name, object: element.object, id, values } };
    }
    case "delete_records":
      return askToDelete(element, state, asked);
    case "subflow":
      return { state, request: { type, element: name, flow: element.flow, inputs: valuesOf(element.inputs, asked) } };
    case "action":
      return { state, request: { type, element: name, action: element.action, inputs: inputsOf(element, asked) } };
  }
}

function askToDelete(element: Extract<Asking, { type: "delete_records" }>, state: InterviewState, asked: Asked): Step {
  const { type, name, label, object, record } = element;
  const ids = record === undefined ? null : idsOf(asked.lookup(record));
  if (ids?.length === 0) return fail(state, name, `${label} has no record to delete: ${record} is empty.`);
  return { state, request: { type, element: name, object, ids, where: filters(element, asked) } };
}
