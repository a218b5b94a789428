/** Days and periods of delegations in words, the same in mails and on pages. `zone` is an IANA name. */

const partsOf = (at: Date, zone: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      weekday: "long",
      day: "numeric",
      month: "long",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );

/** "Monday 4 May", with the time where it is not midnight, and the year where that is not the one of `now`: "Monday 4 May 2027, 14:00". */
export function dayInWords(at: Date, zone: string, now: Date): string {
  const { weekday, day, month, year, hour, minute } = partsOf(at, zone);
  const isThisYear = year === partsOf(now, zone).year;
  const time = `${hour}:${minute}`;
  return `${weekday} ${day} ${month}${isThisYear ? "" : ` ${year}`}${time === "00:00" ? "" : `, ${time}`}`;
}

/** "from Friday 1 May until Monday 4 May (Europe/Berlin)" */
export const periodInWords = ({ from, to }: { readonly from: Date; readonly to: Date }, zone: string): string =>
  `from ${dayInWords(from, zone, from)} until ${dayInWords(to, zone, from)} (${zone.replaceAll("_", " ")})`;
