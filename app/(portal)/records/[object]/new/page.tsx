import { Anchor } from "@mantine/core";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RecordForm } from "@/components/records/record-form";
import { Page } from "@/components/ui/page";
import { newRecord } from "@/lib/records/loaders";

export const metadata: Metadata = { title: "New record" };

export default async function NewRecordPage({ params }: { params: Promise<{ object: string }> }) {
  const made = await newRecord((await params).object);
  if (!made) notFound();
  const { object, owner } = made;
  return (
    <Page title={`New ${object.label.toLowerCase()}`} back={<Anchor component={Link} href={`/records/${object.name}`} fz="sm" c="dimmed">{object.pluralLabel}</Anchor>}>
      <RecordForm object={object} record={null} owner={owner} mayTransfer />
    </Page>
  );
}
