"use client";

import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useLive } from "@/components/ui/use-live";
import { workKeys } from "@/lib/work/keys";
import type { RequestRow, WorkRow, WorkView } from "@/lib/work/schema";

export type Row = WorkRow | RequestRow;
export type RowPage = { readonly rows: readonly Row[]; readonly next: string | null };

/** Items by their own id, requests by their run's. */
export const rowId = (row: Row): string => (row.type === "item" ? row.workItemId : row.runId);

/** One view of My work: the server's first page, further pages by key, and all of it anew when the stream says so. */
export function useWorkList({
  view,
  search,
  first,
}: {
  view: WorkView;
  search: string;
  first: { page: RowPage; search: string };
}) {
  const client = useQueryClient();
  const queryKey = workKeys.list(view, search);
  const initialData: InfiniteData<RowPage, string | null> = { pages: [first.page], pageParams: [null] };
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage({ view, search, cursor: pageParam, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: RowPage) => page.next,
    ...(search === first.search ? { initialData } : {}),
    placeholderData: keepPreviousData,
    staleTime: 2_000,
  });
  useLive(["work", "runs"], () => void client.invalidateQueries({ queryKey: workKeys.all }));
  const pages = list.data?.pages ?? [];
  const rows = [...new Map(pages.flatMap((page) => page.rows).map((row) => [rowId(row), row])).values()];
  return {
    rows,
    isLoading: list.isPending,
    isError: list.isError,
    hasMore: list.hasNextPage,
    isLoadingMore: list.isFetchingNextPage,
    more: () => void list.fetchNextPage(),
  };
}

type Ask = { view: WorkView; search: string; cursor: string | null; signal: AbortSignal };

async function fetchPage({ view, search, cursor, signal }: Ask): Promise<RowPage> {
  const params = new URLSearchParams({ view, ...(search && { search }), ...(cursor && { cursor }) });
  const answer = await fetch(`/api/lists/work?${params}`, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`My work answered ${answer.status}`);
  return (await answer.json()) as RowPage;
}
