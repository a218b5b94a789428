import type { Lookup } from "../logic/references";
import { FORBIDDEN_NAMES, ownProperty, type Value } from "../logic/value";
import type { InterviewState, Step, Want } from "./interview";

/** What a path leads to; or, where it goes on behind the id of a record or person that was not looked at yet, what to look at. */
function seek({ values, behind }: InterviewState, path: string): { readonly value: Value } | Want {
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

/** Variables and answers by name, and through ids of records and people as far as these were looked at. */
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
