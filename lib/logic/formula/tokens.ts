/** A piece of a formula; `at` is where it begins, counted from 0. */
export type Token = {
  readonly is: "number" | "text" | "path" | "name" | "sign" | "end";
  readonly text: string;
  readonly at: number;
};

const SPACE = /(?:\s|\/\*[\s\S]*?\*\/)+/y;
const NAMES = String.raw`\$?[A-Za-z]\w*(?:\.[A-Za-z]\w*){0,9}`;
const TOKENS: readonly { readonly is: Token["is"]; readonly form: RegExp }[] = [
  { is: "number", form: /(?:\d+(?:\.\d*)?|\.\d+)(?![\w.])/y },
  { is: "text", form: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y },
  { is: "path", form: new RegExp(String.raw`\{!\s*(${NAMES})\s*\}`, "y") },
  { is: "name", form: new RegExp(String.raw`${NAMES}(?![\w.$])`, "y") },
  { is: "sign", form: /&&|\|\||<>|<=|>=|!=|==|[-+*^&=<>!(),]|\/(?!\*)/y },
];

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const unescaped = (text: string): string =>
  text.slice(1, -1).replace(/\\([\s\S])/g, (_, character: string) => ESCAPES[character] ?? character);

/** The pieces of a formula with an `end` behind them, or where and why it cannot be cut. Comments and space between pieces are left out. */
export function tokensOf(formula: string): readonly Token[] | { readonly error: string; readonly at: number } {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    at += SPACE.exec(formula)?.[0].length ?? 0;
    if (at >= formula.length) return [...tokens, { is: "end", text: "", at }];
    const token = tokenAt(formula, at);
    if (!token) return { error: unknown(formula, at), at };
    tokens.push({ is: token.is, text: token.text, at });
    at += token.length;
  }
}

function tokenAt(formula: string, at: number): { is: Token["is"]; text: string; length: number } | null {
  for (const { is, form } of TOKENS) {
    form.lastIndex = at;
    const found = form.exec(formula);
    if (!found) continue;
    const text = is === "text" ? unescaped(found[0]) : (found[1] ?? found[0]);
    return { is, text, length: found[0].length };
  }
  return null;
}

function unknown(formula: string, at: number): string {
  const rest = formula.slice(at, at + 20);
  if (rest.startsWith('"') || rest.startsWith("'")) return "A text is not closed with a quotation mark.";
  if (rest.startsWith("/*")) return "A comment is not closed with */.";
  if (/^[“”„‘’]/.test(rest)) return 'Texts stand between straight quotation marks: "…".';
  return `“${rest}” is nothing that a formula may hold.`;
}
