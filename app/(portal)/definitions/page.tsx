import { IconFileImport, IconPlus } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DefinitionsList } from "@/components/builder/definitions-list";
import { ButtonLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { definitionList } from "@/lib/definitions/loaders";
import { listFilter } from "@/lib/definitions/schema";

export const metadata: Metadata = { title: "Definitions" };

export default async function DefinitionsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { cursor: _cursor, ...filter } = listFilter.parse(await searchParams);
  const first = await definitionList(filter);
  if (!first) notFound();
  return (
    <Page
      title="Definitions"
      description="Orchestrations and approval processes say who does what in which order; their steps run flows."
      actions={
        <>
          <ButtonLink href="/definitions/new?from=file" variant="default" leftSection={<IconFileImport size={16} />}>
            Import
          </ButtonLink>
          <ButtonLink href="/definitions/new" leftSection={<IconPlus size={16} />}>
            New definition
          </ButtonLink>
        </>
      }
    >
      <DefinitionsList key={JSON.stringify(filter)} first={first} filter={filter} />
    </Page>
  );
}
