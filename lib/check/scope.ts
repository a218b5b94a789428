import { globalType } from "../logic/globals";
import { ANY, type Kind, kindOfField, TEXT } from "./kind";
import type { World } from "./world";

/** What a path stands for at one place of a definition: the kind of its value, or why it leads nowhere. */
export type Scope = (path: string) => Kind | { readonly problem: string };

export const isProblem = (found: Kind | { readonly problem: string }): found is { readonly problem: string } =>
  "problem" in found;

/** Lookups that one path may follow (`lib/records` follows no more). */
const MAX_LOOKUPS = 5;

const USER_FIELDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["Id", TEXT],
  ["Name", TEXT],
  ["Email", TEXT],
  ["Username", TEXT],
  ["Manager", { type: "user" }],
]);
export const STANDARD_FIELDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["Id", TEXT],
  ["Name", TEXT],
  ["Owner", { type: "user" }],
  ["CreatedBy", { type: "user" }],
  ["CreatedAt", { type: "datetime" }],
  ["UpdatedAt", { type: "datetime" }],
]);

/** The kind of a field of an object, standard or its own; null: there is none. */
export function fieldOf(world: World, object: string, name: string): Kind | null {
  const own = world.objects.get(object)?.fields.get(name);
  return own ? kindOfField(own) : (STANDARD_FIELDS.get(name) ?? null);
}

/** Follows `Owner.Manager.Email` from a record of an object, or from a person. */
export function follow(world: World, from: Kind, names: readonly string[]): Kind | { readonly problem: string } {
  if (names.length > MAX_LOOKUPS + 1) return { problem: `follows more than ${MAX_LOOKUPS} lookups` };
  let at = from;
  for (const name of names) {
    if (at.type === "any" || (at.type === "record" && !at.object) || (at.object && !world.objects.has(at.object)))
      return ANY;
    if (at.type !== "user" && !at.object) return { problem: `there is nothing behind it that is called ${name}` };
    const next = at.object ? fieldOf(world, at.object, name) : (USER_FIELDS.get(name) ?? null);
    if (!next) return { problem: at.object ? `${at.object} has no field ${name}` : `a person has no ${name}` };
    at = next;
  }
  return at;
}

/** What a `$…` name that is none of a definition's own stands for: the clock or a constant, or nothing. */
export function globalOf(path: string): Kind | { readonly problem: string } {
  const type = globalType(path);
  return type ? { type } : { problem: `${path.split(".")[0]} is not known here` };
}
