import { pdfOf } from "../pdf";
import { asks, decides, revises } from "./approvals";

const asking = { process: "Contract_Review", object: "Contract" } as const;
const step = "Legal_Decision";

const HOSTING = pdfOf("Hosting 2027", [
  "between Rackworks and us",
  "1. Twelve racks with power and cooling, from 1 January 2027 for twelve months.",
  "2. 96,000 EUR a year, due in quarters.",
  "3. Available for 99.9 % of each month; less than that is credited.",
  "4. Liability up to the value of the contract.",
]);

/** Three contracts: sent back, mended and signed; with two of three votes; and one that a single vote turned down. */
export async function playContract(): Promise<void> {
  await sentBack();
  const hosting = await asks(
    { ...asking, by: "priya", comments: "The old one ends in January.", files: { "Hosting 2027.pdf": HOSTING } },
    { Name: "Hosting 2027", Party: "Rackworks", Value: 96_000 },
  );
  await decides("hannah", hosting, { step, decision: "Approve" });
  await decides("carla", hosting, {
    step,
    decision: "With_Conditions",
    comments: "If they name a second data centre before we sign.",
  });
  const lease = await asks(
    { ...asking, by: "fatou" },
    { Name: "Lease of the warehouse", Party: "Hallenbau", Value: 310_000, Liability: "Unlimited" },
  );
  await decides("ruth", lease, {
    step,
    decision: "Reject",
    comments: "Not with unlimited liability, and not for ten years.",
  });
}

async function sentBack(): Promise<void> {
  const frame = await asks(
    { ...asking, by: "elena", comments: "As agreed on the phone." },
    { Name: "Frame contract Nordwind", Party: "Nordwind", Value: 180_000, Liability: "Unlimited" },
  );
  await decides("hannah", frame, {
    step,
    decision: "Send_Back",
    comments: "Limit the liability to the contract's value.",
  });
  const values = { Liability: "Limited", Terms: "Liability up to the value of the contract." };
  await revises("elena", { object: "Contract", id: frame }, { step, values, comments: "Limited now, they agreed." });
  for (const member of ["hannah", "ruth", "carla"]) await decides(member, frame, { step, decision: "Approve" });
  await decides("nora", frame, { step: "Sign", decision: "Approve", comments: "Signed today." });
}
