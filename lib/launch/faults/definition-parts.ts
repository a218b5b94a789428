/** Definitions in few words, as an author would write them. */
export type Given = { readonly [key: string]: unknown };

export const text = (name: string, more: Given = {}) => ({ name, type: "text", ...more });
export const flow = (name: string, type: string, more: Given) => ({ kind: "flow", type, name, label: name, ...more });
export const screen = (name: string, field: string, next: string | null) => ({
  type: "screen",
  name,
  label: name,
  next,
  fields: [{ name: field, type: "long_text", label: field }],
});
export const mail = (name: string, next: string | null) => ({
  type: "action",
  name,
  label: name,
  action: "send_email",
  next,
  inputs: {
    // To somebody else each time: one address gets no more than so many mails an hour.
    to: { template: "{!recordId}@example.org" },
    subject: { literal: name },
    body: { literal: "Something was done." },
  },
});
/** A record more for each time that it runs: what is done twice is seen. */
export const tally = (name: string, next: string | null) => ({
  type: "create_records",
  name,
  label: name,
  object: "Thing",
  values: { Name: { template: `${name} of {!recordId}` }, Status: { literal: "tally" } },
  next,
});
export const recordId = text("recordId", { isInput: true });

const about = { inputs: { recordId: { ref: "$Record.Id" } } };
export const ann = { assignee: { type: "user", value: { literal: "ann" } } };
export const team = { assignee: { type: "group", value: { literal: "Team" } } };
export const interactive = (name: string, more: Given = ann) => ({
  kind: "interactive",
  name,
  label: name,
  flow: "Ask",
  ...more,
});
export const background = (name: string, flowName: string, more: Given = {}) => ({
  kind: "background",
  name,
  label: name,
  flow: flowName,
  ...about,
  ...more,
});
export const after = (step: string) => ({ entry: { type: "step_completed", step } });
export const stage = (name: string, steps: readonly Given[], next: string | null = null) => ({
  type: "stage",
  name,
  label: name,
  steps,
  next,
});

export function orchestration(name: string, stages: readonly Given[], more: Given = {}): Given {
  return {
    kind: "orchestration",
    processType: "orchestrator",
    name,
    label: name.replaceAll("_", " "),
    start: { type: "autolaunched", object: "Thing", next: stages[0]?.name ?? null },
    elements: stages,
    ...more,
  };
}
