export type Seeding = {
  /** Password by username, one for each of DEMO_ACCOUNTS. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Told what is being made, for whoever waits in the terminal. */
  readonly progress: (text: string) => void;
};

/** Fills a new, migrated database with the demo's people and stories, through the real commands. Not to be called twice. */
export async function seed({ progress }: Seeding): Promise<void> {
  progress("nothing yet");
}
