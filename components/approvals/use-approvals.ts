"use client";

import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useLive } from "@/components/ui/use-live";
import { workKeys } from "@/lib/work/keys";
import type { ApprovalRow, ApprovalView, RequestRow } from "@/lib/work/schema";

export type Row = ApprovalRow | RequestRow;
export type RowPage = { readonly rows: readonly Row[]; readonly next: string | null };
export type Asked = { readonly view: ApprovalView; readonly search: string; readonly process: string };

/** Items by their own id, requests by their run's. */
export const rowId = (row: Row): string => (row.type === "item" ? row.workItemId : row.runId);

export const paramsOf = ({ view, search, process }: Asked): URLSearchParams =>
  new URLSearchParams({ view, ...(search && { search }), ...(process && { process }) });

/** One view of My approvals: the server's first page, further pages by key, and all of it anew when the stream says so. */
export function useApprovals(asked: Asked, first: RowPage) {
  const client = useQueryClient();
  const { view, search, process } = asked;
  const initialData: InfiniteData<RowPage, string | null> = { pages: [first], pageParams: [null] };
  const list = useInfiniteQuery({
    queryKey: workKeys.approvals(view, search, process),
    queryFn: ({ pageParam, signal }) => fetchPage(asked, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: RowPage) => page.next,
    initialData,
    refetchOnMount: true,
    placeholderData: keepPreviousData,
    staleTime: 2_000,
  });
  useLive(["work", "runs"], () => void client.invalidateQueries({ queryKey: workKeys.all }));
  const rows = [...new Map(list.data.pages.flatMap((page) => page.rows).map((row) => [rowId(row), row])).values()];
  return {
    rows,
    isError: list.isError,
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    more: () => void list.fetchNextPage(),
  };
}

async function fetchPage(asked: Asked, cursor: string | null, signal: AbortSignal): Promise<RowPage> {
  const params = paramsOf(asked);
  if (cursor) params.set("cursor", cursor);
  const answer = await fetch(`/api/lists/approvals?${params}`, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`My approvals answered ${answer.status}`);
  return (await answer.json()) as RowPage;
}
