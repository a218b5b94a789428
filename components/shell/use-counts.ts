"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLive } from "@/components/ui/use-live";
import { workKeys } from "@/lib/work/keys";
import type { WorkCounts } from "@/lib/work/schema";

/** How much is open in each view of My work; the server's first answer, then kept true. */
export function useCounts(first: WorkCounts): WorkCounts {
  const client = useQueryClient();
  const { data } = useQuery({ queryKey: workKeys.counts, queryFn: fetchCounts, initialData: first, staleTime: 10_000 });
  useLive(["work"], () => void client.invalidateQueries({ queryKey: workKeys.counts }));
  return data;
}

async function fetchCounts({ signal }: { signal: AbortSignal }): Promise<WorkCounts> {
  const answer = await fetch("/api/lists/work/counts", { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`the counts answered ${answer.status}`);
  return (await answer.json()) as WorkCounts;
}
