/**
 * How to read the parts of an instant ("month", "hour", …) as a locale writes them in a time zone (an IANA name). One format is kept for
 * each zone, because making one is slow.
 */
export function zonedParts(locale: string, options: Intl.DateTimeFormatOptions) {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (at: Date, zone: string): ((name: Intl.DateTimeFormatPartTypes) => string) => {
    const format =
      formats.get(zone) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone, hourCycle: "h23" });
    formats.set(zone, format);
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return (name) => parts.get(name) ?? "";
  };
}
