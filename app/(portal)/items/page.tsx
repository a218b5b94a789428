import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Page } from "@/components/ui/page";
import { ItemsList } from "@/components/work/items-list";
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
  const { cursor: _cursor, ...filter } = itemFilter.catch({}).parse(await searchParams);
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
      <ItemsList key={JSON.stringify(filter)} first={first} filter={filter} processes={processes} assigneeName={name} />
    </Page>
  );
}
