import { graphOf, reachableFrom } from "../logic/graph";
import type { Orchestration } from "./definition";

/** Names of the steps before a stage: of those stages that lead to it, and to which a run comes from its start without it. */
export function stepsBefore({ elements, start }: Orchestration, stage: string): string[] {
  const graph = graphOf(elements);
  const without = elements.filter(({ name }) => name !== stage);
  const reached = reachableFrom(graphOf(without), start.next).add(start.next);
  return without.flatMap((element) =>
    element.type === "stage" && reached.has(element.name) && reachableFrom(graph, element.name).has(stage)
      ? element.steps.map(({ name }) => name)
      : [],
  );
}
