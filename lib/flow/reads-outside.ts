import { CURRENT_DATE, CURRENT_DATE_TIME } from "../logic/globals";
import { pathsOf } from "../logic/reads";
import type { Flow } from "./definition";
import { readsOf } from "./reads";

/** What an evaluation flow's answer rests on beside its inputs: records of these objects, and whether it reads the clock. */
export type ReadsOutside = { readonly objects: readonly string[]; readonly clock: boolean };

/** Lifted out of a flow at its activation, so that runs which wait for its answer know what may change it (A8). */
export function readsOutside({ elements, variables }: Flow): ReadsOutside {
  const named = elements.flatMap((element) => (element.type === "get_records" ? [element.object] : []));
  const objects = [...new Set([...named, ...variables.flatMap(({ object }) => object ?? [])])].sort();
  const paths = elements.flatMap((element) =>
    element.type === "assignment" ? element.assignments.flatMap(({ value }) => pathsOf(value)) : readsOf(element),
  );
  return { objects, clock: paths.some((path) => path === CURRENT_DATE || path === CURRENT_DATE_TIME) };
}
