import { IconPlus } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RecordsList } from "@/components/records/records-list";
import { BackLink, ButtonLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { recordList } from "@/lib/records/loaders";
import { parseListQuery } from "@/lib/records/schema/list";

type Props = {
  params: Promise<{ object: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export const metadata: Metadata = { title: "Records" };

export default async function RecordListPage({ params, searchParams }: Props) {
  const [{ object: name }, words] = await Promise.all([params, searchParams]);
  const query = { ...parseListQuery(words), cursor: null };
  const list = await recordList(name, query);
  if (!list) notFound();
  const { object } = list;
  return (
    <Page
      title={object.pluralLabel}
      back={<BackLink href="/records">Records</BackLink>}
      actions={
        <ButtonLink href={`/records/${object.name}/new`} leftSection={<IconPlus size={16} />}>
          New {object.label.toLowerCase()}
        </ButtonLink>
      }
    >
      <RecordsList {...list} query={query} />
    </Page>
  );
}
