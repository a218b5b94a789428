import contract from "./stories/contract.json" with { type: "json" };
import criticalCase from "./stories/critical-case.json" with { type: "json" };
import employeeOnboarding from "./stories/employee-onboarding.json" with { type: "json" };
import expense from "./stories/expense.json" with { type: "json" };
import leaveRequest from "./stories/leave-request.json" with { type: "json" };
import loan from "./stories/loan.json" with { type: "json" };
import purchaseRequest from "./stories/purchase-request.json" with { type: "json" };
import quoteDiscount from "./stories/quote-discount.json" with { type: "json" };

/** The demo's definitions, a bundle a story, as an author would import them. */
export const STORIES: Readonly<Record<string, readonly unknown[]>> = {
  "Employee onboarding": employeeOnboarding,
  "Critical case": criticalCase,
  "Loan review": loan,
  "Purchase approval": purchaseRequest,
  Expense: expense,
  "Quote discount": quoteDiscount,
  Contract: contract,
  "Leave request": leaveRequest,
};
