/** What the runs of a large database are runs of. */
export const MODEL_OBJECT = "Purchase";

const text = (name: string) => ({ name, type: "text", isInput: true });

const stageOf = (step: object) => ({ type: "stage", name: "Only", label: "Only", next: null, steps: [step] });

/** A person answers. */
const QUESTION = {
  kind: "orchestration",
  processType: "orchestrator",
  name: "Question",
  label: "Question",
  start: { type: "autolaunched", next: "Only" },
  elements: [
    stageOf({
      kind: "interactive",
      name: "Answer",
      label: "Answer",
      flow: "Ask",
      record: "about",
      assignee: { type: "user", value: { literal: "bench" } },
    }),
  ],
  variables: [text("about")],
};

/** A person decides, who is shown what the author chose of the record. */
const SIGN_OFF = {
  kind: "orchestration",
  processType: "approval",
  name: "Sign_Off",
  label: "Sign-off",
  start: { type: "autolaunched", object: MODEL_OBJECT, next: "Only" },
  variables: ["recordId", "submitter", "submissionComments", "firstApprover"].map(text),
  approval: {
    facts: [
      { label: "Amount", value: "$Record.Amount" },
      { label: "Vendor", value: "$Record.Vendor" },
    ],
    policy: "Purchases are signed off by the head of the department.",
  },
  elements: [
    stageOf({
      kind: "approval",
      name: "Sign",
      label: "Sign off the purchase",
      assignee: { type: "user", value: { literal: "approver" } },
    }),
  ],
};

export const MODEL_DEFINITIONS = [QUESTION, SIGN_OFF];
