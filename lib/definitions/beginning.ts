import type { DefinitionType } from "./schema";

/** What a new definition of each type begins with: complete in form, small, and worth changing at once. */
export function beginning({ type, name, label }: { type: DefinitionType; name: string; label: string }): unknown {
  if (type === "orchestrator" || type === "approval") return orchestration(type, name, label);
  const flow = { kind: "flow", type, name, label };
  switch (type) {
    case "screen":
      return {
        ...flow,
        variables: [{ name: "recordId", type: "text", isInput: true }],
        start: "Ask",
        elements: [{ type: "screen", name: "Ask", label, fields: [{ name: "comment", type: "long_text", label: "Comment" }], next: null }],
      };
    case "autolaunched":
      return {
        ...flow,
        variables: [{ name: "recordId", type: "text", isInput: true }, { name: "result", type: "text", isOutput: true }],
        start: "SetResult",
        elements: [{ type: "assignment", name: "SetResult", label: "Set the result", assignments: [{ variable: "result", value: { literal: "done" } }], next: null }],
      };
    case "evaluation":
      return {
        ...flow,
        variables: [{ name: "amount", type: "number", isInput: true }, { name: "isOrchestrationConditionMet", type: "boolean", isOutput: true, default: false }],
        start: "IsItEnough",
        elements: [
          {
            type: "decision", name: "IsItEnough", label: "Is it enough?",
            outcomes: [{ name: "Yes", label: "Yes", when: { requirements: [{ left: "amount", operator: "greater_than", right: { literal: 1000 } }] }, next: "Answer" }],
            defaultNext: null,
          },
          { type: "assignment", name: "Answer", label: "Answer yes", assignments: [{ variable: "isOrchestrationConditionMet", value: { literal: true } }], next: null },
        ],
      };
  }
}

function orchestration(type: "orchestrator" | "approval", name: string, label: string): unknown {
  const isApproval = type === "approval";
  const step = isApproval
    ? { kind: "approval", name: "Decide", label: "Decide", assignee: { type: "user", value: { ref: "$Record.Owner.Manager" } } }
    : { kind: "interactive", name: "DoTheWork", label: "Do the work", flow: "NameOfAScreenFlow", assignee: { type: "user", value: { ref: "$Record.Owner" } }, inputs: { recordId: { ref: "$Record.Id" } } };
  return {
    kind: "orchestration",
    processType: type,
    name,
    label,
    start: { type: "autolaunched", object: "NameOfAnObject", next: "First" },
    variables: isApproval ? ["recordId", "submitter", "submissionComments", "firstApprover"].map((input) => ({ name: input, type: "text", isInput: true })) : [],
    elements: [{ type: "stage", name: "First", label: "First stage", steps: [step], next: null }],
  };
}
