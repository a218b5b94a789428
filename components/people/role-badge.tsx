import { Badge } from "@mantine/core";
import { ROLE_LABELS, type Role } from "@/lib/people/schema";

const COLORS: Readonly<Record<Role, string>> = { member: "gray", author: "blue", manager: "teal", admin: "accent" };

export function RoleBadge({ role }: { role: Role }) {
  return <Badge color={COLORS[role]}>{ROLE_LABELS[role].label}</Badge>;
}
