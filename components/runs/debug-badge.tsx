import { Badge, Text } from "@mantine/core";
import { IconBug } from "@tabler/icons-react";

/** What is played by one person to try a process, wherever it is listed. */
export const DebugBadge = () => (
  <Badge size="sm" variant="default">
    Debug
  </Badge>
);

/** The same in words, for whoever is about to do it. */
export const DebugNote = ({ isApproval }: { readonly isApproval: boolean }) => (
  <Text fz="sm" mt={4} maw={640}>
    <IconBug size={15} aria-hidden style={{ verticalAlign: "-2px" }} /> Part of a debug run.
    {isApproval ? " What you decide is marked as played: it is nobody's approval." : ""}
  </Text>
);
