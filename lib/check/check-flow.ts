import type { Flow, FlowElement } from "../flow/definition";
import { exitsAt, graphOf, reachableFrom } from "../logic/graph";
import type { Problem } from "../result";
import { unusedRows } from "./check-condition";
import { checkElement } from "./check-element";
import { checkCalls } from "./check-subflow";
import { answerKind, flowScope, screensOf } from "./flow-scope";
import { fits, kindWords, literalProblem } from "./kind";
import { repeated } from "./repeated";
import type { Findings, World } from "./world";

/**
 * Whether a flow that has the right form can be activated, with every problem at its path. A flow must be able to end from wherever it
 * gets to, use nothing that does not exist, and do only what its type may.
 */
export function checkFlow(flow: Flow, world: World): Findings {
  const scope = flowScope(flow, world);
  const problems = [
    ...checkNames(flow),
    ...checkVariables(flow, world),
    ...checkConnectors(flow),
    ...checkType(flow),
    ...checkCalls(flow, world),
    ...flow.elements.flatMap((element, index) =>
      checkElement(element, { path: `elements[${index}]`, flow, world, scope }),
    ),
  ];
  return { problems, warnings: unusedRows(flow) };
}

/** Names of variables, of screen fields and of elements, each unique. A field named like a variable fills it, so their kinds must fit. */
function checkNames(flow: Flow): Problem[] {
  const fields = flow.elements.flatMap((element, index) =>
    element.type === "screen"
      ? element.fields.map((field, at) => ({ name: field.name, field, path: `elements[${index}].fields[${at}].name` }))
      : [],
  );
  const unfit = fields.flatMap(({ name, field, path }): Problem[] => {
    const variable = flow.variables.find((candidate) => candidate.name === name);
    const kind = answerKind(field);
    if (!variable || !kind || fits(kind, variable)) return [];
    return [
      {
        path,
        message: `${name} is also a variable, which the field fills: the variable is ${kindWords(variable)}, the answer ${kindWords(kind)}`,
      },
    ];
  });
  return [
    ...repeated(flow.variables.map(({ name }, index) => ({ name, path: `variables[${index}].name` }))),
    ...repeated(fields),
    ...repeated(flow.elements.map(({ name }, index) => ({ name, path: `elements[${index}].name` }))),
    ...unfit,
  ];
}

function checkVariables({ variables }: Flow, world: World): Problem[] {
  return variables.flatMap(({ name, type, object, default: value }, index) => {
    const path = `variables[${index}]`;
    const problems: Problem[] = [];
    const isRecord = type === "record" || type === "record_list";
    if (isRecord && object === undefined)
      problems.push({ path: `${path}.object`, message: `is missing: say which object's records ${name} holds` });
    if (object !== undefined && !isRecord)
      problems.push({ path: `${path}.object`, message: `${name} holds no record, so it has no object` });
    if (object !== undefined && isRecord && !world.objects.has(object))
      problems.push({ path: `${path}.object`, message: `there is no object called ${object}` });
    const message = isRecord && value !== null ? "a record has no default" : literalProblem(value, { type });
    return message ? [...problems, { path: `${path}.default`, message }] : problems;
  });
}

function checkConnectors({ elements, start }: Flow): Problem[] {
  const names = new Set(elements.map(({ name }) => name));
  const lost = [
    ...(names.has(start) ? [] : [{ path: "start", message: `begins with ${start}, which is no element here` }]),
    ...elements.flatMap((element, index) =>
      exitsAt(element).flatMap(({ path, next }) =>
        next === null || names.has(next)
          ? []
          : [{ path: `elements[${index}].${path}`, message: `leads to ${next}, which is no element here` }],
      ),
    ),
  ];
  if (!names.has(start)) return lost;
  const graph = graphOf(elements);
  const reached = new Set<string | null>([start, ...reachableFrom(graph, start)]);
  const astray = elements.flatMap(({ name, label }, index): Problem[] => {
    if (!reached.has(name)) return [{ path: `elements[${index}]`, message: `nothing leads to ${label}` }];
    return reachableFrom(graph, name).has(null)
      ? []
      : [{ path: `elements[${index}]`, message: `from ${label} no way leads to the end: some connector must be null` }];
  });
  return lost.length ? [...lost, ...astray.filter(({ message }) => message.startsWith("nothing leads"))] : astray;
}

const BY_ITSELF: readonly FlowElement["type"][] = [
  "assignment",
  "decision",
  "get_records",
  "create_records",
  "update_records",
  "delete_records",
  "action",
  "subflow",
];
type Allowed = { readonly types: readonly FlowElement["type"][]; readonly why: string };
const ALLOWED: Readonly<Record<Flow["type"], Allowed>> = {
  screen: { types: ["screen", ...BY_ITSELF], why: "whoever is at a screen cannot wait with the flow" },
  autolaunched: { types: [...BY_ITSELF, "wait"], why: "nobody is there to see a screen of an autolaunched flow" },
  evaluation: {
    types: ["assignment", "decision", "get_records"],
    why: "an evaluation flow answers a question at once and changes nothing",
  },
};

function checkType(flow: Flow): Problem[] {
  const { types, why } = ALLOWED[flow.type];
  const misplaced = flow.elements.flatMap(({ type }, index) =>
    types.includes(type) ? [] : [{ path: `elements[${index}].type`, message: `${why}, so it has no ${type}` }],
  );
  if (flow.type === "screen" && screensOf(flow).length === 0)
    return [...misplaced, { path: "elements", message: "a screen flow needs at least one screen" }];
  return flow.type === "evaluation" ? [...misplaced, ...checkAnswer(flow)] : misplaced;
}

/** Semantics 4.3: one Boolean output with this name, false unless the flow sets it. */
const ANSWER = "isOrchestrationConditionMet";

function checkAnswer({ variables }: Flow): Problem[] {
  const index = variables.findIndex(({ name }) => name === ANSWER);
  const answer = variables[index];
  if (!answer) return [{ path: "variables", message: `an evaluation flow needs the true-or-false output ${ANSWER}` }];
  if (answer.type !== "boolean" || !answer.isOutput)
    return [{ path: `variables[${index}]`, message: `${ANSWER} must be true or false and an output` }];
  return answer.default === true
    ? [{ path: `variables[${index}].default`, message: `${ANSWER} must be false unless the flow sets it` }]
    : [];
}
