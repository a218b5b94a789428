import { canonicalJson } from "../logic/canonical";
import { evaluate } from "../logic/evaluate";
import type { Proof } from "../logic/schema";
import { ownProperty, type Value } from "../logic/value";
import type { ApprovalStep, StepDefinition } from "./definition";
import { definitionOf } from "./find";
import { contextOf, lookupOf } from "./lookup";
import { outcomeNamed } from "./outcomes";
import type { StepRun } from "./state";
import { emit, type Turn } from "./turn";

/**
 * An approval that nobody need give: the step's own rule holds, or nothing that it rests on differs from its last approval of the record.
 * Leaves the reason with the values seen, and Approve as the step's outputs. Whether it did.
 */
export function approvedByItself(turn: Turn, step: StepRun, defined: StepDefinition): boolean {
  if (defined.kind !== "approval") return false;
  const rule = defined.autoApprove && evaluate(defined.autoApprove, lookupOf(turn), contextOf(turn));
  if (rule?.met) return approve(turn, step, { by: "rule", proof: rule, words: "Approved by the process's own rule." });
  const same = unchanged(turn, defined);
  if (same)
    return approve(turn, step, { by: "unchanged", proof: same, words: "Nothing changed since it was approved." });
  return false;
}

/** The values side by side; null when one differs, there was no approval to compare with, or something was refused in this run. */
function unchanged(turn: Turn, { name, skipIfUnchanged }: ApprovalStep): Proof | null {
  if (skipIfUnchanged.length === 0 || isRefused(turn)) return null;
  const before = ownProperty(turn.facts.approvedBefore ?? {}, name);
  if (before === null) return null;
  const lookup = lookupOf(turn);
  const rows = skipIfUnchanged.map((path) => {
    const [leftValue, rightValue] = [lookup(path), ownProperty(before as { [name: string]: Value }, path)];
    const met = canonicalJson(leftValue) === canonicalJson(rightValue);
    return { left: path, leftValue, operator: "equals" as const, rightValue, met };
  });
  return rows.every(({ met }) => met) ? { met: true, logic: "all", requirements: rows } : null;
}

/** Whether a step of this run came to something else than an approval: whoever is asked after that is to look at it. */
const isRefused = ({ definition, state }: Turn): boolean =>
  state.steps.some((step) => {
    const defined = definitionOf(definition, state, step);
    if (defined.kind !== "approval" || step.outputs === null) return false;
    return outcomeNamed(defined, ownProperty(step.outputs, "approvalDecision"))?.does !== "approve";
  });

type Why = { readonly by: "rule" | "unchanged"; readonly proof: Proof; readonly words: string };

function approve(turn: Turn, { id: stepRunId }: StepRun, { by, proof, words }: Why): true {
  emit(turn, { type: "step-auto-approved", stepRunId, by, proof });
  const outputs = { approvalDecision: "Approve", approvalComments: words };
  emit(turn, { type: "step-outputs-stored", stepRunId, outputs });
  return true;
}
