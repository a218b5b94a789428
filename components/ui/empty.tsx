import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

type Props = {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly icon?: ReactNode;
  /** The heading's level: 1 where the whole page is empty. */
  readonly order?: 1 | 2 | 3;
};

/** Where there is nothing: what that means, and the one thing to do next. `icon` is decoration. */
export function Empty({ title, text, action, icon, order = 2 }: Props) {
  return (
    <Center py={56} px="md" role="status">
      <Stack align="center" gap="xs" maw={380} ta="center">
        <ThemeIcon variant="light" color="gray" size={48} radius="xl" aria-hidden mb={4}>
          {icon ?? <IconInbox size={24} stroke={1.5} />}
        </ThemeIcon>
        <Title order={order} fz="md">
          {title}
        </Title>
        <Text fz="sm" c="dimmed">
          {text}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}
