import type { Tx } from "../../db/transaction";
import type { AfterScreen, Submitted } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { sentenceOf } from "../refusals";
import { ok, type Result } from "../result";
import { dispatch } from "../runs/dispatch";
import { findNextItem } from "./find-next-item";
import { see } from "./see";

/**
 * Carries what became of an interview to its run, in the same transaction: the last screen completes the work item, a fault that is the
 * step's fails it. Refusals: those of `dispatch`; then the interview is as it was.
 */
export async function tellRun(tx: Tx, person: Person, submitted: Submitted): Promise<Result<AfterScreen>> {
  switch (submitted.type) {
    case "screen":
      return ok(submitted.view);
    case "broken":
      return ok({ type: "failed", message: sentenceOf({ code: "flow-broken", details: { error: submitted.error } }) });
    case "failed": {
      const { runId, stepRunId, error, element } = submitted;
      const told = await dispatch(tx, "system", { runId, command: { type: "flow-failed", stepRunId, error, element } });
      return told.ok ? ok({ type: "failed", message: error }) : told;
    }
    case "finished": {
      const { runId, workItemId, outputs } = submitted;
      const seen = await see(tx, person, workItemId);
      const command = { type: "complete-work-item", workItemId, outputs, ...(seen && { seen }) } as const;
      const told = await dispatch(tx, person, { runId, command });
      if (!told.ok) return told;
      const { items, steps } = told.value.state;
      const item = items.find(({ id }) => id === workItemId);
      const step = steps.find(({ id }) => id === item?.stepRunId);
      // An approval whose screens ended without a decision is the step's error, not the person's work done (semantics 6.5).
      if (step?.status === "error") return ok({ type: "failed", message: step.error ?? "The step failed." });
      return ok({ type: "finished", next: findNextItem(person, told.value.state) });
    }
  }
}
