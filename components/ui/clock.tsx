"use client";

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { now as readClock } from "@/lib/clock";

type Time = { readonly now: Date; readonly zone: string };

const TICK_MS = 20_000;
const TimeContext = createContext<Time>({ now: new Date(0), zone: "UTC" });

/**
 * The time and the viewer's zone for everything below. The first rendering takes the server's clock, on both sides alike; then the
 * browser's own ticks. `timeZone` null: the browser's zone (UTC until it is known).
 */
export function Clock({ now, timeZone, children }: { now: string; timeZone: string | null; children: ReactNode }) {
  const [time, setTime] = useState<Time>(() => ({ now: new Date(now), zone: timeZone ?? "UTC" }));
  useEffect(() => {
    const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const tick = () => setTime({ now: readClock(), zone });
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [timeZone]);
  return <TimeContext.Provider value={time}>{children}</TimeContext.Provider>;
}

/** The time as pages know it: it moves every 20 s. */
export const useTime = (): Time => useContext(TimeContext);
