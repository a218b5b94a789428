"use client";

import {
  Avatar,
  Group,
  Menu,
  SegmentedControl,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUserCircle,
  IconUserShare,
} from "@tabler/icons-react";
import { signOut } from "next-auth/react";
import { Link } from "@/components/ui/link";
import type { Viewer } from "./navigation";
import classes from "./shell.module.css";

/** Who is signed in, how the portal looks, and the way out. */
export function AccountMenu({ viewer, isNarrow, onHelp }: { viewer: Viewer; isNarrow: boolean; onHelp: () => void }) {
  return (
    <Menu width={244} position="top-start" offset={6}>
      <Menu.Target>
        <UnstyledButton
          className={classes.account}
          {...(isNarrow ? { "aria-label": `Account of ${viewer.name}` } : {})}
        >
          <Avatar name={viewer.name} color="accent" size={28} radius="xl" aria-hidden />
          {!isNarrow && (
            <>
              <VisuallyHidden>Account of </VisuallyHidden>
              <span className={classes.accountNames}>
                <Text fz="sm" fw={550} truncate lh={1.25}>
                  {viewer.name}
                </Text>
                <Text fz="xs" c="dimmed" truncate lh={1.25} tt="capitalize">
                  {viewer.role}
                </Text>
              </span>
              <IconSelector size={15} aria-hidden />
            </>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label tt="none">{viewer.email}</Menu.Label>
        <ThemeSwitch />
        <Menu.Divider />
        <Menu.Item component={Link} href="/account" leftSection={<IconUserCircle size={16} aria-hidden />}>
          Account
        </Menu.Item>
        <Menu.Item component={Link} href="/account/delegations" leftSection={<IconUserShare size={16} aria-hidden />}>
          Decide in my place
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} aria-hidden />} onClick={onHelp}>
          Keyboard
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => void signOut({ callbackUrl: "/sign-in" })}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const SCHEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconDeviceDesktop },
] as const;

function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label="Theme"
      value={colorScheme}
      mx={6}
      mb={4}
      w="calc(100% - 12px)"
      onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
      data={SCHEMES.map(({ value, label, icon: Icon }) => ({
        value,
        label: (
          <Group gap={4} wrap="nowrap" justify="center">
            <Icon size={14} aria-hidden />
            {label}
          </Group>
        ),
      }))}
    />
  );
}
