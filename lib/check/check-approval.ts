import type { ApprovalStep, HumanStep, Orchestration } from "../engine/definition";
import { alsoSaid } from "../engine/outcome-said";
import { outcomeNamed, outcomesOf } from "../engine/outcomes";
import type { Problem } from "../result";
import { checkCondition, type Rules } from "./check-condition";
import { checkExpression } from "./check-expression";
import { ANY } from "./kind";
import { scopeAt } from "./orchestration-scope";
import { repeated } from "./repeated";
import { isProblem, type Scope } from "./scope";
import { type Here, whoIsMissing } from "./who-is-missing";
import type { World } from "./world";

/** What approvals add to an orchestration: whether what their author says of outcomes, rules and due dates can be done. */

/** It is evaluated once, as the step starts: like a decision it may read whatever there is. */
const AT_START: Rules = {};

export function checkApprovalStep(step: ApprovalStep, here: Here): Problem[] {
  const { path, scope } = here;
  const auto = step.autoApprove
    ? checkCondition(step.autoApprove, { path: `${path}.autoApprove`, rules: AT_START }, scope)
    : [];
  const kept = step.skipIfUnchanged.flatMap((ref, at) =>
    ref.startsWith("$Record.")
      ? checkRef(ref, `${path}.skipIfUnchanged[${at}]`, scope)
      : [
          {
            path: `${path}.skipIfUnchanged[${at}]`,
            message: `${ref} is no value of the record, such as $Record.Amount`,
          },
        ],
  );
  return [...checkOutcomes(step, here), ...checkRule(step, here), ...auto, ...kept];
}

const checkRef = (ref: string, path: string, scope: Scope): Problem[] =>
  checkExpression({ ref }, { path, wanted: ANY }, scope).map((problem) => ({ ...problem, path }));

/** Where they lead is looked at with the other connectors. */
function checkOutcomes({ outcomes }: ApprovalStep, { path, definition }: Here): Problem[] {
  const decisions = new Set(definition.elements.flatMap(({ type, name }) => (type === "decision" ? [name] : [])));
  const named = outcomes.map(({ name }, at) => ({ name, path: `${path}.outcomes[${at}].name` }));
  const taken = named.filter(({ name }) => ["approve", "reject"].includes(name.toLowerCase()));
  return [
    ...repeated(named),
    ...outcomes.flatMap(({ label }, at): Problem[] => {
      // An answer by mail is read by labels: each must say one thing.
      const also = alsoSaid(label, outcomes.toSpliced(at, 1));
      const message = `an answer by mail that says “${label}” would be taken for ${also}; choose another label`;
      return also === null ? [] : [{ path: `${path}.outcomes[${at}].label`, message }];
    }),
    ...taken.map((one) => ({ path: one.path, message: `${one.name} is there already; say something further` })),
    ...outcomes.flatMap(({ does, to }, at): Problem[] => {
      const place = `${path}.outcomes[${at}].to`;
      if (to !== null && does !== "send_back")
        return [{ path: place, message: "only what sends back leads to a stage" }];
      return to !== null && decisions.has(to) ? [{ path: place, message: `${to} is a decision; name a stage` }] : [];
    }),
  ];
}

function checkRule({ rule, assignee }: ApprovalStep, { path }: Here): Problem[] {
  if (rule.type === "first" || assignee.type !== "user") return [];
  return [{ path: `${path}.rule`, message: "only groups and queues decide together; this step is one person's" }];
}

/** A due date's ladder goes upwards, and a time-out ends approvals alone. */
export function checkDue(step: HumanStep, { path, world }: Here): Problem[] {
  const { due } = step;
  if (!due) return [];
  const at = `${path}.due`;
  const { escalate, timeOut, remindAfter } = due;
  const last = timeOut?.afterMinutes ?? Number.POSITIVE_INFINITY;
  const late = "comes after the time-out, when nothing is left to be done";
  const problems: Problem[] = remindAfter.flatMap((minutes, index) =>
    minutes > last ? [{ path: `${at}.remindAfter[${index}]`, message: late }] : [],
  );
  if (escalate && escalate.afterMinutes > last) problems.push({ path: `${at}.escalate.afterMinutes`, message: late });
  if (escalate && step.kind === "approval" && step.rule.type !== "first")
    problems.push({ path: `${at}.escalate`, message: "votes of a group go to nobody else; let them time out instead" });
  if (escalate && escalate.to !== "manager") {
    const message = whoIsMissing([escalate.to.type], escalate.to.value, world);
    if (message) problems.push({ path: `${at}.escalate.to.value`, message });
  }
  if (timeOut && step.kind !== "approval")
    problems.push({ path: `${at}.timeOut`, message: "only an approval can end by a time-out; escalate this instead" });
  if (timeOut && step.kind === "approval" && !outcomesOf(step).some(({ name }) => name === timeOut.outcome))
    problems.push({ path: `${at}.timeOut.outcome`, message: `${timeOut.outcome} is no outcome of this step` });
  const ends = timeOut && step.kind === "approval" ? outcomeNamed(step, timeOut.outcome) : null;
  if (ends?.does === "send_back" && ends.to === null)
    problems.push({
      path: `${at}.timeOut.outcome`,
      message: `${ends.name} asks the submitter to revise what nobody has said anything about`,
    });
  return problems;
}

/** Delegations are bounded by a number of the record itself: of anything else `approval-subject.ts` would never find one. */
function notAnAmount(ref: string, scope: Scope): Problem[] {
  const kind = scope(ref);
  const isNumber = !isProblem(kind) && ["number", "currency", "any"].includes(kind.type);
  if (isNumber && /^\$Record\.\w+$/.test(ref)) return [];
  return [
    { path: "approval.amount", message: `${ref} is no number field of the record itself, such as $Record.Amount` },
  ];
}

/** What an approval process says of itself: its facts can be read, its recall path is background steps only. */
export function checkApprovalParts(definition: Orchestration, world: World): Problem[] {
  const { approval, processType } = definition;
  if (!approval) return [];
  if (processType !== "approval")
    return [{ path: "approval", message: "belongs to approval processes; this is an orchestration" }];
  const scope = scopeAt(definition, world, { element: null });
  const read = (ref: string, path: string): Problem[] =>
    ref.startsWith("$Record.")
      ? checkRef(ref, path, scope)
      : [{ path, message: `${ref} is no value of the record, such as $Record.Amount` }];
  const { facts, amount, recallStage } = approval;
  return [
    ...facts.flatMap(({ value }, at) => read(value, `approval.facts[${at}].value`)),
    ...(amount === null ? [] : [...read(amount, "approval.amount"), ...notAnAmount(amount, scope)].slice(0, 1)),
    ...(recallStage?.steps ?? []).flatMap(({ kind, label }, at) =>
      kind === "background"
        ? []
        : [
            {
              path: `approval.recallStage.steps[${at}].kind`,
              message: `${label}: a recall path has background steps only`,
            },
          ],
    ),
    ...(recallStage && recallStage.next !== null
      ? [{ path: "approval.recallStage.next", message: "must be null: a recall path is one stage" }]
      : []),
  ];
}
