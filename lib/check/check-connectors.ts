import { MAX_STAGES, type Orchestration } from "../engine/definition";
import { circleIn, exitsAt, exitsOf, graphOf, reachableFrom } from "../logic/graph";
import type { Problem } from "../result";
import { stagesOf } from "./orchestration-scope";

/** Whether the start, stages and decisions lead to one another as they should. */
export function checkConnectors(definition: Orchestration): Problem[] {
  const lost = checkTargets(definition);
  return [
    ...lost,
    ...checkStages(definition),
    ...checkWays(definition, lost.length > 0),
    ...checkDecisionCircle(definition),
  ];
}

function checkTargets({ elements, start }: Orchestration): Problem[] {
  const names = new Set(elements.map(({ name }) => name));
  const lost = (next: string | null, path: string): Problem[] =>
    next === null || names.has(next) ? [] : [{ path, message: `leads to ${next}, which is no stage or decision here` }];
  return [
    ...lost(start.next, "start.next"),
    ...elements.flatMap((element, index) =>
      exitsAt(element).flatMap(({ path, next }) => lost(next, `elements[${index}].${path}`)),
    ),
  ];
}

function checkStages(definition: Orchestration): Problem[] {
  const count = stagesOf(definition).length;
  return count > MAX_STAGES
    ? [{ path: "elements", message: `has ${count} stages; at most ${MAX_STAGES} are allowed` }]
    : [];
}

/** The start leads to a stage, and somewhere there is an end; the end is not asked for while a connector leads nowhere. */
function checkWays(definition: Orchestration, isBroken: boolean): Problem[] {
  const { next } = definition.start;
  const reached = new Set(next === null ? [] : [next, ...reachableFrom(graphOf(definition.elements), next)]);
  if (!stagesOf(definition).some(({ name }) => reached.has(name)))
    return [{ path: "start.next", message: "no stage is ever reached from the start" }];
  if (isBroken || reached.has(null)) return [];
  return [{ path: "elements", message: "no way leads to the end: some connector must be null" }];
}

/** A circle is fine as long as somebody does something in it. */
function checkDecisionCircle({ elements }: Orchestration): Problem[] {
  const decisions = elements.filter(({ type }) => type === "decision");
  const names = new Set(decisions.map(({ name }) => name));
  const links = decisions.map(
    (decision) =>
      [decision.name, exitsOf(decision).filter((next): next is string => next !== null && names.has(next))] as const,
  );
  const circle = circleIn(new Map(links));
  if (!circle) return [];
  const index = elements.findIndex(({ name }) => name === circle[0]);
  return [
    { path: `elements[${index}]`, message: `the decisions ${circle.join(" → ")} form a circle without a stage in it` },
  ];
}
