import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RunsList } from "@/components/runs/runs-list";
import { DroppedFilters } from "@/components/ui/dropped-filters";
import { Page } from "@/components/ui/page";
import { readFilter } from "@/lib/logic/read-filter";
import { mayRepairRuns, processOptions, runsList } from "@/lib/runs/loaders";
import { runFilter } from "@/lib/runs/schema/list";

export const metadata: Metadata = { title: "Orchestration Runs" };

export default async function RunsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const read = readFilter(runFilter, await searchParams);
  const { cursor: _cursor, ...filter } = read.filter;
  const [first, processes, mayRepair] = await Promise.all([runsList(filter), processOptions(), mayRepairRuns()]);
  if (!first || !processes) notFound();
  return (
    <Page title="Orchestration Runs" description="Every run: where it stands, since when, and what holds it up.">
      <DroppedFilters names={read.dropped} />
      <RunsList
        key={JSON.stringify(filter)}
        first={first}
        filter={filter}
        processes={processes}
        mayRepair={mayRepair}
      />
    </Page>
  );
}
