"use client";

import { Alert, Button, Center, Stack } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLive } from "./use-live";

type Page<T> = { readonly rows: readonly T[]; readonly next: string | null };
type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * A list that the server rendered first and that then stays true: React Query takes the first page as its first data, an event of the
 * stream asks anew, further pages follow by key. `name` is the route under /api/lists; `query` are its filters.
 */
export function LiveList<T>({
  name,
  first,
  query,
  topics,
  keyOf,
  empty,
  children,
}: {
  name: "runs" | "items" | "work" | "records" | "definitions";
  first: Page<T>;
  query: Query;
  topics: readonly string[];
  keyOf: (row: T) => string;
  empty: ReactNode;
  children: (rows: readonly T[]) => ReactNode;
}) {
  const client = useQueryClient();
  const queryKey = ["list", name, query] as const;
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage<T>({ name, query, cursor: pageParam, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<T>) => page.next,
    initialData: { pages: [first], pageParams: [null] } satisfies InfiniteData<Page<T>, string | null>,
    // Also when the server rendered the same filters anew, so that going back shows what is true now.
    refetchOnMount: true,
    staleTime: 2_000,
  });
  useLive(topics, () => void client.invalidateQueries({ queryKey }));

  const rows = unique(
    list.data.pages.flatMap((page) => page.rows),
    keyOf,
  );
  return (
    <Stack gap="sm">
      {list.isError && (
        <Alert color="orange" role="status">
          This list could not be brought up to date. It is tried again by itself.
        </Alert>
      )}
      {rows.length === 0 ? empty : children(rows)}
      {list.hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </Stack>
  );
}

async function fetchPage<T>({
  name,
  query,
  cursor,
  signal,
}: {
  name: string;
  query: Query;
  cursor: string | null;
  signal: AbortSignal;
}): Promise<Page<T>> {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && key !== "cursor") params.set(key, String(value));
  if (cursor) params.set("cursor", cursor);
  const answer = await fetch(`/api/lists/${name}?${params}`, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`the list answered ${answer.status}`);
  return (await answer.json()) as Page<T>;
}

/** A row that moved between two pages while they were fetched is shown once. */
function unique<T>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
