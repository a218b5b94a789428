import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DroppedFilters } from "@/components/ui/dropped-filters";
import { Page } from "@/components/ui/page";
import { ItemsList } from "@/components/work/items-list";
import { readFilter } from "@/lib/logic/read-filter";
import { assigneeName } from "@/lib/people/loaders";
import { processOptions } from "@/lib/runs/loaders";
import { itemsList } from "@/lib/work/loaders";
import { itemFilter } from "@/lib/work/schema";

export const metadata: Metadata = { title: "Orchestration Work Items" };

export default async function ItemsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const read = readFilter(itemFilter, await searchParams);
  const { cursor: _cursor, ...filter } = read.filter;
  const [first, processes, name] = await Promise.all([
    itemsList(filter),
    processOptions(),
    filter.assignee ? assigneeName(filter.assignee) : null,
  ]);
  if (!first || !processes) notFound();
  return (
    <Page
      title="Orchestration Work Items"
      description="Everybody's work, open and done. Select some to hand them to somebody else."
    >
      <DroppedFilters names={read.dropped} />
      <ItemsList key={JSON.stringify(filter)} first={first} filter={filter} processes={processes} assigneeName={name} />
    </Page>
  );
}
