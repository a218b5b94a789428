import { Anchor, Card, Group, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { FieldsTable } from "@/components/records/fields-table";
import { ObjectForm } from "@/components/records/object-form";
import { ObjectIcon } from "@/components/records/object-icon";
import { Page } from "@/components/ui/page";
import { objectsToManage } from "@/lib/records/loaders";

export const metadata: Metadata = { title: "Object" };

export default async function ObjectPage({ params }: { params: Promise<{ object: string }> }) {
  const [{ object: name }, objects] = await Promise.all([params, objectsToManage()]);
  const object = objects?.find((one) => one.name === name);
  if (!objects || !object) notFound();
  return (
    <Page
      back={<Anchor component={Link} href="/admin/objects" fz="sm" c="dimmed">Objects</Anchor>}
      title={<Group gap="sm" wrap="nowrap"><ObjectIcon name={object.icon} />{object.label}</Group>}
      description={<Text span fz="sm" ff="monospace">{object.name}</Text>}
      actions={<Anchor component={Link} href={`/records/${object.name}`} fz="sm">Open {object.pluralLabel.toLowerCase()}</Anchor>}
    >
      <Stack gap="xl">
        <Card padding="lg"><FieldsTable object={object} targets={objects.map((one) => ({ value: one.name, label: one.label }))} /></Card>
        <Card padding="lg">
          <Title order={2} mb="md">Settings</Title>
          <ObjectForm key={JSON.stringify([object.label, object.othersMay, object.icon])} object={object} />
        </Card>
      </Stack>
    </Page>
  );
}
