import { decide, requestApproval } from "../../../lib/approvals/commands";
import { act, creates, itemOf, type Values, who, works } from "../cast";

/** Somebody writes down what they need and asks for approval. */
async function asks(username: string, values: Values, comments = ""): Promise<string> {
  const record = await creates(username, "Purchase_Request", values);
  const person = await who(username);
  await act(person, "approval.request", (tx) =>
    requestApproval(tx, person, { definitionId: "Purchase_Approval", recordId: record, comments }),
  );
  return record;
}

async function decides(
  username: string,
  record: string,
  said: { decision: "approve" | "reject"; comments: string },
): Promise<void> {
  const [person, workItemId] = await Promise.all([who(username), itemOf(record, "Manager_Approval")]);
  await act(person, "approval.decide", (tx) => decide(tx, person, { workItemId, ...said }));
}

/** Six wishes: two ordered, one rejected, one with the manager, one with finance, and one that nobody was asked about yet. */
export async function playPurchaseRequest(): Promise<void> {
  await orderedByTheManager();
  await orderedByFinance();
  await beforeFinance();
  await rejected();
  const licences = {
    Name: "Design tool licences",
    Amount: 800,
    Vendor: "Palette",
    Category: "Software",
    Justification: "For the help pages.",
  };
  await asks("david", licences, "Ten seats for a year.");
  await creates("tomas", "Purchase_Request", {
    Name: "Coffee machine",
    Amount: 1_900,
    Vendor: "Barista Direkt",
    Category: "Hardware",
    Justification: "The one on the second floor leaks.",
  });
}

async function orderedByTheManager(): Promise<void> {
  const wish = {
    Name: "Standing desks for the platform team",
    Amount: 3_200,
    Vendor: "Formhaus",
    Category: "Furniture",
    Justification: "Four of us share two desks since the move.",
  };
  const desks = await asks("sam", wish, "The offer holds until the end of the month.");
  await decides("mei", desks, { decision: "approve", comments: "Long overdue." });
}

async function orderedByFinance(): Promise<void> {
  const wish = {
    Name: "Electric forklift",
    Amount: 48_000,
    Vendor: "Hebewerk",
    Category: "Hardware",
    Justification: "The old one failed its inspection twice.",
  };
  const forklift = await asks("fatou", wish);
  await decides("nora", forklift, { decision: "approve", comments: "Safety first." });
  const answer = {
    approvalDecision: "Approve",
    costCentre: "1000",
    approvalComments: "Leasing was dearer over five years.",
  };
  await works("yusuf", { record: forklift, step: "Finance_Approval" }, [answer]);
}

async function beforeFinance(): Promise<void> {
  const wish = {
    Name: "Test servers",
    Amount: 12_500,
    Vendor: "Rackworks",
    Category: "Hardware",
    Justification: "The nightly tests take until noon.",
  };
  await decides("mei", await asks("sam", wish), { decision: "approve", comments: "We save two hours every day." });
}

async function rejected(): Promise<void> {
  const wish = {
    Name: "Conference in Lisbon",
    Amount: 2_400,
    Vendor: "Via Travel",
    Category: "Travel",
    Justification: "Two talks on our market, five customers are there.",
  };
  await decides("elena", await asks("luca", wish), {
    decision: "reject",
    comments: "Not this quarter; please write down whom you would meet.",
  });
}
