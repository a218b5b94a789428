import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./page.module.css";

type Props = {
  readonly title: ReactNode;
  /** One line under the title: what this page is for, or facts about its subject. */
  readonly description?: ReactNode;
  /** Above the title: where one came from. */
  readonly back?: ReactNode;
  readonly actions?: ReactNode;
  /** Uses the whole width, for boards and wide tables. */
  readonly wide?: boolean;
  readonly children: ReactNode;
};

/** The frame of every page but My work: title, what one can do, content. */
export function Page({ title, description, back, actions, wide = false, children }: Props) {
  return (
    <Box className={wide ? `${classes.page} ${classes.wide}` : (classes.page ?? "")}>
      <Stack gap="lg">
        <Stack gap={4}>
          {back}
          <Group justify="space-between" align="flex-start" gap="md" wrap="wrap">
            <Stack gap={4} miw={0} flex="1 1 320px">
              <Title order={1}>{title}</Title>
              {description && (
                <Text component="div" fz="sm" c="dimmed" maw={720}>
                  {description}
                </Text>
              )}
            </Stack>
            {actions && <Group gap="xs">{actions}</Group>}
          </Group>
        </Stack>
        {children}
      </Stack>
    </Box>
  );
}
