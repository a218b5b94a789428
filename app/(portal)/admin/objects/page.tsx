import { Group, Table, TableTbody, TableTd, TableTh, TableThead, TableTr, Text } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { NewObjectButton } from "@/components/records/new-object-button";
import classes from "@/components/records/object-form.module.css";
import { ObjectIcon } from "@/components/records/object-icon";
import { Empty } from "@/components/ui/empty";
import { TextLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { objectsToManage } from "@/lib/records/loaders";
import type { ObjectShape, OthersMay } from "@/lib/records/schema/object";

export const metadata: Metadata = { title: "Objects" };

const OTHERS: Readonly<Record<OthersMay, string>> = { none: "Nothing", read: "Read", edit: "Read and edit" };

export default async function ObjectsPage() {
  const objects = await objectsToManage();
  if (!objects) notFound();
  return (
    <Page
      title="Objects"
      description="The kinds of records that work is about, and their fields."
      actions={<NewObjectButton />}
    >
      {objects.length === 0 ? (
        <Empty
          title="No objects yet"
          text="An object is a kind of record, such as Employee or Case. Orchestrations start when its records change."
        />
      ) : (
        <Table highlightOnHover className={classes.fields ?? ""} aria-label="Objects">
          <TableThead>
            <TableTr>
              <TableTh>Object</TableTh>
              <TableTh visibleFrom="xs">Fields</TableTh>
              <TableTh visibleFrom="xs">Others may</TableTh>
            </TableTr>
          </TableThead>
          <TableTbody>
            {objects.map((object) => (
              <ObjectRow key={object.name} object={object} />
            ))}
          </TableTbody>
        </Table>
      )}
    </Page>
  );
}

function ObjectRow({ object }: { object: ObjectShape }) {
  return (
    <TableTr>
      <TableTd>
        <Group gap="sm" wrap="nowrap">
          <ObjectIcon name={object.icon} size={32} />
          <div>
            <TextLink href={`/admin/objects/${object.name}`} fz="sm" fw={600} c="var(--mantine-color-text)">
              {object.label}
            </TextLink>
            <Text fz="xs" c="dimmed" ff="monospace">
              {object.name}
            </Text>
          </div>
        </Group>
      </TableTd>
      <TableTd visibleFrom="xs">
        <Text fz="sm">{object.fields.length}</Text>
      </TableTd>
      <TableTd visibleFrom="xs">
        <Text fz="sm">{OTHERS[object.othersMay]}</Text>
      </TableTd>
    </TableTr>
  );
}
