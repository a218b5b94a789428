import {
  IconChecklist,
  IconGavel,
  IconMessageQuestion,
  IconPencil,
  IconStack2,
  IconUser,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";

/** One picture for each kind of assignee and of work, everywhere. */
export const ASSIGNEE_ICONS: Readonly<Record<"user" | "group" | "queue", TablerIcon>> = {
  user: IconUser,
  group: IconUsersGroup,
  queue: IconStack2,
};
export const ASSIGNEE_WORDS: Readonly<Record<"user" | "group" | "queue", string>> = {
  user: "Person",
  group: "Group",
  queue: "Queue",
};
export const WORK_ICONS: Readonly<Record<"interactive" | "approval" | "question" | "revision", TablerIcon>> = {
  interactive: IconChecklist,
  approval: IconGavel,
  question: IconMessageQuestion,
  revision: IconPencil,
};
