import type { Actor } from "../../../lib/engine/command";
import type { ApprovalStep } from "../../../lib/engine/definition";
import type { DecidedAs, Values } from "../../../lib/engine/state";
import { failStep, SOME_TEXT, takeEffect } from "./ends";
import { closeItem, withdrawAll } from "./items";
import { brings, type ModelItem, type ModelRun, type ModelStep, openItems } from "./run";
import { certain, type Meaning, meaningOf, meaningStored } from "./sayings";

/** What follows when an approval is decided (semantics A11, A15, B 6.4, 6.5, 6.9). */

export type Decider = { readonly id: string; readonly onBehalfOf: string | null; readonly as: DecidedAs };
export const deciderOf = (actor: Extract<Actor, { type: "user" }>): Decider => ({
  id: actor.id,
  onBehalfOf: actor.onBehalfOf ?? null,
  as: actor.onBehalfOf === undefined ? "assignee" : "delegate",
});

const saidBy = (by: Decider) => ({ completedBy: by.id, onBehalfOf: by.onBehalfOf, decidedAs: by.as });

/** The words of the step's flow, or of whoever decides without one. */
export function decide(
  run: ModelRun,
  { step, item }: { step: ModelStep; item: ModelItem },
  said: { by: Decider; outputs: Values },
): void {
  const { by, outputs } = said;
  const definition = step.definition as ApprovalStep;
  const meaning = meaningOf(definition, outputs.approvalDecision);
  if (!meaning) return failForWant(run, step);
  for (const other of openItems(step))
    if (by.as !== "admin" && other !== item && other.claimedBy === by.id) other.claimedBy = null;
  const words = outputs.approvalComments ?? outputs.Comments;
  const comments = typeof words === "string" && words.trim() !== "" ? words : null;
  closeItem(step, item, "done", { ...saidBy(by), outcome: meaning.stored, comments });
  if (item.parent) return count(run, step, { group: item.parent, last: item, outputs });
  const asked = step.items.slice(step.items.findLastIndex(({ kind }) => kind === "revision") + 1);
  const beside = asked.filter((one) => one.kind === "approval" && !one.parent && one.completionKind === "done");
  if (meaning.does !== "approve" || beside.length === 1) return decideStep(run, step, { meaning, outputs });
  const all = ofAll(definition, beside, meaning);
  decideStep(run, step, { meaning: all, outputs: { ...outputs, ...wordsOfAll(beside, all) } });
}

/** Several who say the same say the author's own word for it, the last of them, if any did. */
function ofAll(definition: ApprovalStep, said: readonly ModelItem[], plain: Meaning): Meaning {
  const [last] = said
    .filter(({ completionKind }) => completionKind === "done")
    .toSorted((one, other) => other.closedAs - one.closedAs)
    .flatMap(({ outcome }) => meaningStored(definition, outcome) ?? [])
    .filter(({ does, stored }) => does === plain.does && stored !== does);
  return last ?? plain;
}

function wordsOfAll(said: readonly ModelItem[], { word }: Meaning): Values {
  const words = said.flatMap(({ completionKind, comments }) => (completionKind === "done" ? (comments ?? []) : []));
  return { approvalDecision: word, approvalComments: words.join("\n") || null };
}

/** B 6.5: anything but a word that the step knows is its failure. */
function failForWant(run: ModelRun, step: ModelStep): void {
  if (run.status === "in_progress") return failStep(run, step, null);
  brings(step, { stored: { error: SOME_TEXT, element: null } });
  withdrawAll(step);
}

/** A15: as soon as the votes that are still open can change nothing the group has decided; one that sends back decides at once. */
export function count(
  run: ModelRun,
  step: ModelStep,
  { group, last, outputs = {} }: { group: ModelItem; last: ModelItem; outputs?: Values },
): void {
  const definition = step.definition as ApprovalStep;
  const votes = step.items.filter(({ parent, kind }) => parent === group && kind === "approval");
  const done = votes.filter(({ completionKind }) => completionKind === "done");
  const many = (does: Meaning["does"]) =>
    done.filter(({ outcome }) => meaningStored(definition, outcome)?.does === does).length;
  const spoken = meaningStored(definition, last.outcome);
  const sentBack = spoken?.does === "send_back" ? spoken : null;
  const open = votes.filter(({ status }) => status === "assigned").length;
  const plain = meaningStored(definition, certain(definition.rule, { yes: many("approve"), no: many("reject"), open }));
  const result = sentBack ?? (plain && ofAll(definition, votes, plain));
  if (!result) return;
  const { completedBy, onBehalfOf, decidedAs } = last;
  closeItem(step, group, "done", { completedBy, onBehalfOf, decidedAs, outcome: result.stored });
  decideStep(run, step, { meaning: result, outputs: { ...outputs, ...wordsOfAll(votes, result) } });
}

/** Who was added beside an approver has to approve too; any other decision is everybody's. */
export function decideStep(
  run: ModelRun,
  step: ModelStep,
  { meaning, outputs }: { meaning: Meaning; outputs: Values },
): void {
  const others = openItems(step).filter(({ kind, parent }) => kind === "approval" && !parent);
  if (meaning.does === "approve" && others.length > 0) return;
  for (const other of others) closeItem(step, other, "superseded");
  if (meaning.does === "send_back" && meaning.to === null) {
    run.agenda.push({ step, ask: "assignee" });
    return;
  }
  brings(step, { outputs });
  if (run.status === "in_progress") takeEffect(run, step);
}
