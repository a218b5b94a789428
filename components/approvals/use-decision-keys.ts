"use client";

import type { RefObject } from "react";
import { useKeys } from "@/components/ui/use-keys";
import type { ApprovalDetail } from "@/lib/work/schema";

type Outcome = ApprovalDetail["outcomes"][number];

export const buttonOf = ({ name }: Outcome): string => `decide-${name}`;

/**
 * A approves with what was written; R and B go to the button that rejects or sends back, and Enter presses it. Only while the item's own panel
 * has the focus.
 */
export function useDecisionKeys(
  inside: RefObject<HTMLElement | null>,
  outcomes: readonly Outcome[],
  press: (outcome: Outcome) => void,
): void {
  const act = (does: Outcome["does"], how: (outcome: Outcome) => void) => () => {
    const outcome = outcomes.find((one) => one.does === does);
    const panel = inside.current?.closest("article");
    if (outcome && panel?.contains(document.activeElement)) how(outcome);
  };
  const goTo = (outcome: Outcome) => document.getElementById(buttonOf(outcome))?.focus();
  useKeys({ a: act("approve", press), r: act("reject", goTo), b: act("send_back", goTo) });
}
