import { now } from "../../../lib/clock";
import { createDelegation } from "../../../lib/people/delegation/commands";
import { act, who } from "../cast";
import { pdfOf } from "../pdf";
import { asks, decides, recalls } from "./approvals";

const asking = { process: "Expense_Approval", object: "Expense" } as const;
const decision = "Manager_Decision";

/** Six expenses: small enough for nobody, approved, checked by finance, waiting with finance and with a manager who is away, and one taken back. */
export async function playExpense(): Promise<void> {
  await asks({ ...asking, by: "jonas" }, { Name: "Coffee for the night shift", Amount: 18.4, Category: "Meals" });
  const train = await asks(
    { ...asking, by: "luca", comments: "Second class, both ways.", files: { "Ticket to Turin.pdf": TICKET } },
    { Name: "Train to Turin", Amount: 164, Category: "Travel", Spent_On: "2026-10-12" },
  );
  await decides("elena", train, { step: decision, decision: "Approve", comments: "Thanks for going." });
  const course = await asks(
    { ...asking, by: "sam", comments: "The course we spoke about." },
    { Name: "Database course", Amount: 1_850, Category: "Training", Spent_On: "2026-10-20" },
  );
  await decides("mei", course, { step: decision, decision: "Approve" });
  await decides("hannah", course, {
    step: "Finance_Decision",
    decision: "Approve",
    comments: "Within the training budget.",
  });
  const fair = await asks(
    { ...asking, by: "luca", comments: "Stand, hotel and printing." },
    { Name: "Trade fair in Hanover", Amount: 4_120, Category: "Travel", Spent_On: "2026-11-04" },
  );
  await decides("elena", fair, { step: decision, decision: "Approve", comments: "Three good leads." });
  await carlaIsAway();
  await asks(
    {
      ...asking,
      by: "david",
      comments: "For the customer workshop.",
      files: { "Receipt Trattoria Nord.pdf": RECEIPT },
    },
    { Name: "Catering", Amount: 380, Category: "Meals", Spent_On: "2026-11-16" },
  );
  const chair = await asks({ ...asking, by: "jonas" }, { Name: "Office chair", Amount: 290, Category: "Office" });
  await recalls("jonas", chair, "IT had one in the cellar.");
}

const TICKET = pdfOf("Milano Centrale to Torino Porta Susa", [
  "12 October 2026, second class, one adult, there and back",
  "2 x 82.00 EUR",
  "Paid: 164.00 EUR",
]);
const RECEIPT = pdfOf("Trattoria Nord", [
  "16 November 2026",
  "Buffet for twelve, 12 x 28.00 EUR: 336.00 EUR",
  "Coffee and water: 44.00 EUR",
  "Paid: 380.00 EUR",
]);

const DAY_MS = 86_400_000;

/** Somebody else decides in her place meanwhile, on what is not too large. */
async function carlaIsAway(): Promise<void> {
  const [admin, carla, elena] = await Promise.all([who("omar"), who("carla"), who("elena")]);
  const at = now().getTime();
  await act(admin, "delegation.create", (tx) =>
    createDelegation(tx, admin, {
      delegatorId: carla.userId,
      delegateId: elena.userId,
      from: new Date(at - DAY_MS).toISOString(),
      to: new Date(at + 14 * DAY_MS).toISOString(),
      processes: ["Expense_Approval"],
      maxAmount: 2_000,
      mayPassOn: false,
      reason: "At the customer's in Oslo",
    }),
  );
}
