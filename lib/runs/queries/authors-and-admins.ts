import { and, desc, eq, or } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { definitionVersion, user } from "../../../db/schema";

/** Who hears of a run that failed: whoever saved the version it is pinned to, and the admins; active people, at most 50, the author first. */
export async function authorsAndAdmins(
  db: Database,
  { definitionId, version }: { readonly definitionId: string; readonly version: number },
): Promise<string[]> {
  const author = db
    .select({ id: definitionVersion.savedBy })
    .from(definitionVersion)
    .where(and(eq(definitionVersion.definitionId, definitionId), eq(definitionVersion.version, version)));
  const rows = await db
    .select({ id: user.userId })
    .from(user)
    .where(and(user.active, eq(user.kind, "person"), or(eq(user.role, "admin"), eq(user.userId, author))))
    .orderBy(desc(eq(user.userId, author)), user.userId)
    .limit(50);
  return rows.map(({ id }) => id);
}
