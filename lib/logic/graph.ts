/** A definition's elements as nodes: what each leads to, null being the end. Connectors that lead nowhere known are left out. */
export type Graph = ReadonlyMap<string, readonly (string | null)[]>;

type Connected = { readonly name: string; readonly faultNext?: string | null | undefined } & (
  | {
      readonly type: "decision";
      readonly outcomes: readonly { readonly next: string | null }[];
      readonly defaultNext: string | null;
    }
  | { readonly type: "wait"; readonly events: readonly { readonly next: string | null }[] }
  | { readonly type: string; readonly next: string | null; readonly steps?: readonly Deciding[] }
);

/** A step, whose decision may lead its run elsewhere. */
type Deciding = {
  readonly name: string;
  readonly outcomes?: readonly { readonly to: string | null }[];
  readonly onReject?: string | { readonly goTo: string };
};

/** Where an element may go next, in its order, each with where that stands in the element; a fault connector is last. */
export function exitsAt(element: Connected): readonly { readonly path: string; readonly next: string | null }[] {
  const fault = element.faultNext === undefined ? [] : [{ path: "faultNext", next: element.faultNext }];
  if ("outcomes" in element) {
    const outcomes = element.outcomes.map(({ next }, at) => ({ path: `outcomes[${at}].next`, next }));
    return [...outcomes, { path: "defaultNext", next: element.defaultNext }, ...fault];
  }
  if ("events" in element)
    return [...element.events.map(({ next }, at) => ({ path: `events[${at}].next`, next })), ...fault];
  const decided = "steps" in element ? (element.steps ?? []).flatMap(exitsOfStep) : [];
  return [{ path: "next", next: element.next }, ...decided, ...fault];
}

const exitsOfStep = ({ outcomes = [], onReject }: Deciding, at: number) => [
  ...outcomes.flatMap(({ to }, index) =>
    to === null ? [] : [{ path: `steps[${at}].outcomes[${index}].to`, next: to }],
  ),
  ...(typeof onReject === "object" ? [{ path: `steps[${at}].onReject.goTo`, next: onReject.goTo }] : []),
];

/** Where an element may go next, in its order. */
export const exitsOf = (element: Connected): readonly (string | null)[] => exitsAt(element).map(({ next }) => next);

export function graphOf(elements: readonly Connected[]): Graph {
  const names = new Set(elements.map(({ name }) => name));
  return new Map(
    elements.map((element) => [element.name, exitsOf(element).filter((next) => next === null || names.has(next))]),
  );
}

/** Every element that can be reached from one, itself among them only if a way leads back to it; `null` is the end. */
export function reachableFrom(graph: Graph, start: string | null): Set<string | null> {
  const seen = new Set<string | null>();
  const open: (string | null)[] = start === null ? [] : [...(graph.get(start) ?? [])];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (at !== null) open.push(...(graph.get(at) ?? []));
  }
  return seen;
}

/** Names in the first circle found among links that each name may have to others; null: there is none. */
export function circleIn(links: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): readonly string[] | null => {
    const seenAt = trail.indexOf(name);
    if (seenAt >= 0) return [...trail.slice(seenAt), name];
    if (done.has(name)) return null;
    for (const next of links.get(name) ?? []) {
      const found = visit(next, [...trail, name]);
      if (found) return found;
    }
    done.add(name);
    return null;
  };
  for (const name of links.keys()) {
    const found = visit(name, []);
    if (found) return found;
  }
  return null;
}
