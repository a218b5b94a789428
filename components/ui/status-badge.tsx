import { Badge } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconCircleDotted,
  IconPlayerPause,
  IconPlayerSkipForward,
  IconProgress,
  IconX,
  type TablerIcon,
} from "@tabler/icons-react";
import { type AnyStatus, DISPLAY } from "@/lib/engine/status";

type Face = { readonly tone: "gray" | "accent" | "teal" | "red" | "orange"; readonly icon: TablerIcon };

/** Every status has a face; a new one fails the build until it has one. Told by icon and word, never by colour alone. */
export const STATUS_FACES: Readonly<Record<AnyStatus, Face>> = {
  not_started: { tone: "gray", icon: IconCircleDotted },
  in_progress: { tone: "accent", icon: IconProgress },
  assigned: { tone: "accent", icon: IconCircleDashed },
  completed: { tone: "teal", icon: IconCheck },
  approved: { tone: "teal", icon: IconCheck },
  rejected: { tone: "red", icon: IconX },
  error: { tone: "red", icon: IconAlertTriangle },
  suspended: { tone: "orange", icon: IconPlayerPause },
  canceled: { tone: "gray", icon: IconBan },
  discontinued: { tone: "gray", icon: IconPlayerSkipForward },
  recalled: { tone: "gray", icon: IconArrowBackUp },
};

export function StatusBadge({ status, size = "md" }: { status: AnyStatus; size?: "sm" | "md" | "lg" }) {
  const { tone, icon: Icon } = STATUS_FACES[status];
  return (
    <Badge color={tone} size={size} leftSection={<Icon size={13} stroke={2} aria-hidden />} style={{ flexShrink: 0 }}>
      {DISPLAY[status]}
    </Badge>
  );
}
