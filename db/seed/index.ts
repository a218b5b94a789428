import { importDefinitions } from "../../lib/definitions/commands/import-definitions";
import { addField } from "../../lib/records/commands/define-field";
import { createObject } from "../../lib/records/commands/define-object";
import { ok } from "../../lib/result";
import { act, must, who } from "./cast";
import { DEMO_OBJECTS } from "./objects";
import { seedPeople } from "./people";
import { playContract } from "./plays/contract";
import { playCriticalCase } from "./plays/critical-case";
import { playExpense } from "./plays/expense";
import { playLeaveRequest } from "./plays/leave-request";
import { playLoan } from "./plays/loan";
import { playOnboarding } from "./plays/onboarding";
import { playPurchaseRequest } from "./plays/purchase-request";
import { playQuoteDiscount } from "./plays/quote-discount";
import { STORIES } from "./stories";

export type Seeding = {
  /** Password by username, one for each of DEMO_ACCOUNTS. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Told what is being made, for whoever waits in the terminal. */
  readonly progress: (text: string) => void;
};

const PLAYS: readonly (readonly [string, () => Promise<void>])[] = [
  ["Employee onboarding", playOnboarding],
  ["Critical case", playCriticalCase],
  ["Loan review", playLoan],
  ["Purchase approval", playPurchaseRequest],
  ["Expense", playExpense],
  ["Quote discount", playQuoteDiscount],
  ["Contract", playContract],
  ["Leave request", playLeaveRequest],
];

/**
 * Fills a new, migrated database with the demo's people and stories, through the real commands and as the people they are about: nothing
 * in it could not have come from the portal. Times are those of the seeding. Not to be called twice.
 */
export async function seed({ passwords, progress }: Seeding): Promise<void> {
  progress("people and teams");
  await seedPeople(passwords);
  progress("objects");
  await seedObjects();
  const author = await who("ines");
  for (const [story, bundle] of Object.entries(STORIES)) {
    progress(`definitions: ${story}`);
    await act(author, "import-definitions", (tx) => importDefinitions(tx, author, { content: bundle, activate: true }));
  }
  for (const [story, play] of PLAYS) {
    progress(`runs: ${story}`);
    await play();
  }
}

async function seedObjects(): Promise<void> {
  const admin = await who("omar");
  await act(admin, "define-objects", async (tx) => {
    for (const { fields, ...shape } of DEMO_OBJECTS) {
      must(await createObject(tx, admin, shape));
      for (const field of fields) must(await addField(tx, admin, { ...field, object: shape.name }));
    }
    return ok(null);
  });
}
