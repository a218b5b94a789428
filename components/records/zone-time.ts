import { zonedParts } from "@/components/ui/zoned-parts";

/** Between instants and what a clock on the wall of a time zone shows, as date pickers speak: `2026-11-21 14:02:00`. */

const partsIn = zonedParts("en-CA", {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** What the wall clock of that zone shows at an instant (ISO text). */
export function wallTime(iso: string, zone: string): string {
  const part = partsIn(new Date(iso), zone);
  const day = `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
  return `${day} ${part("hour")}:${part("minute")}:${part("second")}`;
}

const asIfUtc = (wall: string): number => Date.parse(`${wall.replace(" ", "T")}Z`);

/**
 * The instant (ISO text) at which the wall clock of that zone shows this. In the hour that a zone skips in spring, the one after it; in the
 * hour that comes twice in autumn, one of the two.
 */
export function instantAt(wall: string, zone: string): string {
  const wanted = asIfUtc(wall);
  // The zone's offset is that of the instant we look for: the second round knows it but for the hours around a change.
  let at = wanted;
  for (let round = 0; round < 2; round++) at += wanted - asIfUtc(wallTime(new Date(at).toISOString(), zone));
  return new Date(at).toISOString();
}
