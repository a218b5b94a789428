import type { Tx } from "../../db/transaction";
import { recordSecurityEvent } from "../audit/commands";
import type { Person } from "../people/current-person";
import { mayNow } from "../people/may-now";
import { findPerson } from "../people/queries";
import { ok, type Result, refuse } from "../result";
import { definitionSchema } from "./schema";

/** Those whose rights a definition's steps take on, as they are written in it; of a body that has not the right form, nobody. */
export function runnersOf(body: unknown): string[] {
  const { success, data } = definitionSchema.safeParse(body);
  if (!success || data.kind !== "orchestration") return [];
  const { recallStage } = data.approval ?? {};
  const stages = [...data.elements, ...(recallStage ? [recallStage] : [])];
  const runners = stages.flatMap((element) =>
    element.type === "stage"
      ? element.steps.flatMap((step) =>
          step.kind === "background" && typeof step.runAs === "object" ? [step.runAs.user] : [],
        )
      : [],
  );
  return [...new Set(runners)];
}

/**
 * Asked wherever a definition comes to be used: a step that takes on somebody's rights is an admin's to put there (S33). Each person lent is
 * a security event, and so is the refusal. Refusal: `run-as-admin`, naming the first who is not theirs to lend. Whom nobody knows, the check of the
 * definition complains of.
 */
export async function askRunAs(
  tx: Tx,
  person: Person,
  { name, body }: { name: string; body: unknown },
): Promise<Result<null>> {
  for (const runner of runnersOf(body)) {
    const found = await findPerson(tx.db, runner);
    if (!found) continue;
    const allowed = await mayNow(tx, person, ["definition.run-as", found]);
    const event = {
      action: "definition-run-as",
      actorId: person.userId,
      objectId: found.userId,
      details: { definition: name },
    };
    await recordSecurityEvent(allowed ? tx : null, { ...event, allowed });
    if (!allowed) return refuse("run-as-admin", { details: { name: found.name } });
  }
  return ok(null);
}
