import type { Database } from "../../db/client";
import { checkFlow } from "../check/check-flow";
import { checkOrchestration } from "../check/check-orchestration";
import { problemsOf } from "../check/problems-of";
import { type ReadsOutside, readsOutside } from "../check/reads-outside";
import type { Findings, World } from "../check/world";
import { loadWorld } from "./load-world";
import { type DefinitionBody, definitionSchema } from "./schema";

/** `outside`: of an evaluation flow, what its answer rests on beside its inputs. */
export type Checked = Findings & { readonly body: DefinitionBody | null; readonly outside: ReadsOutside | null };

/**
 * Everything that keeps a body from being activated now: first its form, and when that is right its meaning. `body` is the normalised
 * content with every default written out; null when the form is wrong. One function for the editor, imports and activation.
 */
export async function check(db: Database, body: unknown): Promise<Checked> {
  const parsed = definitionSchema.safeParse(body);
  if (!parsed.success) return { body: null, problems: problemsOf(parsed.error, body), warnings: [], outside: null };
  const world = await loadWorld(db, parsed.data);
  const { data } = parsed;
  const outside = data.kind === "flow" && data.type === "evaluation" ? readsOutside(data, world) : null;
  return { ...judge(data, world), body: data, outside };
}

/** What a body of the right form means in that world. */
export const judge = (body: DefinitionBody, world: World): Findings =>
  body.kind === "flow" ? checkFlow(body, world) : checkOrchestration(body, world);
