"use client";

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { attempt } from "@/components/ui/attempt";
import { newKey } from "@/components/ui/new-key";
import { useSignInAgain } from "@/components/ui/session-gate";
import { decide } from "@/lib/approvals/actions";
import { workKeys } from "@/lib/work/keys";
import type { ApprovalRow } from "@/lib/work/schema";

export type Choice = "approve" | "reject";
/** What was not taken: about what, why, and what the decider had written. */
export type Refused = { readonly what: string; readonly message: string; readonly comments: string };

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

  const forget = (workItemId: string) => setRefused(({ [workItemId]: _gone, ...others }) => others);
  const send = async (row: ApprovalRow, choice: Choice, comments: string): Promise<boolean> => {
    const { workItemId, record, label, shownAs } = row;
    const name = `${workItemId} ${choice} ${comments}`;
    const key = keys[name] ?? newKey();
    setKeys((known) => ({ ...known, [name]: key }));
    setLeaving((ids) => new Set([...ids, workItemId]));
    forget(workItemId);
    const said = { workItemId, decision: choice, comments, shownAs, key };
    const result = await attempt(decide, said, signInAgain);
    if (result.ok) {
      notifications.show({
        color: "teal",
        message: choice === "approve" ? "Approved." : "Rejected. Whoever asked is told.",
      });
    } else {
      const { message } = result;
      setRefused((known) => ({ ...known, [workItemId]: { what: record?.name ?? label, message, comments } }));
    }
    await client.invalidateQueries({ queryKey: workKeys.all });
    setLeaving((ids) => new Set([...ids].filter((id) => id !== workItemId)));
    return result.ok;
  };
  return { leaving, refused, send, forget };
}
