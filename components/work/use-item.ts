"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLive } from "@/components/ui/use-live";
import { workKeys } from "@/lib/work/keys";
import type { WorkDetail } from "@/lib/work/schema";

/**
 * One work item as this person may see it; null: it is not theirs, or there is none. What was theirs when they opened it stays as it was last
 * seen (`isGone`): what they typed is not taken away. `opened`: what they were shown first.
 */
export function useItem(workItemId: string, first?: WorkDetail | null) {
  const client = useQueryClient();
  const queryKey = workKeys.detail(workItemId);
  const item = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchItem(workItemId, signal),
    ...(first ? { initialData: first } : {}),
    staleTime: 5_000,
  });
  const [last, keep] = useState(first ?? null);
  if (item.data && item.data !== last) keep(item.data);
  const [opened, setOpened] = useState(first ?? null);
  if (item.data && opened === null) setOpened(item.data);
  const isGone = item.data === null && last !== null;
  const again = () => void client.invalidateQueries({ queryKey });
  const { runId, record } = last?.item ?? {};
  useLive(["work", ...(runId ? [`run:${runId}`] : []), ...(record ? [`record:${record.id}`] : [])], again);
  return { detail: item.data ?? last, opened, isGone, isLoading: item.isPending, isError: item.isError, again };
}

async function fetchItem(workItemId: string, signal: AbortSignal): Promise<WorkDetail | null> {
  const answer = await fetch(`/api/lists/work/${encodeURIComponent(workItemId)}`, {
    signal,
    headers: { accept: "application/json" },
  });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`the work item answered ${answer.status}`);
  return (await answer.json()) as WorkDetail;
}
