import type { Flow } from "../flow/definition";
import { readsOf } from "../flow/reads";
import { CURRENT_DATE, CURRENT_DATE_TIME } from "../logic/globals";
import { pathsOf } from "../logic/reads";
import { flowScope } from "./flow-scope";
import { isProblem } from "./scope";
import type { World } from "./world";

/** What an evaluation flow's answer rests on beside its inputs: records of these objects, people as one of them, and whether it reads the clock. */
export type ReadsOutside = { readonly objects: readonly string[]; readonly clock: boolean };

/** What people are called among the objects; no object's own name begins so. */
export const PEOPLE = "$User";

/** Lifted out of a flow at its activation, so that runs which wait for its answer know what may change it (A8). */
export function readsOutside(flow: Flow, world: World): ReadsOutside {
  const { elements, variables } = flow;
  const paths = elements.flatMap((element) =>
    element.type === "assignment" ? element.assignments.flatMap(({ value }) => pathsOf(value)) : readsOf(element),
  );
  const named = elements.flatMap((element) => (element.type === "get_records" ? [element.object] : []));
  const objects = [...named, ...variables.flatMap(({ object }) => object ?? []), ...objectsBehind(flow, world, paths)];
  return {
    objects: [...new Set(objects)].sort(),
    clock: paths.some((path) => path === CURRENT_DATE || path === CURRENT_DATE_TIME),
  };
}

/** Whose records the paths lead through: `theCase.Account.Owner.Email` reads an account and a person besides. */
function objectsBehind(flow: Flow, world: World, paths: readonly string[]): string[] {
  const scope = flowScope(flow, world);
  return paths.flatMap((path) => {
    const names = path.split(".");
    const passed = names.slice(1).map((_, at) => scope(names.slice(0, at + 1).join(".")));
    return passed.flatMap((kind) => (isProblem(kind) ? [] : kind.type === "user" ? [PEOPLE] : (kind.object ?? [])));
  });
}
