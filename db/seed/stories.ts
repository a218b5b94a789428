import criticalCase from "./stories/critical-case.json" with { type: "json" };
import employeeOnboarding from "./stories/employee-onboarding.json" with { type: "json" };
import loan from "./stories/loan.json" with { type: "json" };
import purchaseRequest from "./stories/purchase-request.json" with { type: "json" };

/** The demo's definitions, a bundle a story, as an author would import them. */
export const STORIES: Readonly<Record<string, readonly unknown[]>> = {
  "Employee onboarding": employeeOnboarding,
  "Critical case": criticalCase,
  "Loan review": loan,
  "Purchase approval": purchaseRequest,
};
