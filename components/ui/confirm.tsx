"use client";

import { Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import type { ReactNode } from "react";

/** Asks before something that cannot be taken back. The button names the effect ("Cancel the run"), never "OK". */
export function confirm({
  title,
  text,
  action,
  isDanger = false,
}: {
  title: string;
  text: ReactNode;
  action: string;
  isDanger?: boolean;
}): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: <Text fz="sm">{text}</Text>,
      labels: { confirm: action, cancel: "Not now" },
      confirmProps: isDanger ? { color: "red" } : {},
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}
