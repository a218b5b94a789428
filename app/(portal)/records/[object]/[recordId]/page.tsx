import { Group, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { TraceCard } from "@/components/approvals/trace-card";
import { WorkGuide } from "@/components/flows/work-guide";
import { PersonName } from "@/components/records/field-value";
import { FilesCard } from "@/components/records/files-card";
import { ObjectIcon } from "@/components/records/object-icon";
import { RecordDetails } from "@/components/records/record-details";
import { RecordLive } from "@/components/records/record-live";
import { EditButton, RecordLockNote } from "@/components/records/record-lock";
import classes from "@/components/records/record-page.module.css";
import { RelationCard } from "@/components/records/relation-card";
import { RunsCard } from "@/components/records/runs-card";
import { StartActions } from "@/components/records/start-actions";
import { BackLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { traceOnRecord } from "@/lib/approvals/loaders";
import { recordPage, relationsOf } from "@/lib/records/loaders";
import { filesOnRecord } from "@/lib/records/loaders/files";
import { lockOnRecord, runsOnRecord, startable } from "@/lib/runs/loaders";

type Props = {
  params: Promise<{ object: string; recordId: string }>;
  searchParams: Promise<{ item?: string | string[]; decision?: string | string[] }>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { object, recordId } = await params;
  return { title: (await recordPage(object, recordId))?.record.name ?? "Not found" };
}

const word = (value: string | string[] | undefined): string | null =>
  typeof value === "string" ? value.slice(0, 100) : null;

/** A record: what it holds, what is related to it, its runs, and beside it the Work Guide. */
export default async function RecordPageOf({ params, searchParams }: Props) {
  const [{ object: name, recordId }, { item, decision }] = await Promise.all([params, searchParams]);
  const page = await recordPage(name, recordId);
  if (!page) notFound();
  const { object, record, mayEdit } = page;
  const [relations, runs, starts, lock, trace, files] = await Promise.all([
    relationsOf(object.name, record.id),
    runsOnRecord(record.id),
    startable(object.name, record.id),
    lockOnRecord(record.id),
    traceOnRecord(record.id),
    filesOnRecord(record.id),
  ]);
  const edit = mayEdit && <EditButton href={`/records/${object.name}/${record.id}/edit`} lock={lock} />;
  return (
    <Page
      back={<BackLink href={`/records/${object.name}`}>{object.pluralLabel}</BackLink>}
      title={
        <Group gap="sm" wrap="nowrap">
          <ObjectIcon name={object.icon} />
          <span className={classes.name}>{record.name}</span>
        </Group>
      }
      description={
        <Group gap="xs">
          {object.label} owned by <PersonName name={record.names[record.ownerId] ?? "Automated Process"} />
        </Group>
      }
      actions={
        <>
          {edit}
          <StartActions recordId={record.id} {...starts} />
        </>
      }
    >
      <RecordLive recordId={record.id} />
      <RecordLockNote lock={lock} mayEdit={mayEdit} />
      <div className={classes.split}>
        <Stack gap="lg" miw={0}>
          <RecordDetails object={object} record={record} />
          <FilesCard recordId={record.id} files={files} mayChange={mayEdit && !lock?.isAgainstYou} />
          <TraceCard trace={trace} />
          {relations.map((relation) => (
            <RelationCard
              key={`${relation.object.name}.${relation.field.name}`}
              relation={relation}
              recordId={record.id}
            />
          ))}
        </Stack>
        <div className={classes.side}>
          <WorkGuide recordId={record.id} itemId={word(item)} choice={word(decision)} />
          <RunsCard runs={runs.rows} hasMore={runs.hasMore} />
        </div>
      </div>
    </Page>
  );
}
