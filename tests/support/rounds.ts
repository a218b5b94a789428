/** The first two rounds of some races are one after the other, so that each way is seen; a race is what comes after them. */
const LEAST = 3;

/** How often a race is run: as often as `npm run faults -- --races` asks, else as often as `npm test` has time for. */
export const roundsOr = (few: number): number =>
  process.env.RACE_ROUNDS === undefined ? few : Math.max(LEAST, Number(process.env.RACE_ROUNDS));

/** So many rounds have time. */
export const patience = (rounds: number) => ({ timeout: 120_000 + rounds * 1_500 });
