/** How often a race is run: as often as `npm run faults -- --races` asks, else as often as `npm test` has time for. */
export const roundsOr = (few: number): number => Number(process.env.RACE_ROUNDS ?? few);

/** So many rounds have time. */
export const patience = (rounds: number) => ({ timeout: 120_000 + rounds * 1_500 });
