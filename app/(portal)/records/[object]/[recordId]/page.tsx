import { Group, Stack } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PersonName } from "@/components/records/field-value";
import { ObjectIcon } from "@/components/records/object-icon";
import { RecordDetails } from "@/components/records/record-details";
import classes from "@/components/records/record-page.module.css";
import { RelationCard } from "@/components/records/relation-card";
import { BackLink, ButtonLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { recordPage, relationsOf } from "@/lib/records/loaders";

type Props = { params: Promise<{ object: string; recordId: string }>; searchParams: Promise<{ item?: string | string[] }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { object, recordId } = await params;
  return { title: (await recordPage(object, recordId))?.record.name ?? "Not found" };
}

/** A record: what it holds, what is related to it, its runs, and beside it the Work Guide. */
export default async function RecordPageOf({ params }: Props) {
  const { object: name, recordId } = await params;
  const page = await recordPage(name, recordId);
  if (!page) notFound();
  const { object, record, mayEdit } = page;
  const relations = await relationsOf(object.name, record.id);
  const edit = mayEdit && <ButtonLink href={`/records/${object.name}/${record.id}/edit`} variant="default" leftSection={<IconPencil size={16} />}>Edit</ButtonLink>;
  return (
    <Page
      back={<BackLink href={`/records/${object.name}`}>{object.pluralLabel}</BackLink>}
      title={<Group gap="sm" wrap="nowrap"><ObjectIcon name={object.icon} />{record.name}</Group>}
      description={<Group gap="xs">{object.label} owned by <PersonName name={record.names[record.ownerId] ?? "Automated Process"} /></Group>}
      actions={edit}
    >
      <div className={classes.split}>
        <Stack gap="lg">
          <RecordDetails object={object} record={record} />
          {relations.map((relation) => <RelationCard key={`${relation.object.name}.${relation.field.name}`} relation={relation} recordId={record.id} />)}
        </Stack>
        <div className={classes.side} />
      </div>
    </Page>
  );
}
