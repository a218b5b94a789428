import type { Database } from "../../db/client";
import type { ScreenElement } from "../flow/definition";
import type { InterviewState, Values } from "../flow/interview";
import { filledScreen, visibleFields } from "../flow/screen";
import { lookupOf } from "../flow/seek";
import { ownProperty } from "../logic/value";
import type { Person } from "../people/current-person";
import type { Problem } from "../result";
import { nameChoices } from "./name-choices";

/**
 * The one thing about an answer that only the database knows: whether what was chosen in a lookup field is there, and the person's to see.
 * One sentence for both, so that asking tells nothing.
 */
export async function checkChoices(
  db: Database,
  person: Person,
  {
    screen,
    values,
    state,
  }: { readonly screen: ScreenElement; readonly values: Values; readonly state: InterviewState },
): Promise<Problem[]> {
  const lookup = lookupOf(state);
  const problems: Problem[] = [];
  for (const field of visibleFields(filledScreen(screen, lookup), values, lookup)) {
    const id = field.type === "lookup" ? ownProperty(values, field.name) : null;
    if (typeof id !== "string" || id === "") continue;
    const names = await nameChoices(db, person, { field, ids: [id] });
    if (Object.hasOwn(names, id)) continue;
    const what = field.lookup === "user" ? "an active person" : "a record that exists and that you may see";
    problems.push({ path: field.name, message: `${field.label} must be ${what}.` });
  }
  return problems;
}
