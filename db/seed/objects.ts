import type { NewField, ObjectInput } from "../../lib/records/schema/object";

/** The demo's objects. A lookup's object comes before the one that looks. */
export type DemoObject = ObjectInput & { readonly fields: readonly NewField[] };

type More = Partial<Omit<NewField, "name" | "type">>;

/** A field whose label is its name in words. */
function field(name: string, type: NewField["type"], more: More = {}): NewField {
  const [first = "", ...rest] = name.split("_");
  const label = [first, ...rest.map((word) => word.toLowerCase())].join(" ");
  return { name, type, label, required: false, defaultValue: null, help: "", options: {}, ...more };
}

const picklist = (name: string, values: readonly string[], more: More = {}): NewField =>
  field(name, "picklist", { options: { values: values.map((value) => ({ value, label: value })) }, ...more });

const euros = { options: { currency: "EUR", decimals: 2 } };

export const DEMO_OBJECTS: readonly DemoObject[] = [
  {
    name: "Employee",
    label: "Employee",
    pluralLabel: "Employees",
    nameLabel: "Full name",
    icon: "user",
    othersMay: "read",
    fields: [
      field("Email", "email", { label: "E-mail" }),
      field("Job_Title", "text", { required: true }),
      picklist("Department", ["Customer Success", "Engineering", "Finance", "HR", "IT", "Sales"]),
      field("Manager", "user"),
      field("Start_Date", "date", { required: true }),
      picklist("Onboarding_Status", ["New", "Ready"], { required: true, defaultValue: "New" }),
      field("Buddy", "user"),
      field("Asset_Tag", "text"),
      field("Desk", "text"),
      field("Paperwork_Complete", "checkbox"),
    ],
  },
  {
    name: "Account",
    label: "Account",
    pluralLabel: "Accounts",
    nameLabel: "Account name",
    icon: "building",
    othersMay: "read",
    fields: [
      picklist("Industry", ["Energy", "Health", "Logistics", "Manufacturing", "Retail"]),
      picklist("Tier", ["Standard", "Premium"], { defaultValue: "Standard" }),
      field("Contact_Email", "email", { label: "Contact e-mail" }),
    ],
  },
  {
    name: "Case",
    label: "Case",
    pluralLabel: "Cases",
    nameLabel: "Subject",
    icon: "headset",
    othersMay: "edit",
    fields: [
      field("Account", "lookup", { options: { object: "Account" }, required: true }),
      picklist("Severity", ["Low", "Medium", "High", "Critical"], { required: true, defaultValue: "Medium" }),
      picklist("Status", ["New", "Working", "Resolved", "Closed"], { required: true, defaultValue: "New" }),
      field("Description", "long_text", { required: true }),
      field("Affected_Customers", "number", { help: "Above 100 the management is briefed." }),
      field("Root_Cause", "long_text"),
      field("Outage_Minutes", "number"),
      field("Resolution", "long_text"),
    ],
  },
  {
    name: "Loan",
    label: "Loan",
    pluralLabel: "Loans",
    nameLabel: "Applicant",
    icon: "cash",
    othersMay: "read",
    fields: [
      field("Amount", "currency", { required: true, ...euros }),
      field("Purpose", "text", { required: true }),
      field("Yearly_Income", "currency", euros),
      field("Payout_Iban", "text", {
        label: "Payout IBAN",
        help: "Where the money goes. The loan account cannot be opened without it.",
      }),
      picklist("Risk", ["Low", "Medium", "High"]),
      field("Credit_Score", "number"),
      field("Rate", "number", { options: { decimals: 2 } }),
      field("Term_Months", "number", { label: "Term in months" }),
      field("Signed_On", "date"),
      picklist("Outcome", ["Granted", "Declined"]),
    ],
  },
  {
    name: "Loan_Account",
    label: "Loan account",
    pluralLabel: "Loan accounts",
    nameLabel: "Name",
    icon: "receipt",
    othersMay: "read",
    fields: [
      field("Loan", "lookup", { options: { object: "Loan" }, required: true }),
      field("Iban", "text", { label: "IBAN", required: true }),
      field("Balance", "currency", { required: true, ...euros }),
    ],
  },
  {
    name: "Purchase_Request",
    label: "Purchase request",
    pluralLabel: "Purchase requests",
    nameLabel: "What",
    icon: "shopping-cart",
    othersMay: "read",
    fields: [
      field("Amount", "currency", { required: true, ...euros }),
      field("Vendor", "text", { required: true }),
      picklist("Category", ["Furniture", "Hardware", "Services", "Software", "Travel"]),
      field("Justification", "long_text", { required: true }),
      field("Needed_By", "date"),
      picklist("Cost_Centre", ["1000", "2000", "3000"]),
      field("Ordered", "checkbox"),
    ],
  },
];
