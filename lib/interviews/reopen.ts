import type { Tx } from "../../db/transaction";
import { flowVersion } from "../definitions/queries";
import type { Flow } from "../flow/definition";
import type { InterviewState } from "../flow/interview";
import type { Work } from "./carry-on";
import type { Going } from "./frames";
import { runAccess } from "./run-access";

/** Flows in one another without a request: where they were left. */
export type Left = Omit<Going, "step"> & { readonly state: InterviewState };

/** Flows as they were stored, each within the one that called it, by the clock of this execution. */
export async function reopen(
  tx: Tx,
  work: Work,
  { flow, state }: { readonly flow: Flow; readonly state: InterviewState },
): Promise<Left> {
  let left: Left = {
    outer: [],
    at: { flow, access: runAccess(flow, work.person), version: 0 },
    state: own(state, work),
  };
  for (let called = state.sub; called; called = called.state.sub) {
    const found = await flowVersion(tx.db, called.flow, called.version);
    if (!found) throw new Error(`version ${called.version} of the flow ${called.flow} is gone`);
    left = {
      outer: [...left.outer, { ...left.at, state: left.state }],
      at: { flow: found.body, access: runAccess(found.body, work.person, left.at.access), version: called.version },
      state: own(called.state, work),
    };
  }
  return left;
}

function own({ sub: _, ...state }: InterviewState, { clock }: Work): InterviewState {
  return { ...state, clock };
}
