import { useMounted } from "@mantine/hooks";

/** Rows that fill a screen. */
const FIRST = 15;

/** What of a list stands in the page as the server sends it: as much as is seen at once; the rest as soon as the page is alive. */
export function useFirstRows<Row>(rows: readonly Row[]): readonly Row[] {
  const isAlive = useMounted();
  return isAlive ? rows : rows.slice(0, FIRST);
}
