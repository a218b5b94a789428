import { type Choices, oneOf, weighted } from "./choices";

/** Levels of `AND`, `OR` and `NOT` about what is compared. */
const MAX_DEPTH = 2;

/** A formula that is true or false, of the few forms that `reference/formula.ts` reckons. */
export function makeFormula(choices: Choices, steps: readonly string[], depth = MAX_DEPTH): string {
  const inner = () => makeFormula(choices, steps, depth - 1);
  const deeper = depth > 0 ? 1 : 0;
  return weighted<() => string>(choices, [
    [3, () => makeComparison(choices, steps)],
    [deeper, () => `AND(${inner()}, ${inner()})`],
    [deeper, () => `OR(${inner()}, ${inner()})`],
    [deeper, () => `NOT(${inner()})`],
  ])();
}

function makeComparison(choices: Choices, steps: readonly string[]): string {
  const [path, operator, other] = weighted<() => readonly [string, string, string]>(choices, [
    [3, () => ["$Record.Size", oneOf(choices, ["=", ">", "<", ">=", "<=", "<>"]), String(choices.below(3))]],
    [1, () => ["$Record.Parent.Level", "=", String(choices.below(2))]],
    [1, () => ["$Record.Word", oneOf(choices, ["=", "<>"]), '"one"']],
    [2, () => [`${oneOf(choices, steps)}.Outputs.approvalDecision`, "=", oneOf(choices, ['"Approve"', '"Reject"'])]],
  ])();
  return choices.below(5) === 0 ? `ISBLANK(${path})` : `IF(ISBLANK(${path}), FALSE, ${path} ${operator} ${other})`;
}
