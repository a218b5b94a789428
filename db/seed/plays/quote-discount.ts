import { asks, decides } from "./approvals";

const asking = { process: "Quote_Discount", object: "Quote", by: "luca" } as const;

/** Five quotes: within everybody's limits, approved by sales, by the director, turned down, and one that sales and finance look at together. */
export async function playQuoteDiscount(): Promise<void> {
  await asks(asking, { Name: "Q-1040 Nordwind", Amount: 12_000, Discount: 4 });
  const second = await asks(
    { ...asking, comments: "They order twice a year." },
    { Name: "Q-1041 Hafenlogistik", Amount: 28_500, Discount: 12 },
  );
  await decides("elena", second, { step: "Sales_Decision", decision: "Approve", comments: "Fine for a regular." });
  const large = await asks(
    { ...asking, comments: "The whole region, if we win it." },
    { Name: "Q-1042 Stadtwerke", Amount: 240_000, Discount: 24, Payment_Terms: "60 days" },
  );
  await decides("elena", large, { step: "Sales_Decision", decision: "Approve" });
  await decides("hannah", large, { step: "Terms_Decision", decision: "Approve", comments: "They pay on time." });
  await decides("nora", large, { step: "Director_Decision", decision: "Approve", comments: "Worth it." });
  const cheap = await asks(
    { ...asking, comments: "They ask for more every year." },
    { Name: "Q-1043 Billigmarkt", Amount: 9_000, Discount: 35, Payment_Terms: "90 days" },
  );
  await decides("elena", cheap, { step: "Sales_Decision", decision: "Reject", comments: "Below our cost." });
  await asks(
    { ...asking, comments: "New customer, wants time to pay." },
    { Name: "Q-1044 Almeida & Filhos", Amount: 41_000, Discount: 15, Payment_Terms: "90 days" },
  );
}
