import { Card, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import classes from "@/components/records/object-card.module.css";
import { ObjectIcon } from "@/components/records/object-icon";
import { Empty } from "@/components/ui/empty";
import { ButtonLink, TextLink } from "@/components/ui/links";
import { Page } from "@/components/ui/page";
import { type ObjectCard, objectCards, objectsToManage } from "@/lib/records/loaders";

export const metadata: Metadata = { title: "Records" };

export default async function RecordsPage() {
  const [cards, managed] = await Promise.all([objectCards(), objectsToManage()]);
  const manage = managed && (
    <ButtonLink href="/admin/objects" variant="default">
      Manage objects
    </ButtonLink>
  );
  return (
    <Page
      title="Records"
      description="What work is about. A record that meets an orchestration’s entry criteria starts a run."
      actions={manage}
    >
      {cards.length === 0 ? (
        <Empty
          title="No objects yet"
          text="An object is a kind of record, such as Employee or Case. Admins define them."
          action={managed && <ButtonLink href="/admin/objects">Create the first object</ButtonLink>}
        />
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="md">
          {cards.map((card) => (
            <CardOf key={card.name} card={card} />
          ))}
        </SimpleGrid>
      )}
    </Page>
  );
}

const counted = new Intl.NumberFormat("en");

function CardOf({ card: { name, pluralLabel, icon, count } }: { card: ObjectCard }) {
  const shown = count > 1_000 ? "1,000+" : counted.format(count);
  return (
    <Card className={classes.card ?? ""} padding="md">
      <Group wrap="nowrap" gap="md">
        <ObjectIcon name={icon} size={40} />
        <Stack gap={0} miw={0}>
          <TextLink
            href={`/records/${name}`}
            className={classes.link ?? ""}
            fw={600}
            c="var(--mantine-color-text)"
            underline="never"
            truncate
          >
            {pluralLabel}
          </TextLink>
          <Text fz="sm" c="dimmed">
            {shown} {count === 1 ? "record" : "records"}
          </Text>
        </Stack>
      </Group>
    </Card>
  );
}
