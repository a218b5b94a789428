"use client";

import { IconFileText, IconInbox, IconMenu2, IconUsersGroup } from "@tabler/icons-react";
import { usePathname, useSearchParams } from "next/navigation";
import { Link } from "@/components/ui/link";
import type { WorkCounts } from "@/lib/work/schema";
import { countText } from "./rail";
import classes from "./shell.module.css";

/** The bottom bar of phones: the three places one goes to, and the menu with the rest. */
export function PhoneBar({
  counts,
  isMenuOpen,
  onMenu,
}: {
  counts: WorkCounts;
  isMenuOpen: boolean;
  onMenu: () => void;
}) {
  const path = usePathname();
  const view = useSearchParams().get("view") ?? "now";
  const tabs = [
    {
      href: "/work",
      label: "My work",
      icon: IconInbox,
      count: counts.now,
      isCurrent: path === "/work" && view !== "groups",
    },
    {
      href: "/work?view=groups",
      label: "My groups",
      icon: IconUsersGroup,
      count: counts.groups,
      isCurrent: path === "/work" && view === "groups",
    },
    { href: "/records", label: "Records", icon: IconFileText, count: 0, isCurrent: path.startsWith("/records") },
  ];
  return (
    <nav aria-label="Places" className={classes.bar}>
      {tabs.map(({ href, label, icon: Icon, count, isCurrent }) => (
        <Link key={href} href={href} className={classes.tab} aria-current={isCurrent ? "page" : undefined}>
          <Icon size={21} stroke={1.6} aria-hidden />
          {label}
          {count > 0 && <span className={classes.tabCount}>{countText(count)}</span>}
        </Link>
      ))}
      <button type="button" className={classes.tab} onClick={onMenu} aria-haspopup="dialog" aria-expanded={isMenuOpen}>
        <IconMenu2 size={21} stroke={1.6} aria-hidden />
        Menu
      </button>
    </nav>
  );
}
