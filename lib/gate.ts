import { approvalsPolicy } from "./approvals/policy";
import { auditPolicy } from "./audit/policy";
import { connectPolicy } from "./connect/policy";
import { definitionsPolicy } from "./definitions/policy";
import { notifyPolicy } from "./notify/policy";
import type { Person } from "./people/current-person";
import { peoplePolicy } from "./people/policy";
import { recordsPolicy } from "./records/policy";
import { runsPolicy } from "./runs/policy";
import { workPolicy } from "./work/policy";

/**
 * The only gate: every read and write asks it, and what no policy allows is refused. A `no` is answered like "there is no such thing"
 * (refusal `not-found`, `notFound()` in pages), so that asking tells nothing.
 */
const POLICIES = {
  ...auditPolicy,
  ...peoplePolicy,
  ...recordsPolicy,
  ...definitionsPolicy,
  ...connectPolicy,
  ...notifyPolicy,
  ...runsPolicy,
  ...workPolicy,
  ...approvalsPolicy,
};

export type Operation = keyof typeof POLICIES;
/** What the policy of that operation looks at; nothing for operations on no thing in particular. */
export type Subject<O extends Operation> =
  Parameters<(typeof POLICIES)[O]> extends [unknown, infer S, ...unknown[]] ? [subject: S] : [subject?: null];

/** Operations of each scope that a bearer token may carry. A token never does more than its scopes and its person allow. */
const SCOPES: Readonly<Record<string, readonly Operation[]>> = {
  "runs:start": ["run.start", "approval.request", "record.read"],
  "runs:read": ["run.list", "run.read", "run.know", "item.list", "item.read"],
  "records:read": ["record.read"],
  "approvals:decide": ["item.work", "item.read", "approval.decide", "run.know"],
  /** Of an answer by mail; no token of the API has it. */
  "decisions:reply": ["item.work", "item.read", "approval.decide", "run.know"],
};

/** What Baton does by itself, as the automated process user: what its definitions say, and nothing that must be a person's act. */
const SYSTEM: ReadonlySet<Operation> = new Set<Operation>([
  "record.read",
  "record.create",
  "record.edit",
  "record.transfer",
  "run.start",
  "approval.request",
  "run.read",
  "item.read",
  "people.see",
]);

const isInScope = (scopes: readonly string[] | null, operation: Operation): boolean =>
  scopes === null || scopes.some((scope) => SCOPES[scope]?.includes(operation) ?? false);

/** Whether this person, or Baton itself, may do that to the subject as it is now. For writes ask inside the transaction, after locking. */
export function may<O extends Operation>(person: Person | "system", operation: O, ...[subject]: Subject<O>): boolean {
  if (person === "system") return SYSTEM.has(operation);
  const rule: ((person: Person, subject: never) => boolean) | undefined = POLICIES[operation];
  return rule !== undefined && isInScope(person.scopes, operation) && rule(person, subject as never);
}
