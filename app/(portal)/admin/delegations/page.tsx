import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DelegationsList } from "@/components/people/delegations-list";
import { Page } from "@/components/ui/page";
import { approvalProcesses } from "@/lib/definitions/loaders";
import { delegationList } from "@/lib/people/delegation/loaders";
import { delegationFilter } from "@/lib/people/schema/delegation";

export const metadata: Metadata = { title: "Delegations" };

export default async function DelegationsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const filter = delegationFilter.parse(await searchParams);
  const [list, processes] = await Promise.all([delegationList(filter), approvalProcesses()]);
  if (!list) notFound();
  return (
    <Page title="Delegations" description="Who decides approvals in whose place: in force, coming, asked for and over.">
      <DelegationsList {...list} filter={filter} processes={processes} />
    </Page>
  );
}
