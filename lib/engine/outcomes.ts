import { ownProperty, type Value } from "../logic/value";
import type { ApprovalStep } from "./definition";
import type { Values } from "./state";

/** What an approver may say at one step. `stored` is what columns and the contract hold: "approve", "reject", or its own name (A1b). */
export type Outcome = {
  readonly name: string;
  readonly label: string;
  readonly stored: string;
  readonly does: "approve" | "reject" | "send_back";
  /** Of `send_back` the stage; null: back to the submitter. */
  readonly to: string | null;
  readonly needsReason: boolean;
};

type Said = Pick<ApprovalStep, "outcomes" | "approveNeedsReason" | "rejectNeedsReason">;

/** Approve, Reject, and the further outcomes of the author, in this order. */
export const outcomesOf = ({ outcomes, approveNeedsReason, rejectNeedsReason }: Said): readonly Outcome[] => [
  { ...plain("Approve", "approve"), needsReason: approveNeedsReason },
  { ...plain("Reject", "reject"), needsReason: rejectNeedsReason },
  ...outcomes.map((one) => ({ ...one, stored: one.name })),
];

const plain = (name: string, does: "approve" | "reject") =>
  ({ name, label: name, stored: does, does, to: null }) as const;

/** The outcome that `approvalDecision` names, to the letter (6.5); null for any other text. */
export const outcomeNamed = (step: Said, name: Value): Outcome | null =>
  outcomesOf(step).find((outcome) => outcome.name === name) ?? null;

/** The outcome behind what a column holds. */
export const outcomeStored = (step: Said, stored: string | null): Outcome | null =>
  outcomesOf(step).find((outcome) => outcome.stored === stored) ?? null;

/** Whether what a step gave says no: how its submission ends. */
export const saysNo = (step: Said, outputs: Values | null): boolean =>
  outputs !== null && outcomeNamed(step, ownProperty(outputs, "approvalDecision"))?.does === "reject";
