import type { Person } from "../../lib/people/current-person";
import { answerDelegation, createDelegation } from "../../lib/people/delegation/commands";
import type { NewDelegation } from "../../lib/people/schema/delegation";
import type { Result } from "../../lib/result";
import { again } from "./people";
import { must } from "./records";
import { commanded } from "./runs";

/** Days from now as an ISO text. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

type More = Partial<Omit<NewDelegation, "delegatorId" | "delegateId">>;

/** From yesterday on for three days, all processes and amounts, unless said otherwise; asked by the delegator. */
export const asked = (
  delegator: Person,
  delegate: Person,
  more: More = {},
): Promise<Result<{ delegationId: string }>> =>
  commanded(delegator, (tx) =>
    createDelegation(tx, delegator, {
      ...{ delegatorId: null, delegateId: delegate.userId, from: inDays(-1), to: inDays(3) },
      ...{ processes: null, maxAmount: null, mayPassOn: false, reason: "" },
      ...more,
    }),
  );

export const answered = (delegate: Person, delegationId: string, accept = true) =>
  commanded(delegate, (tx) => answerDelegation(tx, delegate, { delegationId, accept }));

/** In force: asked and accepted. The delegate as they are with it. */
export async function standingIn(delegate: Person, delegator: Person, more: More = {}): Promise<Person> {
  const { delegationId } = must(await asked(delegator, delegate, more));
  must(await answered(delegate, delegationId));
  return again(delegate);
}
