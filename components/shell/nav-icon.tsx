import {
  IconBinaryTree2,
  IconCalendarTime,
  IconCircleCheck,
  IconDatabase,
  IconFileText,
  IconGavel,
  IconHourglassHigh,
  IconInbox,
  IconListDetails,
  IconMail,
  IconPlayerPlay,
  IconPlugConnected,
  IconSend,
  IconShieldCheck,
  IconStack2,
  IconTimeline,
  IconUserShare,
  IconUsers,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";
import { pictureOf } from "@/components/records/object-icon";
import type { NavIcon as Name } from "./navigation";

const ICONS: Readonly<Record<Name, TablerIcon>> = {
  now: IconInbox,
  approvals: IconGavel,
  waiting: IconHourglassHigh,
  groups: IconUsersGroup,
  requests: IconSend,
  start: IconPlayerPlay,
  done: IconCircleCheck,
  record: IconFileText,
  runs: IconTimeline,
  items: IconListDetails,
  definitions: IconBinaryTree2,
  people: IconUsers,
  group: IconUsersGroup,
  queue: IconStack2,
  delegations: IconUserShare,
  objects: IconDatabase,
  connections: IconPlugConnected,
  calendars: IconCalendarTime,
  security: IconShieldCheck,
  mailbox: IconMail,
};

/** `picture`: an object's own, which stands for its records. */
export function NavIcon({ name, picture, size = 18 }: { name: Name; picture?: string | undefined; size?: number }) {
  const Icon = picture ? pictureOf(picture) : ICONS[name];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}
