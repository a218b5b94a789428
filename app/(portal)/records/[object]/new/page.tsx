import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RecordForm } from "@/components/records/record-form";
import { BackLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { newRecord } from "@/lib/records/loaders";

export const metadata: Metadata = { title: "New record" };

export default async function NewRecordPage({ params }: { params: Promise<{ object: string }> }) {
  const made = await newRecord((await params).object);
  if (!made) notFound();
  const { object, owner } = made;
  return (
    <Page
      title={`New ${object.label.toLowerCase()}`}
      back={<BackLink href={`/records/${object.name}`}>{object.pluralLabel}</BackLink>}
    >
      <RecordForm object={object} record={null} owner={owner} mayTransfer />
    </Page>
  );
}
