import { instantOf } from "../logic/instant";
import type { Lookup } from "../logic/references";
import { FORBIDDEN_NAMES, isList, ownProperty, type Value } from "../logic/value";
import { wallTimeAt } from "../logic/wall-time";
import type { InterviewState, Step, Want } from "./interview";
import { askedOf } from "./visited";

/** The ids that a value holds: of one record, or of each of a list. */
export function idsOf(value: Value): readonly string[] {
  const one = (item: Value): string[] => {
    const id = typeof item === "string" ? item : ownProperty(item, "Id");
    return typeof id === "string" && id !== "" ? [id] : [];
  };
  return isList(value) ? value.flatMap(one) : one(value);
}

/** What a flow may ask of itself beside its variables (semantics B 7.4). */
function globalOf({ clock, fault }: InterviewState, path: string): Value {
  if (path === "$Flow.FaultMessage") return fault ?? null;
  if (path === "$Flow.CurrentDateTime") return clock.now;
  const at = instantOf(clock.now);
  return path === "$Flow.CurrentDate" && at !== null ? wallTimeAt(at, clock.timeZone).date : null;
}

/** What a path leads to; or, where it goes on behind the id of a record or person that was not looked at yet, what to look at. */
function seek(state: InterviewState, path: string): { readonly value: Value } | Want {
  if (path.startsWith("$")) return { value: globalOf(state, path) };
  const asked = askedOf(state, path);
  if (asked !== null) return { value: asked };
  const { values, behind } = state;
  let at: Value = values;
  let rest = path;
  for (;;) {
    if (typeof at === "string") {
      const known = ownProperty(behind, at);
      const isKnown = known !== null && typeof known === "object" && Object.hasOwn(known, rest);
      return isKnown ? { value: ownProperty(known, rest) } : { id: at, path: rest };
    }
    const dot = rest.indexOf(".");
    const name = dot < 0 ? rest : rest.slice(0, dot);
    if (FORBIDDEN_NAMES.has(name)) return { value: null };
    at = ownProperty(at, name);
    if (dot < 0 || at === null) return { value: at };
    rest = rest.slice(dot + 1);
  }
}

/** Variables and answers by name, what elements were visited, and through ids of records and people as far as these were looked at. */
export const lookupOf =
  (state: InterviewState): Lookup =>
  (path) => {
    const found = seek(state, path);
    return "value" in found ? found.value : null;
  };

/** Asks the shell for what lies behind ids on these paths; null when everything is known. The interview stays where it is. */
export function askBehind(state: InterviewState, paths: readonly string[]): Step | null {
  const wants = [...new Set(paths)].flatMap((path) => {
    const found = seek(state, path);
    return "id" in found ? [found] : [];
  });
  return wants.length > 0 ? { state, request: { type: "look_behind", wants } } : null;
}

/** Keeps what was found; a path that led nowhere is null and not asked for again. */
export function withBehind(
  state: InterviewState,
  found: readonly (Want & { readonly value: Value })[],
): InterviewState {
  const behind = { ...state.behind };
  for (const { id, path, value } of found) behind[id] = { ...behind[id], [path]: value };
  return { ...state, behind };
}
