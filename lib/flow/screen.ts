import { shownIn } from "../logic/display";
import { evaluate } from "../logic/evaluate";
import { fillTemplate, valueFrom } from "../logic/express";
import { MAX_STEPS_PER_EXECUTION } from "../logic/formula/world";
import { isDate } from "../logic/instant";
import { pathsOf } from "../logic/reads";
import { type Lookup, readPath } from "../logic/references";
import { isList, MAX_TEXT_CHARACTERS, type Value } from "../logic/value";
import type { Problem } from "../result";
import type { Flow, FlowElement, ScreenElement, ScreenField } from "./definition";
import { faultExitOf, type Values } from "./interview";

/**
 * What a screen shows and takes. The server decides with it, and the browser runs the same code while somebody types. `typed` are the
 * values of the screen's fields so far; `lookup` answers everything that was known before the screen was shown.
 */

/** Names of the fields that take an answer. */
export const fieldNames = (screen: ScreenElement): ReadonlySet<string> =>
  new Set(screen.fields.filter(({ type }) => type !== "display_text").map(({ name }) => name));

/** What is typed, over what was known; a field that is not filled in is null whatever a variable of its name held. */
function lookupOver(screen: ScreenElement, typed: Values, lookup: Lookup): Lookup {
  const own = fieldNames(screen);
  const head = (path: string) => path.split(".")[0] ?? path;
  return (path) => (own.has(head(path)) ? readPath(typed, path) : lookup(path));
}

/**
 * The fields that are shown now. A hidden field counts as empty for the conditions of the others, so hiding one may hide the next;
 * conditions that go in a circle are settled after as many rounds as there are fields.
 */
export function visibleFields(screen: ScreenElement, typed: Values, lookup: Lookup): readonly ScreenField[] {
  let shown: readonly ScreenField[] = screen.fields;
  const context = { allowance: { steps: MAX_STEPS_PER_EXECUTION } };
  for (let round = 0; round <= screen.fields.length; round++) {
    const over = lookupOver(screen, only(shown, typed), lookup);
    const next = screen.fields.filter(({ visibleWhen }) => !visibleWhen || evaluate(visibleWhen, over, context).met);
    if (next.length === shown.length && next.every((field, at) => field === shown[at])) return next;
    shown = next;
  }
  return shown;
}

function only(fields: readonly ScreenField[], typed: Values): Values {
  const taking = fields.filter(({ type }) => type !== "display_text");
  return Object.fromEntries(
    taking.map((field) => [
      field.name,
      normal(field, Object.hasOwn(typed, field.name) ? (typed[field.name] ?? null) : null),
    ]),
  );
}

/** An empty text or list is no value, an untouched checkbox is false, and chosen options stand in the order of the options. */
function normal(field: ScreenField, value: Value): Value {
  if (field.type === "checkbox") return value ?? false;
  if (typeof value === "string") return value.trim() === "" ? null : value;
  if (!isList(value)) return value;
  if (value.length === 0) return null;
  const chosen = field.options.map((option): Value => option.value).filter((option) => value.includes(option));
  return field.type === "multi_select" && chosen.length === value.length ? chosen : value;
}

/** The answers that Next takes: those of visible fields; hidden ones are null. Ask only after `validateScreen` found nothing. */
export function acceptedValues(screen: ScreenElement, typed: Values, lookup: Lookup): Values {
  const empty = Object.fromEntries([...fieldNames(screen)].map((name) => [name, null]));
  return { ...empty, ...only(visibleFields(screen, typed, lookup), typed) };
}

/** Everything that keeps Next from being taken, each at its field, in words for the person who types. Total for any JSON. */
export function validateScreen(screen: ScreenElement, typed: Values, lookup: Lookup): readonly Problem[] {
  const own = fieldNames(screen);
  const unknown = Object.keys(typed).filter((name) => !own.has(name));
  const shown = visibleFields(screen, typed, lookup);
  const values = only(shown, typed);
  const over = lookupOver(screen, values, lookup);
  return [
    ...unknown.map((name) => ({ path: name, message: `${name} is no field of this screen.` })),
    ...shown.flatMap((field) => {
      const message = own.has(field.name) ? complaint(field, values[field.name] ?? null, over) : null;
      return message ? [{ path: field.name, message }] : [];
    }),
  ];
}

function complaint(field: ScreenField, value: Value, over: Lookup): string | null {
  if (field.required && field.type === "checkbox" && value === false) return `${field.label} must be ticked.`;
  if (value === null) return field.required ? `${field.label} is required.` : null;
  const wrong = wrongType(field, value);
  if (wrong) return `${field.label} ${wrong}`;
  if (field.validWhen && !evaluate(field.validWhen.condition, over).met) return field.validWhen.message;
  return null;
}

/** The rest of a sentence that begins with the field's label, or null. */
function wrongType({ type, options }: ScreenField, value: Value): string | null {
  const offered = (item: Value) => options.some((option) => option.value === item);
  switch (type) {
    case "number":
    case "currency":
      return typeof value === "number" && Number.isFinite(value) ? null : "must be a number.";
    case "checkbox":
      return typeof value === "boolean" ? null : "must be ticked or not.";
    case "date":
      return typeof value === "string" && isDate(value) ? null : "must be a date that exists, such as 2026-11-21.";
    case "picklist":
    case "radio":
      return offered(value) ? null : "must be one of the choices.";
    case "multi_select":
      return isList(value) && value.every(offered) && new Set(value).size === value.length
        ? null
        : "must be some of the choices, each once.";
    default:
      return wrongText(value);
  }
}

function wrongText(value: Value): string | null {
  if (typeof value !== "string") return "must be a text.";
  if (value.length > MAX_TEXT_CHARACTERS)
    return `must be at most ${MAX_TEXT_CHARACTERS} characters long; it has ${value.length}.`;
  return value.includes("\0") || !value.isWellFormed() ? "holds a character that cannot be stored." : null;
}

/** What the fields hold when the screen is first shown: their defaults, where they fit. */
export function initialValues(screen: ScreenElement, lookup: Lookup): Values {
  const start = (field: ScreenField): Value => {
    const value = normal(field, field.default ? valueFrom(field.default, lookup) : null);
    return value === null || wrongType(field, value) ? normal(field, null) : value;
  };
  return Object.fromEntries(
    screen.fields.filter(({ type }) => type !== "display_text").map((field) => [field.name, start(field)]),
  );
}

/** The screen in its words: references in texts, labels and help are filled, as whoever is in that time zone reads them. */
export function filledScreen(screen: ScreenElement, lookup: Lookup, zone: string | null = null): ScreenElement {
  const filled = (text: string) => fillTemplate(text, lookup, shownIn(zone));
  const fields = screen.fields.map((field) => ({ ...field, label: filled(field.label), help: filled(field.help) }));
  return { ...screen, help: filled(screen.help), fields };
}

/**
 * The values from outside the screen that its conditions read, by path: all that the browser is told
 * of the rest of the interview. It looks them up with `lookupIn`.
 */
export function knownValues(screen: ScreenElement, lookup: Lookup): Values {
  const own = fieldNames(screen);
  const conditions = screen.fields.flatMap(({ visibleWhen, validWhen }) => [visibleWhen, validWhen?.condition]);
  const paths = conditions.flatMap((condition) => (condition ? pathsOf(condition) : []));
  return Object.fromEntries(
    paths.filter((path) => !own.has(path.split(".")[0] ?? path)).map((path) => [path, lookup(path)]),
  );
}

/** Whether no other screen can follow, so that the button says Finish. */
export function isLastScreen(flow: Flow, screen: ScreenElement): boolean {
  const seen = new Set<string>();
  const ahead: (string | null)[] = [screen.next];
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    const element = flow.elements.find((candidate) => candidate.name === name);
    if (!element || seen.has(element.name)) continue;
    if (element.type === "screen") return false;
    seen.add(element.name);
    ahead.push(...exitsOf(element));
  }
  return true;
}

function exitsOf(element: FlowElement): readonly (string | null)[] {
  if (element.type === "decision") return [element.defaultNext, ...element.outcomes.map(({ next }) => next)];
  if (element.type === "wait") return element.events.map(({ next }) => next);
  return [element.next, faultExitOf(element) ?? null];
}
