"use client";

import { Tooltip } from "@mantine/core";
import { useTime } from "./clock";
import { ageOf, clockTime, exactInstant, relativeInstant } from "./format-instant";

/**
 * An instant (ISO text), told relative to now in the viewer's zone; hovering shows it exactly with the zone. `form`: "relative" by
 * default, "age" for rows ("3 h"), "time" for a clock time, "exact" in full. With `tabStop` the keyboard reaches the exact time too;
 * never inside a link, a button or a row.
 */
export function Moment({
  at,
  form = "relative",
  tabStop = false,
}: {
  at: string;
  form?: "relative" | "age" | "time" | "exact";
  tabStop?: boolean;
}) {
  const { now, zone } = useTime();
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return <span>{at}</span>;
  const exact = exactInstant(instant, zone);
  const shown = {
    relative: () => relativeInstant(instant, now, zone),
    age: () => ageOf(instant, now),
    time: () => clockTime(instant, zone),
    exact: () => exact,
  }[form]();
  return (
    <Tooltip label={exact} disabled={form === "exact"}>
      <time dateTime={at} suppressHydrationWarning {...(tabStop ? { tabIndex: 0 } : {})}>
        {shown}
      </time>
    </Tooltip>
  );
}
