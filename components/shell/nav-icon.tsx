import {
  IconBinaryTree2, IconChecklist, IconCircleCheck, IconDatabase, IconFileText, IconHourglassHigh, IconInbox, IconListDetails, IconMail, IconSend,
  IconStack2, IconTimeline, IconUsers, IconUsersGroup, type TablerIcon,
} from "@tabler/icons-react";
import type { NavIcon as Name } from "./navigation";

const ICONS: Readonly<Record<Name, TablerIcon>> = {
  now: IconInbox,
  waiting: IconHourglassHigh,
  groups: IconUsersGroup,
  requests: IconSend,
  done: IconCircleCheck,
  record: IconFileText,
  runs: IconTimeline,
  items: IconListDetails,
  definitions: IconBinaryTree2,
  people: IconUsers,
  group: IconUsersGroup,
  queue: IconStack2,
  objects: IconDatabase,
  mailbox: IconMail,
};

export function NavIcon({ name, size = 18 }: { name: Name; size?: number }) {
  const Icon = ICONS[name] ?? IconChecklist;
  return <Icon size={size} stroke={1.6} aria-hidden />;
}
