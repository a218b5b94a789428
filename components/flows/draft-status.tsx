"use client";

import { Anchor, Group, Loader, Text } from "@mantine/core";
import { IconCloudCheck, IconDeviceFloppy } from "@tabler/icons-react";
import { Moment } from "@/components/ui/moment";
import { useSignInAgain } from "@/components/ui/session-gate";
import type { DraftState } from "./draft-keeper";

/** "Saving…", "Saved 14:02", or "Not saved, kept on this device"; and a way to save at once. */
export function DraftStatus({ state, onSave }: { state: DraftState; onSave: () => Promise<void> }) {
  const signInAgain = useSignInAgain();
  const signIn = async () => {
    if (await signInAgain()) await onSave();
  };
  return (
    <Group gap={6} wrap="nowrap" miw={0} role="status" c="dimmed">
      {state.kind === "saving" && (
        <>
          <Loader size={13} color="gray" />
          <Text fz="xs">Saving…</Text>
        </>
      )}
      {state.kind === "saved" && (
        <>
          <IconCloudCheck size={15} stroke={1.7} aria-hidden />
          <Text fz="xs">
            Saved <Moment at={state.at} form="time" />
          </Text>
        </>
      )}
      {state.kind === "kept" && (
        <>
          <IconDeviceFloppy size={15} stroke={1.7} aria-hidden />
          <Text fz="xs">Not saved, kept on this device.</Text>
          {state.isSignedOut && (
            <Anchor component="button" type="button" fz="xs" onClick={() => void signIn()}>
              Sign in again
            </Anchor>
          )}
        </>
      )}
    </Group>
  );
}
