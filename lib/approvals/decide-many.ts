import type { z } from "zod";
import { partKey } from "../command";
import type { Person } from "../people/current-person";
import { sentenceOf } from "../refusals";
import { decideAgain } from "./decide-again";
import type { DecidedReport, decideManyInput } from "./schema";

/**
 * Decides many items, one after another in the order in which they are given, each by a command of its own, so that those that can be decided
 * are, and the report says of the others why not. Sent again with the same key it decides nothing twice.
 */
export async function decideMany(
  person: Person,
  { items, decision, key }: z.infer<typeof decideManyInput>,
): Promise<DecidedReport> {
  const done: string[] = [];
  const failed: { workItemId: string; message: string }[] = [];
  for (const item of new Map(items.map((item) => [item.workItemId, item])).values()) {
    const { workItemId } = item;
    const one = { ...item, decision };
    const decided = await decideAgain(person, { input: { ...one, key: partKey(key, workItemId, one) } });
    if (decided.ok) done.push(workItemId);
    else failed.push({ workItemId, message: sentenceOf(decided.refusal) });
  }
  return { done, failed };
}
