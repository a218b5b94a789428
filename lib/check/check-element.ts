import { type Flow, type FlowElement, ORCHESTRATION_EVENT } from "../flow/definition";
import { QUESTIONS } from "../logic/operator-words";
import type { Expression } from "../logic/schema";
import type { Problem } from "../result";
import { checkCondition } from "./check-condition";
import { checkExpression } from "./check-expression";
import { checkScreen } from "./check-screen";
import { checkSubflow } from "./check-subflow";
import { checkWait } from "./check-wait";
import { ANY, fits, type Kind, kindWords, TEXT } from "./kind";
import { repeated } from "./repeated";
import { fieldOf, isProblem, type Scope } from "./scope";
import type { World } from "./world";

export type InFlow = { readonly path: string; readonly flow: Flow; readonly world: World; readonly scope: Scope };

/** What one element of a flow names and assigns. Its connectors are looked at together, in `check-flow.ts`. */
export function checkElement(element: FlowElement, here: InFlow): Problem[] {
  switch (element.type) {
    case "screen":
      return checkScreen(element, here, here.scope);
    case "assignment":
      return element.assignments.flatMap((assignment, index) =>
        checkAssignment(assignment, { ...here, path: `${here.path}.assignments[${index}]` }),
      );
    case "decision":
      return [
        ...repeated(
          element.outcomes.map(({ name }, index) => ({ name, path: `${here.path}.outcomes[${index}].name` })),
        ),
        ...element.outcomes.flatMap(({ when }, index) =>
          checkCondition(when, { path: `${here.path}.outcomes[${index}].when` }, here.scope),
        ),
      ];
    case "get_records":
      return checkGet(element, here);
    case "create_records":
      return checkCreate(element, here);
    case "update_records":
      return [...objectProblem(element.object, here), ...checkTarget(element, here), ...checkValues(element, here)];
    case "delete_records":
      return checkDelete(element, here);
    case "action":
      return checkAction(element, here);
    case "subflow":
      return checkSubflow(element, here);
    case "wait":
      return checkWait(element, here);
  }
}

const variableOf = ({ flow }: InFlow, name: string) => flow.variables.find((variable) => variable.name === name);
const noVariable = (name: string): string => `there is no variable ${name}`;

function checkAssignment(
  { variable: name, operator, value }: { variable: string; operator: "set" | "add"; value: Expression },
  here: InFlow,
): Problem[] {
  const variable = variableOf(here, name);
  if (!variable) return [{ path: `${here.path}.variable`, message: noVariable(name) }];
  const kind: Kind = variable.object ? { type: variable.type, object: variable.object } : { type: variable.type };
  if (operator === "set") return checkExpression(value, { path: `${here.path}.value`, wanted: kind }, here.scope);
  const added: Readonly<Partial<Record<Kind["type"], Kind>>> = {
    number: kind,
    currency: kind,
    date: { type: "number" },
    datetime: { type: "number" },
    text: TEXT,
    text_list: TEXT,
    record_list: variable.object ? { type: "record", object: variable.object } : { type: "record" },
  };
  const wanted = added[kind.type];
  return wanted
    ? checkExpression(value, { path: `${here.path}.value`, wanted }, here.scope)
    : [{ path: `${here.path}.operator`, message: `nothing can be added to ${name}, which is ${kindWords(kind)}` }];
}

const objectProblem = (object: string, { path, world }: InFlow): Problem[] =>
  world.objects.has(object) ? [] : [{ path: `${path}.object`, message: `there is no object called ${object}` }];

type Filtered = Pick<Extract<FlowElement, { type: "get_records" }>, "object" | "where">;

function checkFilters({ object, where }: Filtered, { path, world, scope }: InFlow): Problem[] {
  return where.flatMap(({ field, operator, value }, index) => {
    const at = `${path}.where[${index}]`;
    const kind = fieldOf(world, object, field);
    if (!kind)
      return world.objects.has(object) ? [{ path: `${at}.field`, message: `${object} has no field ${field}` }] : [];
    if (operator === "in" || operator === "not_in")
      return checkExpression(value, { path: `${at}.value`, wanted: { type: "text_list" } }, scope);
    if (QUESTIONS.includes(operator))
      return checkExpression(value, { path: `${at}.value`, wanted: { type: "boolean" } }, scope);
    return checkExpression(value, { path: `${at}.value`, wanted: kind }, scope);
  });
}

/** Either one record (or a list of them), or filters: a Delete without any would empty the object. */
function checkDelete(element: Extract<FlowElement, { type: "delete_records" }>, here: InFlow): Problem[] {
  const { record, where, object } = element;
  const missing = objectProblem(object, here);
  if ((record === undefined) === (where.length === 0))
    return [...missing, { path: here.path, message: "needs either a record or filters in where, and not both" }];
  return record === undefined
    ? [...missing, ...checkFilters(element, here)]
    : [...missing, ...checkTarget({ object, record }, here, true)];
}

function checkGet(element: Extract<FlowElement, { type: "get_records" }>, here: InFlow): Problem[] {
  const { object, sort, into } = element;
  const { path, world } = here;
  const missing = objectProblem(object, here);
  const filters = checkFilters(element, here);
  if (sort && missing.length === 0 && !fieldOf(world, object, sort.field))
    filters.push({ path: `${path}.sort.field`, message: `${object} has no field ${sort.field}` });
  const variable = variableOf(here, into);
  if (!variable) return [...missing, ...filters, { path: `${path}.into`, message: noVariable(into) }];
  const isTaker =
    (variable.type === "record" || variable.type === "record_list") &&
    (variable.object === undefined || variable.object === object);
  return isTaker
    ? [...missing, ...filters]
    : [
        ...missing,
        ...filters,
        { path: `${path}.into`, message: `${into} must be a record or record_list of ${object}` },
      ];
}

/** The record to change: its id, or a record variable of its object. */
function checkTarget(
  { object, record }: { object: string; record: string },
  { path, scope }: InFlow,
  mayBeList = false,
): Problem[] {
  const found = scope(record);
  const at = `${path}.record`;
  if (isProblem(found)) return [{ path: at, message: `${record}: ${found.problem}` }];
  if (found.object && found.object !== object)
    return [{ path: at, message: `${record} is ${kindWords(found)}, but ${object} is wanted` }];
  return ["text", "record", "any", ...(mayBeList ? ["record_list", "text_list"] : [])].includes(found.type)
    ? []
    : [{ path: at, message: `${record} is ${kindWords(found)}, but a record or its id is wanted` }];
}

/** Fields that a flow may not set: Baton stamps them. */
const STAMPED: readonly string[] = ["Id", "CreatedBy", "CreatedAt", "UpdatedAt"];

function checkValues(
  { object, values }: { object: string; values: Readonly<Record<string, Expression>> },
  { path, world, scope }: InFlow,
): Problem[] {
  if (!world.objects.has(object)) return [];
  return Object.entries(values).flatMap(([name, value]) => {
    const at = `${path}.values.${name}`;
    if (STAMPED.includes(name)) return [{ path: at, message: `${name} is set by Baton` }];
    const kind = fieldOf(world, object, name);
    return kind
      ? checkExpression(value, { path: at, wanted: kind }, scope)
      : [{ path: at, message: `${object} has no field ${name}` }];
  });
}

function checkCreate(element: Extract<FlowElement, { type: "create_records" }>, here: InFlow): Problem[] {
  if (element.object === ORCHESTRATION_EVENT) return checkPublication(element, here);
  const { object, values, into } = element;
  const fields = [...(here.world.objects.get(object)?.fields ?? [])];
  const forgotten = [
    "Name",
    ...fields.filter(([, field]) => field.required && !field.hasDefault).map(([name]) => name),
  ].filter((name) => !Object.hasOwn(values, name));
  const problems = [...objectProblem(object, here), ...checkValues(element, here)];
  if (here.world.objects.has(object))
    problems.push(
      ...forgotten.map((name) => ({ path: `${here.path}.values`, message: `${object} needs a value for ${name}` })),
    );
  if (into === undefined) return problems;
  const variable = variableOf(here, into);
  if (!variable) return [...problems, { path: `${here.path}.into`, message: noVariable(into) }];
  return fits(TEXT, variable)
    ? problems
    : [...problems, { path: `${here.path}.into`, message: `${into} must be a text: it takes the new record's id` }];
}

/** Publishing the event that wakes a run: its id is all there is to say (semantics A10). */
function checkPublication(
  { values, into }: Extract<FlowElement, { type: "create_records" }>,
  { path, scope }: InFlow,
): Problem[] {
  const name = "OrchestrationInstanceId";
  const problems = Object.entries(values).flatMap(([field, value]) =>
    field === name
      ? checkExpression(value, { path: `${path}.values.${field}`, wanted: TEXT }, scope)
      : [{ path: `${path}.values.${field}`, message: `${ORCHESTRATION_EVENT} has no field ${field} that can be set` }],
  );
  if (!Object.hasOwn(values, name))
    problems.push({ path: `${path}.values`, message: `${ORCHESTRATION_EVENT} needs a value for ${name}` });
  if (into !== undefined) problems.push({ path: `${path}.into`, message: "an event is no record and leaves no id" });
  return problems;
}

function checkAction(
  { action, inputs }: Extract<FlowElement, { type: "action" }>,
  { path, world, scope, flow }: InFlow,
): Problem[] {
  const known = world.actions.get(action);
  if (!known)
    return [
      {
        path: `${path}.action`,
        message: `there is no action called ${action}; there are: ${[...world.actions.keys()].join(", ")}`,
      },
    ];
  if (known.isForSteps && flow.type !== "autolaunched")
    return [{ path: `${path}.action`, message: `${action} is for flows of background steps` }];
  const given = Object.entries(inputs).flatMap(([name, value]) =>
    known.inputs.includes(name)
      ? checkExpression(value, { path: `${path}.inputs.${name}`, wanted: ANY }, scope)
      : [
          {
            path: `${path}.inputs.${name}`,
            message: `${action} has no input of that name; it has: ${known.inputs.join(", ")}`,
          },
        ],
  );
  return [
    ...given,
    ...known.required
      .filter((name) => !Object.hasOwn(inputs, name))
      .map((name) => ({ path: `${path}.inputs`, message: `${action} needs ${name}` })),
  ];
}
