import { and, eq } from "drizzle-orm";
import type { Database } from "../../db/client";
import { definitionVersion } from "../../db/schema/definitions";
import { printDefinition, tidy } from "../check/print-definition";
import { flowNames } from "./load-world";
import { activeBodies } from "./queries";
import { definitionSchema } from "./schema";

/**
 * A version as a file that another Baton can import: a flow alone, an orchestration as an array that begins with the active versions of
 * the flows it calls. Null: there is no such version.
 */
export async function exportDefinition(db: Database, name: string, version: number): Promise<string | null> {
  const [row] = await db
    .select({ body: definitionVersion.body })
    .from(definitionVersion)
    .where(and(eq(definitionVersion.definitionId, name), eq(definitionVersion.version, version)))
    .limit(1);
  if (!row) return null;
  const parsed = definitionSchema.safeParse(row.body);
  if (!parsed.success || parsed.data.kind === "flow") return `${printDefinition(tidy(row.body))}\n`;
  const flows = await activeBodies(db, flowNames(parsed.data));
  return `${printDefinition([...flows.map(({ body }) => body), parsed.data].map(tidy))}\n`;
}
