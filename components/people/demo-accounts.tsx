"use client";

import { Avatar, Button, Divider, Group, Stack, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { FormMessage } from "@/components/ui/form-message";
import classes from "./demo-accounts.module.css";
import { sendCredentials } from "./send-credentials";

type Account = { readonly username: string; readonly name: string; readonly role: string };
const SHOWN = 4;

/** Demo mode only: one press signs in as somebody from the stories. */
export function DemoAccounts({ accounts, onSignedIn }: { accounts: readonly Account[]; onSignedIn: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [pending, setPending] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  if (accounts.length === 0) return null;

  const signInAs = async (username: string) => {
    setPending(username);
    const outcome = await sendCredentials("demo", { username });
    if (outcome.ok) return onSignedIn();
    setPending(null);
    setMessage(outcome.message);
  };
  const shown = isOpen ? accounts : accounts.slice(0, SHOWN);
  return (
    <Stack gap="sm">
      <Divider label="This is a demo: sign in as" labelPosition="center" />
      <FormMessage text={message} />
      <div className={classes.grid}>
        {shown.map(({ username, name, role }) => (
          <UnstyledButton
            key={username}
            className={classes.account}
            disabled={pending !== null}
            onClick={() => void signInAs(username)}
            aria-busy={pending === username}
          >
            <Group gap="sm" wrap="nowrap">
              <Avatar name={name} color="initials" size={32} radius="xl" aria-hidden />
              <div className={classes.names}>
                <Text fz="sm" fw={500} truncate>
                  <VisuallyHidden>Sign in as </VisuallyHidden>
                  {name}
                </Text>
                <Text fz="xs" c="dimmed" tt="capitalize">
                  {pending === username ? "Signing in…" : role}
                </Text>
              </div>
            </Group>
          </UnstyledButton>
        ))}
      </div>
      {accounts.length > SHOWN && !isOpen && (
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          rightSection={<IconChevronDown size={14} />}
          onClick={() => setOpen(true)}
        >
          {accounts.length - SHOWN} more
        </Button>
      )}
    </Stack>
  );
}
