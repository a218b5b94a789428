"use client";

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newKey } from "@/components/ui/new-key";
import { useSignInAgain } from "@/components/ui/session-gate";
import { attempt } from "@/components/ui/use-act";
import { decide } from "@/lib/approvals/actions";
import { workKeys } from "@/lib/work/keys";

export type Choice = "approve" | "reject";
/** What was not taken: why, and what the decider had written. */
export type Refused = { readonly message: string; readonly comments: string; readonly choice: Choice };

/**
 * Decisions from a list: the row leaves at once, and comes back with the reason if it was refused, what was typed kept. The key of an act is
 * made once and used again when the same is tried again after a broken connection.
 */
export function useQuickDecisions() {
  const client = useQueryClient();
  const signInAgain = useSignInAgain();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Readonly<Record<string, Refused>>>({});
  const [keys, setKeys] = useState<Readonly<Record<string, string>>>({});

  const send = async (workItemId: string, choice: Choice, comments: string): Promise<boolean> => {
    const name = `${workItemId} ${choice} ${comments}`;
    const key = keys[name] ?? newKey();
    setKeys((known) => ({ ...known, [name]: key }));
    setLeaving((ids) => new Set([...ids, workItemId]));
    setRefused(({ [workItemId]: _gone, ...others }) => others);
    const result = await attempt(decide, { workItemId, decision: choice, comments, key }, signInAgain);
    if (result.ok) {
      notifications.show({
        color: "teal",
        message: choice === "approve" ? "Approved." : "Rejected. Whoever asked is told.",
      });
      await client.invalidateQueries({ queryKey: workKeys.all });
    } else setRefused((known) => ({ ...known, [workItemId]: { message: result.message, comments, choice } }));
    setLeaving((ids) => new Set([...ids].filter((id) => id !== workItemId)));
    return result.ok;
  };
  return { leaving, refused, send };
}
