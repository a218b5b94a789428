"use client";

import { ActionIcon, AppShell, Drawer, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLayoutSidebar } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { Clock } from "@/components/ui/clock";
import { KeyboardHelp } from "@/components/ui/keyboard-help";
import { Link } from "@/components/ui/link";
import type { WorkCounts } from "@/lib/work/schema";
import { AccountMenu } from "./account-menu";
import { BrandMark } from "./brand";
import { ConnectionBanner } from "./connection-banner";
import type { NavGroup, Viewer } from "./navigation";
import { PhoneBar } from "./phone-bar";
import { PortalSession } from "./portal-session";
import { Rail } from "./rail";
import { rememberRail } from "./remember-rail";
import classes from "./shell.module.css";
import { useCounts } from "./use-counts";
import { useShellKeys } from "./use-shell-keys";

type Props = {
  viewer: Viewer;
  groups: readonly NavGroup[];
  counts: WorkCounts;
  now: string;
  isNarrow: boolean;
  children: ReactNode;
};

const RAIL_WIDTH = { wide: 240, narrow: 60 };

/** What surrounds every page of the portal: the rail (a bar and a drawer on phones), the banner, the keys, and the viewer's clock. */
export function Shell({ viewer, groups, counts: first, now, isNarrow: wasNarrow, children }: Props) {
  const [isNarrow, setNarrow] = useState(wasNarrow);
  const [isHelpOpen, help] = useDisclosure(false);
  const [isMenuOpen, menu] = useDisclosure(false);
  const counts = useCounts(first);
  const toggle = () => {
    rememberRail(isNarrow ? "wide" : "narrow");
    setNarrow(!isNarrow);
  };
  useShellKeys({ groups, onToggle: toggle, onHelp: help.open });
  return (
    <Clock now={now} timeZone={viewer.timeZone}>
      <PortalSession viewer={viewer}>
        <a href="#main" className={classes.skip}>
          Skip to content
        </a>
        <AppShell
          navbar={{
            width: isNarrow ? RAIL_WIDTH.narrow : RAIL_WIDTH.wide,
            breakpoint: "sm",
            collapsed: { mobile: true },
          }}
          footer={{ height: { base: 56, sm: 0 } }}
          transitionDuration={120}
        >
          <AppShell.Navbar
            className={classes.rail}
            withBorder={false}
            component="aside"
            aria-label="Side bar"
            visibleFrom="sm"
          >
            <RailTop isNarrow={isNarrow} onToggle={toggle} />
            <Rail groups={groups} counts={counts} isNarrow={isNarrow} />
            <div className={classes.bottom}>
              <AccountMenu viewer={viewer} isNarrow={isNarrow} onHelp={help.open} />
            </div>
          </AppShell.Navbar>
          <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
            <ConnectionBanner />
            {children}
          </AppShell.Main>
          <AppShell.Footer withBorder={false} hiddenFrom="sm" component="div">
            <PhoneBar counts={counts} isMenuOpen={isMenuOpen} onMenu={menu.open} />
          </AppShell.Footer>
        </AppShell>
        <Drawer opened={isMenuOpen} onClose={menu.close} title="Menu" size="300px" hiddenFrom="sm">
          <Rail groups={groups} counts={counts} onGo={menu.close} />
          <AccountMenu viewer={viewer} isNarrow={false} onHelp={help.open} />
        </Drawer>
        <KeyboardHelp isOpen={isHelpOpen} onClose={help.close} />
      </PortalSession>
    </Clock>
  );
}

function RailTop({ isNarrow, onToggle }: { isNarrow: boolean; onToggle: () => void }) {
  const said = isNarrow ? "Show the side bar" : "Hide the side bar";
  return (
    <div className={classes.top} data-narrow={isNarrow || undefined}>
      <Link href="/work" className={classes.brand} aria-label="Baton, My work">
        <BrandMark />
        {!isNarrow && "Baton"}
      </Link>
      <Tooltip label={`${said}  [`} position="right">
        <ActionIcon variant="subtle" color="gray" onClick={onToggle} aria-label={said} aria-expanded={!isNarrow}>
          <IconLayoutSidebar size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
