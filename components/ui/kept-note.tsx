import { Text } from "@mantine/core";

/** Above a form that somebody else's act has made useless while it was being filled in. */
export const KeptNote = () => (
  <Text fz="sm" c="dimmed">
    What you had filled in stays here until you leave this page. It can no longer be sent.
  </Text>
);
