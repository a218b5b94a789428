"use client";

import { Collapse, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconInfoCircle } from "@tabler/icons-react";
import { hasProof, Proof } from "@/components/runs/proof";
import type { Proof as ProofShape } from "@/lib/logic/schema";
import classes from "./item-detail.module.css";

/** Why this is on that desk, in a sentence; behind it the condition with the values it saw. Both are read from the history, not guessed. */
export function WhyPanel({ why, proof }: { why: string; proof: ProofShape | null }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <div className={classes.why}>
      <IconInfoCircle size={16} stroke={1.7} aria-hidden className={classes.whyIcon ?? ""} />
      <div className={classes.whyText}>
        <Text fz="sm">{why}</Text>
        {proof && hasProof(proof) && (
          <>
            <UnstyledButton className={classes.whyMore} onClick={toggle} aria-expanded={isOpen}>
              {isOpen ? "Hide the rule" : "Show the rule and its values"}
              <IconChevronDown size={14} aria-hidden data-open={isOpen || undefined} />
            </UnstyledButton>
            <Collapse expanded={isOpen}>
              <Proof proof={proof} />
            </Collapse>
          </>
        )}
      </div>
    </div>
  );
}
