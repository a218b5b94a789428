import { Alert, Stack, Text } from "@mantine/core";
import type { Refused } from "./use-quick-decisions";

type Props = {
  /** By id; only those whose row has left the list. */
  readonly refused: readonly (readonly [string, Refused])[];
  readonly onForget: (id: string) => void;
};

/** Decisions that were not taken because somebody was first or it was taken away: what happened instead, and what was typed. */
export function RefusedGone({ refused, onForget }: Props) {
  if (refused.length === 0) return null;
  return (
    <Stack gap="xs" p="sm">
      {refused.map(([id, { what, message, comments }]) => (
        <Alert
          key={id}
          color="orange"
          role="alert"
          title={what}
          withCloseButton
          closeButtonLabel={`Dismiss what is said of ${what}`}
          onClose={() => onForget(id)}
        >
          <Text fz="sm">{message}</Text>
          {comments && (
            <Text fz="sm" mt={4} style={{ whiteSpace: "pre-wrap" }}>
              You wrote: “{comments}”
            </Text>
          )}
        </Alert>
      ))}
    </Stack>
  );
}
