"use client";

import { Alert, Anchor, Modal, Stack, Text } from "@mantine/core";
import { normaliseEmail } from "@/lib/people/schema";
import { PasswordForm } from "./password-form";

type Props = {
  /** Whose page this is. */
  readonly viewer: { readonly username: string; readonly email: string };
  readonly isOpen: boolean;
  readonly onSignedIn: () => void;
  readonly onClose: () => void;
};

/**
 * Signing in again over the page as it is, so that nothing that was typed is lost. Only whose page it is goes on with it: for anybody
 * else it is loaded anew, so that nobody sends what another wrote.
 */
export function SignInAgain({ viewer, isOpen, onSignedIn, onClose }: Props) {
  const goOn = (name: string) => {
    if ([viewer.username, viewer.email].includes(normaliseEmail(name))) onSignedIn();
    else window.location.reload();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Please sign in again"
      closeOnClickOutside={false}
      trapFocus
      returnFocus
    >
      <Stack gap="md">
        <Alert color="blue" variant="light">
          Your session has ended. What you typed is still here and is sent as soon as you are back.
        </Alert>
        <PasswordForm name={viewer.username} onSignedIn={goOn} label="Sign in and go on" />
        <Text fz="sm" c="dimmed">
          No password?{" "}
          <Anchor href="/sign-in?by=link" target="_blank" rel="noopener" fz="sm">
            Get a link by mail in another tab
          </Anchor>
          , then come back and send again.
        </Text>
      </Stack>
    </Modal>
  );
}
