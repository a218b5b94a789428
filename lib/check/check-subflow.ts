import { type Flow, type FlowElement, MAX_SUBFLOW_DEPTH } from "../flow/definition";
import { circleIn } from "../logic/graph";
import type { Problem } from "../result";
import type { InFlow } from "./check-element";
import { checkExpression } from "./check-expression";
import { fits, type Kind, kindWords } from "./kind";
import type { World } from "./world";

type Subflow = Extract<FlowElement, { type: "subflow" }>;
type Variable = Flow["variables"][number];

const kindOf = ({ type, object }: Variable): Kind => (object ? { type, object } : { type });

/** Names of the flows that a flow calls, each once. */
export const calledBy = (flow: Flow): readonly string[] => [
  ...new Set(flow.elements.flatMap((element) => (element.type === "subflow" ? [element.flow] : []))),
];

/** Whether a called flow is there, may be called from here, and takes and gives what the element says. */
export function checkSubflow(element: Subflow, here: InFlow): Problem[] {
  const { path, flow, world } = here;
  const called = world.flows.get(element.flow);
  const at = `${path}.flow`;
  if (element.flow === flow.name) return [{ path: at, message: "a flow cannot call itself" }];
  if (called === undefined) return [{ path: at, message: `there is no flow called ${element.flow}` }];
  if (called === "inactive") return [{ path: at, message: `no version of ${element.flow} is active` }];
  if (called.type !== "autolaunched")
    return [{ path: at, message: `${element.flow} is a ${called.type} flow; only autolaunched flows can be called` }];
  return [
    ...(flow.type === "screen" && waits(called, world)
      ? [{ path: at, message: `${element.flow} waits, and whoever is at the screen cannot wait with it` }]
      : []),
    ...checkInputs(element, called, here),
    ...checkOutputs(element, called, here),
  ];
}

function checkInputs({ inputs, flow: name }: Subflow, called: Flow, { path, scope }: InFlow): Problem[] {
  return Object.entries(inputs).flatMap(([input, value]) => {
    const at = `${path}.inputs.${input}`;
    const variable = called.variables.find((candidate) => candidate.name === input && candidate.isInput);
    return variable
      ? checkExpression(value, { path: at, wanted: kindOf(variable) }, scope)
      : [{ path: at, message: `${name} has no input called ${input}` }];
  });
}

function checkOutputs({ outputs, flow: name }: Subflow, called: Flow, { path, flow }: InFlow): Problem[] {
  return Object.entries(outputs).flatMap(([output, into]) => {
    const at = `${path}.outputs.${output}`;
    const given = called.variables.find((candidate) => candidate.name === output && candidate.isOutput);
    const variable = flow.variables.find((candidate) => candidate.name === into);
    if (!given) return [{ path: at, message: `${name} has no output called ${output}` }];
    if (!variable) return [{ path: at, message: `there is no variable ${into}` }];
    return fits(kindOf(given), kindOf(variable))
      ? []
      : [
          {
            path: at,
            message: `${output} is ${kindWords(kindOf(given))}, but ${into} is ${kindWords(kindOf(variable))}`,
          },
        ];
  });
}

/** The active flows behind a name and what they call, as far as the world knows them. */
const bodyOf = (world: World, name: string): Flow | null => {
  const found = world.flows.get(name);
  return found === undefined || found === "inactive" ? null : found;
};

function waits(flow: Flow, world: World, seen: ReadonlySet<string> = new Set()): boolean {
  if (flow.elements.some(({ type }) => type === "wait")) return true;
  return calledBy(flow)
    .filter((name) => !seen.has(name))
    .some((name) => {
      const body = bodyOf(world, name);
      return body !== null && waits(body, world, new Set([...seen, flow.name]));
    });
}

/** Flows that call one another in a circle, or too deep, are refused before they can run (reliability F55). */
export function checkCalls(flow: Flow, world: World): Problem[] {
  const links = new Map<string, readonly string[]>([[flow.name, calledBy(flow)]]);
  for (const [name, body] of world.flows)
    if (body !== "inactive" && name !== flow.name) links.set(name, calledBy(body));
  const index = flow.elements.findIndex(({ type }) => type === "subflow");
  // A flow that calls itself is told so at each element that does.
  if (index < 0 || calledBy(flow).includes(flow.name)) return [];
  const path = `elements[${index}].flow`;
  const circle = circleIn(links);
  if (circle) return [{ path, message: `the flows ${circle.join(" → ")} call one another in a circle` }];
  const depth = depthOf(flow.name, links);
  return depth > MAX_SUBFLOW_DEPTH
    ? [{ path, message: `flows call one another ${depth} deep; at most ${MAX_SUBFLOW_DEPTH} are allowed` }]
    : [];
}

/** How many flows lie in one another, this one included. There is no circle among the links. */
function depthOf(name: string, links: ReadonlyMap<string, readonly string[]>): number {
  const known = new Map<string, number>();
  const visit = (at: string): number => {
    const before = known.get(at);
    if (before !== undefined) return before;
    const depth = 1 + Math.max(0, ...(links.get(at) ?? []).map(visit));
    known.set(at, depth);
    return depth;
  };
  return visit(name);
}
