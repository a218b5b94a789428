import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { BrandMark } from "@/components/shell/brand";
import classes from "./layout.module.css";

/** The pages before one is in: one card, and what this is. */
export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <div className={classes.page}>
      <header className={classes.brand}>
        <Group gap={10} wrap="nowrap" justify="center">
          <BrandMark size={30} />
          <Text fz={22} fw={650} lts="-0.02em">
            Baton
          </Text>
        </Group>
      </header>
      <main className={classes.card}>{children}</main>
      <footer className={classes.foot}>
        <Text fz="xs" c="dimmed" ta="center">
          Work that crosses many people and many days
        </Text>
      </footer>
    </div>
  );
}
