import { Button } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SecurityEvents } from "@/components/people/security-events";
import { Page } from "@/components/ui/page";
import { securityFilter } from "@/lib/audit/schema";
import { securityPage } from "@/lib/people/loaders";

export const metadata: Metadata = { title: "Security" };

export default async function SecurityPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const filter = securityFilter.parse(await searchParams);
  const page = await securityPage(filter);
  if (!page) notFound();
  return (
    <Page
      title="Security"
      description="Who signed in, changed who may do what, or was refused. Numbered events are sealed: a later change of one would be found."
      actions={
        <Button component="a" href="/api/audit/seals" download="seals.jsonl" variant="default">
          Download the seals
        </Button>
      }
    >
      <SecurityEvents {...page} filter={filter} />
    </Page>
  );
}
