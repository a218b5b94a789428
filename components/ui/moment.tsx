"use client";

import { Tooltip } from "@mantine/core";
import { useState } from "react";
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
  const [isAsked, setAsked] = useState(false);
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return <span>{at}</span>;
  const shown = {
    relative: () => relativeInstant(instant, now, zone),
    age: () => ageOf(instant, now),
    time: () => clockTime(instant, zone),
    exact: () => exactInstant(instant, zone),
  }[form]();
  const ask = () => setAsked(true);
  const time = (
    <time dateTime={at} suppressHydrationWarning {...(tabStop ? { tabIndex: 0 } : { onPointerEnter: ask })}>
      {shown}
    </time>
  );
  if (form === "exact" || !(tabStop || isAsked)) return time;
  // Of all the times on a page hardly one is ever asked: only that one is given a tooltip, which costs more than the rest of its row.
  return (
    <Tooltip label={exactInstant(instant, zone)} defaultOpened={isAsked}>
      {time}
    </Tooltip>
  );
}
