import type { Tx } from "../../../db/transaction";
import type { Person } from "../../people/current-person";
import { mayNow } from "../../people/may-now";
import { sentenceOf } from "../../refusals";
import { ok, type Problem, type Refusal, type Result, refuse } from "../../result";
import { askRunAs } from "../run-as";
import { MAX_BUNDLE } from "../schema";
import { activate } from "./activate";
import { type SavedDraft, saveDraft } from "./save-draft";

export type Imported = {
  readonly saved: readonly SavedDraft[];
  readonly activated: boolean;
  readonly warnings: readonly Problem[];
};

/**
 * Saves one definition, or an array of them, as drafts; with `activate` also activates them, flows before what calls them. All or
 * nothing: the first that is refused refuses the whole, its problems' paths beginning with its place in the array.
 */
export async function importDefinitions(
  tx: Tx,
  person: Person,
  input: { content: unknown; activate: boolean },
): Promise<Result<Imported>> {
  if (!(await mayNow(tx, person, ["definition.edit"]))) return refuse("not-found");
  const bodies: unknown[] = Array.isArray(input.content) ? input.content : [input.content];
  if (bodies.length === 0 || bodies.length > MAX_BUNDLE)
    return refuse("bundle-size", { details: { count: bodies.length, max: MAX_BUNDLE } });
  const at = (index: number): string => (Array.isArray(input.content) ? `[${index}]` : "");

  const saved: SavedDraft[] = [];
  for (const [index, body] of bodies.entries()) {
    const draft = await saveDraft(tx, person, { body });
    if (!draft.ok) return { ok: false, refusal: placed(draft.refusal, at(index)) };
    const twin = saved.findIndex(({ name }) => name === draft.value.name);
    if (twin >= 0)
      return refuse("definition-invalid", {
        problems: [{ path: `${at(index)}.name`, message: `${draft.value.name} is in this bundle twice` }],
      });
    const lent = await askRunAs(tx, person, { name: draft.value.name, body });
    if (!lent.ok) return { ok: false, refusal: placed(lent.refusal, at(index)) };
    saved.push(draft.value);
  }
  if (!input.activate) return ok({ saved, activated: false, warnings: [] });

  const warnings: Problem[] = [];
  const isFlow = (index: number): boolean => (bodies[index] as { kind?: unknown }).kind === "flow";
  const inOrder = [...saved.keys()].sort((a, b) => Number(isFlow(b)) - Number(isFlow(a)) || a - b);
  for (const index of inOrder) {
    const draft = saved[index];
    if (!draft) continue;
    const active = await activate(tx, person, draft);
    if (!active.ok) return { ok: false, refusal: placed(active.refusal, at(index)) };
    warnings.push(...active.value.warnings.map((warning) => place(warning, at(index))));
  }
  return ok({ saved, activated: true, warnings });
}

const place = ({ path, message }: Problem, at: string): Problem => ({
  path: at && path ? `${at}.${path}` : at || path,
  message,
});
function placed(refusal: Refusal, at: string): Refusal {
  if (refusal.problems) return { ...refusal, problems: refusal.problems.map((problem) => place(problem, at)) };
  return at === "" ? refusal : { ...refusal, problems: [{ path: `${at}.name`, message: sentenceOf(refusal) }] };
}
