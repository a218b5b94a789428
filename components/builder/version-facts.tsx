import { Anchor, Group, Text } from "@mantine/core";
import { Link } from "@/components/ui/link";
import type { DefinitionPage } from "@/lib/definitions/schema";
import { DefinitionStatus } from "./definition-badges";
import { TYPE_WORDS } from "./words";

/** Which version is shown and what it is; and where another one is in use, or a newer draft waits, which. */
export function VersionFacts({ page }: { page: DefinitionPage }) {
  const { shown, versions } = page;
  const active = versions.find(({ status }) => status === "active");
  const newest = versions[0];
  const others = [active, newest?.status === "draft" ? newest : undefined].filter(
    (other) => other !== undefined && other.version !== shown.version,
  );
  return (
    <Group gap="xs">
      <DefinitionStatus status={shown.status} />
      <Text fz="sm" c="dimmed">
        {TYPE_WORDS[page.type]} · version {shown.version} of {versions.length} is shown ·{" "}
        <Text span ff="monospace" fz="xs">
          {page.name}
        </Text>
      </Text>
      {others.map(
        (other) =>
          other && (
            <Group key={other.version} gap={6} wrap="nowrap">
              <DefinitionStatus status={other.status} />
              <Anchor component={Link} href={`/definitions/${page.name}?version=${other.version}`} fz="sm">
                Version {other.version}
              </Anchor>
            </Group>
          ),
      )}
    </Group>
  );
}

/** The element that says so; the button to activate refers to it. */
export const NOT_ACTIVATABLE_ID = "not-activatable";

/** Why the version that is shown cannot be activated, in words, on every tab. */
export function NotActivatable({ page, onJson }: { page: DefinitionPage; onJson: () => void }) {
  const { shown, problems, mayActivate } = page;
  if (!mayActivate || shown.status === "active" || problems.length === 0) return null;
  const count = problems.length === 1 ? "it has 1 problem" : `it has ${problems.length} problems`;
  return (
    <Text fz="sm" c="var(--mantine-color-error)" id={NOT_ACTIVATABLE_ID}>
      Version {shown.version} cannot be activated: {count}.{" "}
      <Anchor component="button" type="button" fz="sm" c="inherit" underline="always" onClick={onJson}>
        Show in the JSON
      </Anchor>
    </Text>
  );
}
