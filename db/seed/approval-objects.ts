import { type DemoObject, euros, field, picklist } from "./fields";

/** What the demo's approval processes are about. */
export const APPROVAL_OBJECTS: readonly DemoObject[] = [
  {
    name: "Expense",
    label: "Expense",
    pluralLabel: "Expenses",
    nameLabel: "What for",
    icon: "receipt",
    othersMay: "read",
    fields: [
      field("Amount", "currency", { required: true, ...euros }),
      picklist("Category", ["Meals", "Office", "Training", "Travel"]),
      field("Spent_On", "date"),
      field("Reason", "long_text"),
      picklist("Status", ["New", "Approved", "Withdrawn"], { required: true, defaultValue: "New" }),
    ],
  },
  {
    name: "Quote",
    label: "Quote",
    pluralLabel: "Quotes",
    nameLabel: "Quote",
    icon: "cash",
    othersMay: "read",
    fields: [
      field("Account", "lookup", { options: { object: "Account" } }),
      field("Amount", "currency", { required: true, ...euros }),
      field("Discount", "number", { required: true, help: "In percent of the list price.", options: { decimals: 1 } }),
      picklist("Payment_Terms", ["30 days", "60 days", "90 days"], { required: true, defaultValue: "30 days" }),
      picklist("Status", ["Draft", "Released", "Turned down"], { required: true, defaultValue: "Draft" }),
    ],
  },
  {
    name: "Contract",
    label: "Contract",
    pluralLabel: "Contracts",
    nameLabel: "Contract",
    icon: "certificate",
    othersMay: "read",
    fields: [
      field("Party", "text", { required: true }),
      field("Value", "currency", { required: true, ...euros }),
      picklist("Liability", ["Limited", "Unlimited"], { required: true, defaultValue: "Limited" }),
      field("Terms", "long_text"),
      picklist("Status", ["Draft", "Signed"], { required: true, defaultValue: "Draft" }),
    ],
  },
  {
    name: "Leave_Request",
    label: "Leave request",
    pluralLabel: "Leave requests",
    nameLabel: "Leave",
    icon: "calendar",
    othersMay: "read",
    fields: [
      field("First_Day", "date", { required: true }),
      field("Last_Day", "date", { required: true }),
      field("Days", "number", { required: true, options: { decimals: 1 } }),
      picklist("Status", ["New", "Booked", "Withdrawn"], { required: true, defaultValue: "New" }),
    ],
  },
];
