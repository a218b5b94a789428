"use client";

import { useNetwork } from "@mantine/hooks";
import { IconWifiOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useConnection } from "@/components/ui/use-live";
import classes from "./shell.module.css";

/** Longer than a reload or a restart of the server takes, so that ordinary life shows no banner. */
const PATIENCE_MS = 6_000;

/** Says when pages may be behind, and what that means for what one is doing. */
export function ConnectionBanner() {
  const { online } = useNetwork();
  const connection = useConnection();
  const [isLate, setLate] = useState(false);
  const isBehind = connection === "polling" || !online;
  useEffect(() => {
    if (!isBehind) return setLate(false);
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isBehind]);
  return (
    <div role="status">
      {isLate && (
        <p className={classes.banner}>
          <IconWifiOff size={15} aria-hidden />
          {online
            ? "Live updates are interrupted; lists are asked every 20 seconds."
            : "You are offline. What you type is kept on this device."}
        </p>
      )}
    </div>
  );
}
