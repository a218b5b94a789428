import type { RowFact } from "../schema";

/** A fact that is not the same in all that are looked at together, and which of them stand out: `marks` by place in the list, null: ordinary. */
export type Compared = {
  readonly label: string;
  readonly values: readonly string[];
  readonly marks: readonly (string | null)[];
};

/** Beyond so many times the median an amount stands out. */
const FAR = 3;
/** With fewer than so many there is nothing ordinary to stand out from. */
const ENOUGH = 3;

/** What differs between requests, by label, in the order of the first request that has it. */
export function compareFacts(rows: readonly (readonly RowFact[])[]): Compared[] {
  const labels = [...new Set(rows.flatMap((facts) => facts.map(({ label }) => label)))];
  return labels.flatMap((label) => {
    const facts = rows.map((each) => each.find((fact) => fact.label === label) ?? null);
    const values = facts.map((fact) => fact?.shown ?? "");
    return new Set(values).size > 1 ? [{ label, values, marks: marksOf(facts, values) }] : [];
  });
}

function marksOf(facts: readonly (RowFact | null)[], values: readonly string[]): (string | null)[] {
  const numbers = facts.map((fact) => fact?.number ?? null);
  const known = numbers.flatMap((number) => number ?? []);
  if (facts.length < ENOUGH) return values.map(() => null);
  if (known.length === facts.length) {
    const median = medianOf(known);
    return known.map((number) => (median > 0 && number > FAR * median ? "More than three times the median" : null));
  }
  return values.map((value) => {
    const others = new Set(values.filter((other) => other !== value));
    const isOnly = values.filter((other) => other === value).length === 1;
    return isOnly && others.size === 1 ? "The only one with this" : null;
  });
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? half - 1 : half] ?? 0, sorted[half] ?? 0];
  return (low + high) / 2;
}
