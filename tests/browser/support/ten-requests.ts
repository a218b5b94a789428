/** Ten requests that wait for Carla, from one start: a background flow writes the records down and asks for their approval in David's name. */
export const TEN = 10;

const APPROVAL = {
  kind: "orchestration",
  processType: "approval",
  name: "Spending_Check",
  label: "Spending check",
  start: { type: "autolaunched", object: "Expense", next: "Check" },
  variables: ["recordId", "submitter", "submissionComments", "firstApprover"].map((name) => ({
    name,
    type: "text",
    isInput: true,
  })),
  approval: { facts: [{ label: "Amount", value: "$Record.Amount" }] },
  elements: [
    {
      type: "stage",
      name: "Check",
      label: "Check",
      steps: [
        {
          kind: "approval",
          name: "Check_It",
          label: "Check the spending",
          assignee: { type: "user", value: { literal: "carla" } },
        },
      ],
      next: null,
    },
  ],
};

const record = (number: number) => [
  {
    type: "create_records",
    name: `Write_${number}`,
    label: `Write ${number}`,
    object: "Expense",
    values: { Name: { literal: `Parcel ${number}` }, Amount: { literal: number * 10 } },
    into: "recordId",
    next: `Ask_${number}`,
  },
  {
    type: "action",
    name: `Ask_${number}`,
    label: `Ask ${number}`,
    action: "request_approval",
    inputs: {
      process: { literal: "Spending_Check" },
      recordId: { ref: "recordId" },
      submitter: { literal: "david" },
    },
    next: number < TEN ? `Write_${number + 1}` : null,
  },
];

const FLOW = {
  kind: "flow",
  type: "autolaunched",
  name: "Ask_Ten_Times",
  label: "Ask ten times",
  variables: [{ name: "recordId", type: "text" }],
  start: "Write_1",
  elements: Array.from({ length: TEN }, (_, at) => record(at + 1)).flat(),
};

const PROCESS = {
  kind: "orchestration",
  processType: "orchestrator",
  name: "Ten_Requests",
  label: "Ten requests",
  start: { type: "autolaunched", buttonLabel: "Ask ten times", next: "Ask" },
  elements: [
    {
      type: "stage",
      name: "Ask",
      label: "Ask",
      steps: [{ kind: "background", name: "Ask_All", label: "Ask for all", flow: "Ask_Ten_Times" }],
      next: null,
    },
  ],
};

export const TEN_REQUESTS = JSON.stringify([APPROVAL, FLOW, PROCESS]);
