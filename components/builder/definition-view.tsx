"use client";

import { Anchor, Button, Stack, Tabs, Text } from "@mantine/core";
import { Empty } from "@/components/ui/empty";
import { Link } from "@/components/ui/link";
import { Page } from "@/components/ui/page";
import { useAddress } from "@/components/ui/use-address";
import type { DefinitionPage } from "@/lib/definitions/schema";
import { DefinitionActions } from "./definition-actions";
import { DefinitionEditor } from "./definition-editor";
import { FlowPicture } from "./flow-picture";
import { OrchestrationPicture } from "./orchestration-picture";
import { ProblemList } from "./problem-list";
import { NotActivatable, VersionFacts } from "./version-facts";
import { VersionsTable } from "./versions-table";

const VIEWS = ["outline", "json", "versions"] as const;
export type DefinitionViewName = (typeof VIEWS)[number];

/** One definition at one version: as a picture, as text, and with its other versions. */
export function DefinitionView({ page, view }: { page: DefinitionPage; view: DefinitionViewName }) {
  const { set } = useAddress("");
  const show = (next: string | null) => set({ view: next === "outline" ? null : next });
  const { shown, body } = page;
  return (
    <Page
      wide
      title={page.label}
      back={
        <Anchor component={Link} href="/definitions" fz="sm" c="dimmed">
          Definitions
        </Anchor>
      }
      description={
        <Stack gap={6}>
          <VersionFacts page={page} />
          <NotActivatable page={page} onJson={() => show("json")} />
          {body?.description && <Text fz="sm">{body.description}</Text>}
          {page.calledBy.length > 0 && <CalledBy callers={page.calledBy} />}
        </Stack>
      }
      actions={<DefinitionActions page={page} onProblems={() => show("json")} />}
    >
      <Tabs value={view} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="outline">Outline</Tabs.Tab>
          <Tabs.Tab value="json">JSON</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="outline">
          <Outline page={page} onJson={() => show("json")} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <DefinitionEditor key={`${shown.version} ${shown.hash}`} page={page} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <VersionsTable page={page} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function CalledBy({ callers }: { callers: DefinitionPage["calledBy"] }) {
  return (
    <Text fz="sm" c="dimmed">
      Called by{" "}
      {callers.map(({ name, label }, index) => (
        <span key={name}>
          {index > 0 && ", "}
          <Anchor component={Link} href={`/definitions/${name}`} fz="sm">
            {label}
          </Anchor>
        </span>
      ))}
    </Text>
  );
}

const NO_PLACES = new Map();

function Outline({ page, onJson }: { page: DefinitionPage; onJson: () => void }) {
  const { body } = page;
  if (!body)
    return (
      <Empty
        title="This draft cannot be drawn yet"
        text="It has not the form of a definition. Its JSON says what is missing and where."
        action={
          <Button variant="default" onClick={onJson}>
            Show the JSON
          </Button>
        }
      />
    );
  return (
    <Stack gap="md">
      <ProblemList kind="problem" problems={page.problems} places={NO_PLACES} />
      {body.kind === "orchestration" ? (
        <OrchestrationPicture definition={body} names={page.names} />
      ) : (
        <FlowPicture flow={body} />
      )}
      <ProblemList kind="warning" problems={page.warnings} places={NO_PLACES} />
    </Stack>
  );
}
