import { ownProperty } from "../logic/value";
import type { InterviewState } from "./interview";

/** Notes that an element was entered, or which outcome of a decision was taken, as `Decision.Outcome`. */
export const visiting = (state: InterviewState, place: string): InterviewState => noted(state, place, "entered");

/** Notes that an element failed, and the flow goes on nevertheless. */
export const failing = (state: InterviewState, element: string): InterviewState => noted(state, element, "failed");

function noted(state: InterviewState, place: string, how: "entered" | "failed"): InterviewState {
  const { visited = {} } = state;
  return ownProperty(visited, place) === how ? state : { ...state, visited: { ...visited, [place]: how } };
}

/**
 * What `was_visited` and `has_error` read (semantics B 4.1): `Element.WasVisited`, `Element.HasError`, `Decision.Outcome.WasVisited`. An element
 * has an error when it failed the last time that it was entered. Back makes not visited what was visited since. Null: the path asks for neither,
 * or begins with a variable or field.
 */
export function askedOf({ values, visited = {} }: InterviewState, path: string): boolean | null {
  const dot = path.lastIndexOf(".");
  const place = path.slice(0, Math.max(0, dot));
  if (Object.hasOwn(values, place.split(".")[0] ?? "")) return null;
  const asked = path.slice(dot + 1);
  if (asked === "WasVisited") return Object.hasOwn(visited, place);
  return asked === "HasError" ? ownProperty(visited, place) === "failed" : null;
}
