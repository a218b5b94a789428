import { remember } from "./remember";

/** `1 AND (2 OR NOT 3)` as it is asked: which rows it names, from 1, and whether it holds when those rows do. */
export type CustomLogic = {
  readonly rows: ReadonlySet<number>;
  readonly holds: (met: readonly boolean[]) => boolean;
};

type Holds = CustomLogic["holds"];
type Reading = { readonly tokens: readonly string[]; at: number; error: string | null; readonly rows: Set<number> };

const TOKEN = /\s*(\d{1,4}\b|and\b|or\b|not\b|[()])/iy;

/**
 * Reads custom logic: row numbers joined by AND, OR, NOT and brackets in upper or lower case; NOT binds closest, then AND. An `error` is a
 * sentence about what is wrong. Callers keep the text within its limit (`lib/logic/schema.ts`), which bounds the depth.
 */
export const readCustomLogic = remember((text: string): CustomLogic | { readonly error: string } => {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.trimEnd().length; ) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined)
      return { error: `“${text.slice(from).trim().slice(0, 20)}” is no row number, AND, OR, NOT or bracket.` };
    tokens.push(token.toUpperCase());
  }
  const reading: Reading = { tokens, at: 0, error: null, rows: new Set() };
  const holds = either(reading);
  const rest = tokens[reading.at];
  if (reading.error === null && rest !== undefined) reading.error = `AND or OR is missing before “${rest}”.`;
  return reading.error === null ? { rows: reading.rows, holds } : { error: reading.error };
});

function take(reading: Reading, token: string): boolean {
  if (reading.error !== null || reading.tokens[reading.at] !== token) return false;
  reading.at++;
  return true;
}

function either(reading: Reading): Holds {
  const parts = [both(reading)];
  while (take(reading, "OR")) parts.push(both(reading));
  return (met) => parts.some((part) => part(met));
}

function both(reading: Reading): Holds {
  const parts = [one(reading)];
  while (take(reading, "AND")) parts.push(one(reading));
  return (met) => parts.every((part) => part(met));
}

const NEVER: Holds = () => false;

function one(reading: Reading): Holds {
  if (take(reading, "NOT")) {
    const part = one(reading);
    return (met) => !part(met);
  }
  if (take(reading, "(")) {
    const inner = either(reading);
    if (!take(reading, ")")) reading.error ??= "A bracket is not closed.";
    return inner;
  }
  const token = reading.tokens[reading.at];
  const row = Number(token);
  if (token === undefined) reading.error ??= "It ends where a row number is wanted.";
  else if (!Number.isInteger(row)) reading.error ??= `A row number is wanted where “${token}” stands.`;
  else if (row === 0) reading.error ??= "Rows are numbered from 1.";
  if (reading.error !== null) return NEVER;
  reading.at++;
  reading.rows.add(row);
  return (met) => met[row - 1] ?? false;
}
