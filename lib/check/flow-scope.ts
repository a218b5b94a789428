import type { Flow, FlowElement, ScreenElement, ScreenField } from "../flow/definition";
import { BOOLEAN, type Kind, TEXT } from "./kind";
import { follow, globalOf, type Scope } from "./scope";
import type { World } from "./world";

/** The kind of a screen field's answer; null for text that is only shown. */
export function answerKind(field: ScreenField): Kind | null {
  switch (field.type) {
    case "display_text":
      return null;
    case "number":
    case "currency":
    case "date":
      return { type: field.type };
    case "checkbox":
      return BOOLEAN;
    case "multi_select":
      return { type: "text_list" };
    case "picklist":
    case "radio":
      return field.options.length ? { type: "text", values: field.options.map(({ value }) => value) } : TEXT;
    case "lookup":
      return field.lookup === "user" ? { type: "user" } : field.lookup ? { type: "text", object: field.lookup } : TEXT;
    default:
      return TEXT;
  }
}

export const screensOf = (flow: Flow): ScreenElement[] =>
  flow.elements.filter((element: FlowElement) => element.type === "screen");

/** What a flow may ask of itself: why an element failed. */
const GLOBALS: ReadonlyMap<string, Kind> = new Map<string, Kind>([["$Flow.FaultMessage", TEXT]]);

/** What the operators `was_visited` and `has_error` read. */
const ASKED: ReadonlySet<string> = new Set(["WasVisited", "HasError"]);
const SAME_NAME = {
  problem:
    "an element and a variable or screen field have this name; give the element a name of its own to ask about it",
};

/** `Element.WasVisited`, `Element.HasError`, `Decision.Outcome.WasVisited` (semantics B 4.1). */
function askedOf(element: FlowElement, rest: readonly string[]): ReturnType<Scope> {
  if (rest.length === 1) return BOOLEAN;
  const [outcome, asked] = rest;
  const isOutcome = element.type === "decision" && element.outcomes.some(({ name }) => name === outcome);
  return isOutcome && rest.length === 2 && asked === "WasVisited"
    ? BOOLEAN
    : { problem: "name an element, or for was_visited an outcome as in Decision.Outcome" };
}

/** What a path means inside a flow: its variables, the answers of its screens, and what lies behind those that are records or people,
 * and what elements were visited. */
export function flowScope(flow: Flow, world: World): Scope {
  const known = new Map<string, Kind>([
    ...flow.variables.map(({ name, type, object }): [string, Kind] => [name, object ? { type, object } : { type }]),
    ...screensOf(flow).flatMap(({ fields }) =>
      fields.flatMap((field): [string, Kind][] => {
        const kind = answerKind(field);
        return kind ? [[field.name, kind]] : [];
      }),
    ),
  ]);
  const elements = new Map(flow.elements.map((element) => [element.name, element]));
  return (path) => {
    const own = GLOBALS.get(path);
    if (own) return own;
    const [head = "", ...rest] = path.split(".");
    const kind = known.get(head);
    const element = ASKED.has(rest.at(-1) ?? "") ? elements.get(head) : undefined;
    if (element) return kind ? SAME_NAME : askedOf(element, rest);
    if (!kind)
      return head.startsWith("$")
        ? globalOf(path)
        : { problem: `there is no variable, screen field or element called ${head}` };
    return rest.length === 0 ? kind : follow(world, kind, rest);
  };
}
