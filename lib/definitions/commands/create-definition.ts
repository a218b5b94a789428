import { eq } from "drizzle-orm";
import { definition } from "../../../db/schema/definitions";
import type { Tx } from "../../../db/transaction";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { type Result, refuse } from "../../result";
import { beginning } from "../beginning";
import type { DefinitionType } from "../schema";
import { type SavedDraft, saveDraft } from "./save-draft";

/** A new definition with a small draft of its type to go on from. The name is unique over orchestrations and flows, and never changes. */
export async function createDefinition(
  tx: Tx,
  person: Person,
  input: { type: DefinitionType; name: string; label: string },
): Promise<Result<SavedDraft>> {
  if (!(await mayNow(tx, person, ["definition.edit"]))) return refuse("not-found");
  const [taken] = await tx.db
    .select({ name: definition.definitionId })
    .from(definition)
    .where(eq(definition.definitionId, input.name));
  if (taken)
    return refuse("name-taken", { details: { name: input.name }, problems: [{ path: "name", message: "is taken" }] });
  return saveDraft(tx, person, { body: beginning(input), base: null });
}
