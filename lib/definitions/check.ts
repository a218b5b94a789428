import type { Database } from "../../db/client";
import { checkFlow } from "../check/check-flow";
import { checkOrchestration } from "../check/check-orchestration";
import { problemsOf } from "../check/problems-of";
import type { Findings } from "../check/world";
import { loadWorld } from "./load-world";
import { type DefinitionBody, definitionSchema } from "./schema";

export type Checked = Findings & { readonly body: DefinitionBody | null };

/**
 * Everything that keeps a body from being activated now: first its form, and when that is right its meaning. `body` is the normalised
 * content with every default written out; null when the form is wrong. One function for the editor, imports and activation.
 */
export async function check(db: Database, body: unknown): Promise<Checked> {
  const parsed = definitionSchema.safeParse(body);
  if (!parsed.success) return { body: null, problems: problemsOf(parsed.error, body), warnings: [] };
  const world = await loadWorld(db, parsed.data);
  const findings = parsed.data.kind === "flow" ? checkFlow(parsed.data, world) : checkOrchestration(parsed.data, world);
  return { ...findings, body: parsed.data };
}
