/** Where in a formula something is wrong, counted from 1 as editors do. */
export const placed = (sentence: string, at: number): string =>
  `${sentence.replace(/\.$/, "")} (at character ${at + 1}).`;
