"use client";

import { ScrollArea, Text, Tooltip } from "@mantine/core";
import { usePathname, useSearchParams } from "next/navigation";
import { Link } from "@/components/ui/link";
import type { WorkCounts } from "@/lib/work/schema";
import { NavIcon } from "./nav-icon";
import { activeLink, type NavGroup, type NavLink } from "./navigation";
import classes from "./shell.module.css";

const MOST = 99;
export const countText = (count: number): string => (count > MOST ? `${MOST}+` : String(count));

/** The links of the rail. Narrow, it shows pictures with their names on hover and focus. */
export function Rail({
  groups,
  counts,
  isNarrow = false,
  onGo,
}: {
  groups: readonly NavGroup[];
  counts: WorkCounts;
  isNarrow?: boolean;
  onGo?: () => void;
}) {
  const active = activeLink(groups, usePathname(), useSearchParams().get("view"));
  return (
    <ScrollArea type="auto" scrollbars="y" scrollbarSize={8} className={classes.links}>
      <nav aria-label="Main">
        {groups.map((group) => (
          <div key={group.label} className={classes.group}>
            {!isNarrow && (
              <Text className={classes.groupLabel} component="h2">
                {group.label}
              </Text>
            )}
            <ul className={classes.list}>
              {group.links.map((link) => (
                <li key={link.href}>
                  <RailLink
                    link={link}
                    isCurrent={link === active}
                    count={link.count ? counts[link.count] : 0}
                    isNarrow={isNarrow}
                    {...(onGo ? { onGo } : {})}
                  />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </ScrollArea>
  );
}

type LinkProps = { link: NavLink; isCurrent: boolean; count: number; isNarrow: boolean; onGo?: () => void };

function RailLink({ link, isCurrent, count, isNarrow, onGo }: LinkProps) {
  const said = count > 0 ? `${link.label}, ${countText(count)}` : link.label;
  return (
    <Tooltip label={said} position="right" disabled={!isNarrow} openDelay={80}>
      <Link
        href={link.href}
        className={classes.link ?? ""}
        aria-current={isCurrent ? "page" : undefined}
        aria-label={isNarrow ? said : undefined}
        {...(onGo ? { onClick: onGo } : {})}
      >
        <NavIcon name={link.icon} picture={link.picture} />
        {!isNarrow && <span className={classes.linkLabel}>{link.label}</span>}
        {count > 0 && (
          <span
            className={isNarrow ? classes.dot : classes.count}
            data-strong={link.count === "now" || undefined}
            aria-hidden={isNarrow}
          >
            {isNarrow ? "" : countText(count)}
          </span>
        )}
      </Link>
    </Tooltip>
  );
}
