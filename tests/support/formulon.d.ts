/** The part of the package that tests ask for a second opinion; it brings no types. */
declare module "formulon" {
  type Literal = { type: "literal"; dataType: string; value: unknown; options?: object };
  export function parse(
    formula: string,
    values?: Record<string, Literal>,
  ): Literal | { type: "error"; message: string };
  export function extract(formula: string): string[];
}
