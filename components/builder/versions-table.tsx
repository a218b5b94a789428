import { Anchor, Table, Text, VisuallyHidden } from "@mantine/core";
import { Link } from "@/components/ui/link";
import { Moment } from "@/components/ui/moment";
import type { DefinitionPage, VersionRow } from "@/lib/definitions/schema";
import { DefinitionStatus } from "./definition-badges";

/** Every version with who saved it and when, newest first; choosing one shows it. */
export function VersionsTable({ page }: { page: DefinitionPage }) {
  return (
    <Table aria-label="Versions">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Version</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th visibleFrom="sm">Saved</Table.Th>
          <Table.Th visibleFrom="sm">Activated</Table.Th>
          <Table.Th ta="right">Open runs</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {page.versions.map((row) => (
          <Table.Tr key={row.version} aria-current={row.version === page.shown.version ? "true" : undefined}>
            <Table.Td>
              <Anchor
                component={Link}
                href={`/definitions/${page.name}?version=${row.version}`}
                fz="sm"
                fw={row.version === page.shown.version ? 700 : 500}
              >
                Version {row.version}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <DefinitionStatus status={row.status} />
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text fz="sm">
                <Moment at={row.savedAt} tabStop />
              </Text>
              <Text fz="xs" c="dimmed">
                {row.savedByName}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text fz="sm">{row.activatedAt ? <Moment at={row.activatedAt} tabStop /> : "–"}</Text>
            </Table.Td>
            <Table.Td ta="right">
              <OpenRuns page={page} row={row} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** How many runs of a version have not ended; for whoever sees everybody's runs, the way to them. */
function OpenRuns({ page, row: { version, openRuns } }: { page: DefinitionPage; row: VersionRow }) {
  if (openRuns === 0 || !page.maySeeRuns) return <Text fz="sm">{openRuns || "–"}</Text>;
  return (
    <Anchor component={Link} href={`/runs?definition=${page.name}&version=${version}&status=open`} fz="sm">
      {openRuns}
      <VisuallyHidden> of version {version}, not ended</VisuallyHidden>
    </Anchor>
  );
}
