import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** Where there is nothing: what that means, and the one thing to do next. `icon` is decoration. */
export function Empty({ title, text, action, icon }: { title: string; text: string; action?: ReactNode; icon?: ReactNode }) {
  return (
    <Center py={56} px="md" role="status">
      <Stack align="center" gap="xs" maw={380} ta="center">
        <ThemeIcon variant="light" color="gray" size={48} radius="xl" aria-hidden mb={4}>
          {icon ?? <IconInbox size={24} stroke={1.5} />}
        </ThemeIcon>
        <Title order={3}>{title}</Title>
        <Text fz="sm" c="dimmed">{text}</Text>
        {action}
      </Stack>
    </Center>
  );
}
