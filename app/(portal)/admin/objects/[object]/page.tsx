import { Card, Group, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DeleteObject } from "@/components/records/delete-shape";
import { FieldsTable } from "@/components/records/fields-table";
import { ObjectForm } from "@/components/records/object-form";
import classes from "@/components/records/object-form.module.css";
import { ObjectIcon } from "@/components/records/object-icon";
import { BackLink, TextLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { objectsToManage } from "@/lib/records/loaders";

export const metadata: Metadata = { title: "Object" };

export default async function ObjectPage({ params }: { params: Promise<{ object: string }> }) {
  const [{ object: name }, objects] = await Promise.all([params, objectsToManage()]);
  const object = objects?.find((one) => one.name === name);
  if (!objects || !object) notFound();
  return (
    <Page
      back={<BackLink href="/admin/objects">Objects</BackLink>}
      title={
        <Group gap="sm" wrap="nowrap">
          <ObjectIcon name={object.icon} />
          {object.label}
        </Group>
      }
      description={
        <Text span fz="sm" ff="monospace">
          {object.name}
        </Text>
      }
      actions={
        <TextLink href={`/records/${object.name}`} fz="sm">
          Open {object.pluralLabel.toLowerCase()}
        </TextLink>
      }
    >
      <Stack gap="xl">
        <Card padding="lg">
          <FieldsTable object={object} targets={objects.map((one) => ({ value: one.name, label: one.label }))} />
        </Card>
        <Card padding="lg">
          <Title order={2} mb="md">
            Settings
          </Title>
          <ObjectForm key={object.name} object={object} />
          <Group mt="xl" pt="md" className={classes.danger ?? ""}>
            <DeleteObject object={object} />
          </Group>
        </Card>
      </Stack>
    </Page>
  );
}
