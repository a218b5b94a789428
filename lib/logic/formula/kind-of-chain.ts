import type { Kind } from "./call";
import { KIND_WORDS } from "./kind-words";
import { type Look, tell, want } from "./look";

type Pair = { readonly operator: string; readonly left: Kind; readonly right: Kind; readonly at: number };

/** What a row of operators gives, from left to right, by the kinds of what stands between them. */
export function kindOfChain(
  first: Kind,
  rest: readonly { readonly operator: string; readonly kind: Kind; readonly at: number }[],
  look: Look,
): Kind {
  let left = first;
  for (const { operator, kind, at } of rest) left = kindOfPair({ operator, left, right: kind, at }, look);
  return left;
}

function kindOfPair(pair: Pair, look: Look): Kind {
  const { operator, left, right, at } = pair;
  switch (operator) {
    case "&&":
    case "||":
      return both("boolean", pair, look);
    case "&":
      return both("text", pair, look);
    case "*":
    case "/":
    case "^":
      return both("number", pair, look);
    case "+":
      return sum(pair) ?? misfit(pair, look);
    case "-":
      return difference(pair) ?? misfit(pair, look);
    case "=":
    case "==":
    case "<>":
    case "!=":
      if (!areComparable(left, right)) misfit(pair, look);
      return "boolean";
    default:
      for (const kind of [left, right])
        if (!ORDERED.includes(kind)) {
          tell(look, `“${operator}” has no meaning for ${KIND_WORDS[kind]}`, at);
          return "boolean";
        }
      if (!areComparable(left, right)) misfit(pair, look);
      return "boolean";
  }
}

function both(wanted: Kind, { operator, left, right, at }: Pair, look: Look): Kind {
  for (const kind of [left, right]) want(wanted, { kind, at, by: `“${operator}”` }, look);
  return wanted;
}

const ORDERED: readonly Kind[] = ["number", "date", "datetime", "time", "any"];
const isMoment = (kind: Kind): boolean => kind === "date" || kind === "datetime";
const isText = (kind: Kind): boolean => kind === "text" || kind === "list" || kind === "record";

/** Null: what stands there does not add up. */
function sum({ left, right }: Pair): Kind | null {
  const isTextOrUnknown = (kind: Kind): boolean => isText(kind) || kind === "any";
  if ((isText(left) && isTextOrUnknown(right)) || (isText(right) && isTextOrUnknown(left))) return "text";
  if (isMoment(left) && right === "any") return left;
  if (isMoment(right) && left === "any") return right;
  if (left === "any" || right === "any") return "any";
  if (right === "number" && (left === "number" || isMoment(left) || left === "time")) return left;
  return left === "number" && (isMoment(right) || right === "time") ? right : null;
}

function difference({ left, right }: Pair): Kind | null {
  if (left === "any" || right === "any") return "any";
  if (right === "number" && (left === "number" || isMoment(left) || left === "time")) return left;
  return (isMoment(left) && isMoment(right)) || (left === "time" && right === "time") ? "number" : null;
}

function areComparable(left: Kind, right: Kind): boolean {
  if (left === "any" || right === "any" || left === right) return true;
  return isText(left) && isText(right);
}

function misfit({ operator, left, right, at }: Pair, look: Look): Kind {
  const kinds = [left, right];
  const hint =
    kinds.includes("datetime") && kinds.includes("date")
      ? "; write DATEVALUE(…) around the date and time"
      : kinds.includes("text") && operator === "+"
        ? "; write TEXT(…) around what is no text"
        : kinds.includes("text") && kinds.some(isMoment)
          ? "; write DATEVALUE(…) or DATETIMEVALUE(…) around the text"
          : kinds.includes("text") && kinds.includes("number")
            ? "; write VALUE(…) around the text"
            : "";
  return tell(look, `“${operator}” cannot be put between ${KIND_WORDS[left]} and ${KIND_WORDS[right]}${hint}`, at);
}
