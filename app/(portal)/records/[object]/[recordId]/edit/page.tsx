import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RecordForm } from "@/components/records/record-form";
import { RecordLockNote } from "@/components/records/record-lock";
import { BackLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { recordPage } from "@/lib/records/loaders";
import { lockOnRecord } from "@/lib/runs/loaders";

type Props = { params: Promise<{ object: string; recordId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { object, recordId } = await params;
  const page = await recordPage(object, recordId);
  return { title: page?.mayEdit ? `Edit ${page.record.name}` : "Not found" };
}

export default async function EditRecordPage({ params }: Props) {
  const { object: name, recordId } = await params;
  const page = await recordPage(name, recordId);
  if (!page?.mayEdit) notFound();
  const { object, record, mayTransfer } = page;
  const lock = await lockOnRecord(record.id);
  const owner = { value: record.ownerId, label: record.names[record.ownerId] ?? "Automated Process" };
  return (
    <Page
      title={`Edit ${record.name}`}
      back={<BackLink href={`/records/${object.name}/${record.id}`}>{record.name}</BackLink>}
    >
      <RecordLockNote lock={lock} mayEdit />
      <RecordForm object={object} record={record} owner={owner} mayTransfer={mayTransfer} />
    </Page>
  );
}
