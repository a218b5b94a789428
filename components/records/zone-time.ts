/** Between instants and what a clock on the wall of a time zone shows, as date pickers speak: `2026-11-21 14:02:00`. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(zone, made);
  return made;
}

/** What the wall clock of that zone shows at an instant (ISO text). */
export function wallTime(iso: string, zone: string): string {
  const parts = Object.fromEntries(
    formatIn(zone)
      .formatToParts(new Date(iso))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year?.padStart(4, "0")}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}:${parts.second}`;
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
