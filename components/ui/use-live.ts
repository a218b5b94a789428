"use client";

import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { type Connection, connectionNow, listen, type Topic, watchConnection } from "./live-stream";

/** Calls `onEvent` when something of these topics changed (`work`, `runs`, `run:<id>`, …), by stream or else every 20 s. */
export function useLive(topics: readonly Topic[], onEvent: () => void): void {
  const call = useEffectEvent(onEvent);
  const names = topics.join(" ");
  useEffect(() => (names ? listen(names.split(" "), () => call()) : undefined), [names]);
}

export const useConnection = (): Connection => useSyncExternalStore(watchConnection, connectionNow, () => "connecting");
