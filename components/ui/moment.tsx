"use client";

import { Tooltip } from "@mantine/core";
import { useRef, useState } from "react";
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
  const shownIn = useRef<HTMLTimeElement>(null);
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return <span>{at}</span>;
  const shown = {
    relative: () => relativeInstant(instant, now, zone),
    age: () => ageOf(instant, now),
    time: () => clockTime(instant, zone),
    exact: () => exactInstant(instant, zone),
  }[form]();
  const exactly = exactInstant(instant, zone);
  const time = (
    <time
      ref={shownIn}
      dateTime={at}
      suppressHydrationWarning
      {...(tabStop ? { tabIndex: 0 } : { onPointerEnter: () => setAsked(true) })}
    >
      {shown}
    </time>
  );
  if (form === "exact") return time;
  if (tabStop) return <Tooltip label={exactly}>{time}</Tooltip>;
  // Of all the times on a page hardly one is ever asked: only that one is given a tooltip, which costs more than the rest of its row. It stays
  // the element that it was: what is pressed and gone before it is let go is no click, and the row around it would not open.
  return (
    <>
      {time}
      {isAsked && <Tooltip label={exactly} target={shownIn} defaultOpened />}
    </>
  );
}
