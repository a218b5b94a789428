import { Badge } from "@mantine/core";
import { IconCheck, IconPencil, IconPlayerPause, type TablerIcon } from "@tabler/icons-react";

type Status = "active" | "draft" | "inactive";
const FACES: Readonly<Record<Status, { color: string; label: string; icon: TablerIcon }>> = {
  active: { color: "teal", label: "Active", icon: IconCheck },
  draft: { color: "orange", label: "Draft", icon: IconPencil },
  inactive: { color: "gray", label: "Inactive", icon: IconPlayerPause },
};

/** Whether something of a definition, or this version of it, is in use. */
export function DefinitionStatus({ status }: { status: Status }) {
  const { color, label, icon: Icon } = FACES[status];
  return (
    <Badge
      color={color}
      leftSection={<Icon size={13} stroke={2} aria-hidden />}
      style={{ flexShrink: 0, minWidth: "max-content" }}
    >
      {label}
    </Badge>
  );
}
