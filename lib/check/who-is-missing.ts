import type { Orchestration } from "../engine/definition";
import type { Scope } from "./scope";
import { personKey, type World } from "./world";

/** Where a piece of an orchestration stands and what may be read there. */
export type Here = {
  readonly path: string;
  readonly definition: Orchestration;
  readonly world: World;
  readonly scope: Scope;
};

/** Why nobody can be found under that name; null: somebody can. */
export function whoIsMissing(
  types: readonly ("user" | "group" | "queue")[],
  name: string,
  world: World,
): string | null {
  const found = types.map((type) => world.people.get(personKey(type, name)));
  if (found.includes("active")) return null;
  const what = types.length > 1 ? "person, group or queue" : types[0] === "user" ? "person" : types[0];
  if (found.includes("inactive")) return `${name} is no longer active; name somebody who is`;
  return types.includes("user")
    ? `there is no ${what} called ${name}; name a person by username or e-mail address`
    : `there is no ${what} called ${name}`;
}
