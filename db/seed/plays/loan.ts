import { now } from "../../../lib/clock";
import { startRun } from "../../../lib/runs/start";
import { act, creates, type Values, who, works } from "../cast";

const today = (): string => now().toISOString().slice(0, 10);

/** Elena takes an application and asks for its review. */
async function applies(values: Values): Promise<string> {
  const record = await creates("elena", "Loan", values);
  const elena = await who("elena");
  await act(elena, "run.start", (tx) =>
    startRun(tx, elena, { definitionId: "Loan_Review", recordId: record, inputs: {} }),
  );
  return record;
}

const assess = (record: string, values: Values) => works("yusuf", { record, step: "Assess" }, [values]);
const decide = (record: string, verdict: Values) => works("hannah", { record, step: "Committee" }, [verdict]);
const agree = (record: string, terms: Values) =>
  works("elena", { record, step: "Terms" }, [terms, { signed: true, signedOn: today() }]);

/** Six loans: one paid out, one declined by the committee, two before it, one just begun, and one whose account cannot be opened. */
export async function playLoan(): Promise<void> {
  await paidOut();
  await declined();
  await beforeTheCommittee();
  await beforeTheSecondOpinion();
  await withoutIban();
  await applies({
    Name: "Café Morgenrot",
    Amount: 25_000,
    Purpose: "Furniture for the terrace",
    Yearly_Income: 88_000,
  });
  await creates("luca", "Loan", {
    Name: "Olive and Thyme",
    Amount: 45_000,
    Purpose: "Kitchen",
    Yearly_Income: 130_000,
  });
}

async function paidOut(): Promise<void> {
  const bakery = await applies({
    Name: "Bakery Lindner",
    Amount: 80_000,
    Purpose: "A second oven",
    Yearly_Income: 210_000,
    Payout_Iban: "DE02 1203 0000 0000 2020 51",
  });
  await assess(bakery, {
    score: 745,
    risk: "Low",
    Comments: "Twelve years of steady income, one small loan paid back early.",
  });
  await agree(bakery, { rate: 4.1, months: 60 });
}

async function declined(): Promise<void> {
  const clinic = await applies({
    Name: "Riverside Clinic",
    Amount: 300_000,
    Purpose: "Scanner",
    Yearly_Income: 190_000,
    Payout_Iban: "DE02 5001 0517 0137 0750 30",
  });
  await assess(clinic, {
    score: 590,
    risk: "Medium",
    Comments: "Two late payments last year; income fell by a fifth.",
  });
  await decide(clinic, {
    verdict: "Decline",
    Comments: "Too much for the income; we would look at a smaller sum again.",
  });
}

async function beforeTheCommittee(): Promise<void> {
  const roofs = await applies({
    Name: "Green Roofs",
    Amount: 420_000,
    Purpose: "Two lorries and a crane",
    Yearly_Income: 980_000,
    Payout_Iban: "DE02 2001 0020 0020 0212 02",
  });
  await assess(roofs, { score: 701, risk: "Low", Comments: "Full order book for two years." });
}

async function beforeTheSecondOpinion(): Promise<void> {
  const harbour = await applies({
    Name: "Harbour Logistics",
    Amount: 1_500_000,
    Purpose: "Cold store",
    Yearly_Income: 4_100_000,
    Payout_Iban: "DE02 3702 0500 0000 0810 00",
  });
  await assess(harbour, { score: 655, risk: "High", Comments: "Good figures, but one customer brings half of them." });
  await decide(harbour, { verdict: "Grant", collateral: 900_000, Comments: "With the building as collateral." });
}

/** Its last step fails for want of an IBAN: whoever writes one into the loan can try the step again. */
async function withoutIban(): Promise<void> {
  const atelier = await applies({
    Name: "Atelier Fontaine",
    Amount: 60_000,
    Purpose: "Workshop rebuilding",
    Yearly_Income: 95_000,
  });
  await assess(atelier, { score: 688, risk: "Medium", Comments: "Small, young, and well run." });
  await agree(atelier, { rate: 5.2, months: 72 });
}
