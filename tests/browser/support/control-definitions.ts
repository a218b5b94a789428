/** A process with everything that run control can be tried on: a lock, a fault path, a step that fails unless its input is corrected. */
const text = (name: string, more: object = {}) => ({ name, type: "text", ...more });

const NOTE = {
  kind: "flow",
  type: "screen",
  name: "Write_Note",
  label: "Write a note",
  variables: [text("note", { isOutput: true })],
  start: "Note",
  elements: [
    {
      type: "screen",
      name: "Note",
      label: "Write a note",
      fields: [{ name: "note", type: "text", label: "Note", required: true }],
      next: null,
    },
  ],
};

/** Fails unless it is given the id of an account. */
const STAMP = {
  kind: "flow",
  type: "autolaunched",
  name: "Stamp_Account",
  label: "Stamp the account",
  variables: [text("accountId", { isInput: true }), text("stamp", { isOutput: true, default: "stamped" })],
  start: "Stamp",
  elements: [
    {
      type: "update_records",
      name: "Stamp",
      label: "Write the stamp",
      object: "Account",
      record: "accountId",
      values: { Contact_Email: { literal: "stamped@example.com" } },
      next: null,
    },
  ],
};

const work = (name: string, label: string, more: object = {}) => ({
  kind: "interactive",
  ...{ name, label, flow: "Write_Note" },
  assignee: { type: "user", value: { literal: "carla" } },
  ...more,
});

const PROCESS = {
  kind: "orchestration",
  processType: "orchestrator",
  name: "Account_Review",
  label: "Account review",
  start: { type: "autolaunched", object: "Account", buttonLabel: "Start the review", next: "Talk" },
  elements: [
    {
      type: "stage",
      name: "Talk",
      label: "Talk",
      steps: [
        work("Invite", "Invite to a talk", { locksRecord: true }),
        work("Report", "Report on the talk", { entry: { type: "step_completed", step: "Invite" } }),
      ],
      next: "File",
      faultNext: "Mend",
    },
    {
      type: "stage",
      name: "File",
      label: "File it",
      steps: [
        {
          kind: "background",
          name: "Stamp_It",
          label: "Stamp it",
          flow: "Stamp_Account",
          inputs: { accountId: { literal: "rec_nobody" } },
        },
      ],
      next: null,
    },
    { type: "stage", name: "Mend", label: "Mend it", steps: [work("Mend_It", "Mend what broke")], next: null },
  ],
};

export const CONTROL_DEFINITIONS = JSON.stringify([NOTE, STAMP, PROCESS]);

/** Its second step waits for a word that the first one may not give: then nothing can move the run. */
const STALLING = {
  kind: "orchestration",
  processType: "orchestrator",
  name: "Account_Check",
  label: "Account check",
  start: { type: "autolaunched", object: "Account", buttonLabel: "Start the check", next: "Check" },
  elements: [
    {
      type: "stage",
      name: "Check",
      label: "Check",
      steps: [
        work("Look", "Look at it", { flow: "Write_Remark" }),
        work("Look_Again", "Look again", {
          flow: "Write_Remark",
          entry: {
            type: "requirements",
            condition: {
              requirements: [{ left: "Look.Outputs.note", operator: "equals", right: { literal: "again" } }],
            },
          },
        }),
      ],
      next: null,
    },
  ],
};

export const STALLING_DEFINITIONS = JSON.stringify([
  { ...NOTE, name: "Write_Remark", label: "Write a remark" },
  STALLING,
]);
