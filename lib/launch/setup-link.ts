import { and, eq } from "drizzle-orm";
import { db } from "../../db/client";
import { user } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../ids";
import { makeSetupLink } from "../people/sign-in/make-link";

/** The address that makes the first admin, for an hour and once; null when there is an admin already. Links printed earlier die. */
export async function setupAddress(address: string): Promise<string | null> {
  const [admin] = await db()
    .select({ userId: user.userId })
    .from(user)
    .where(and(eq(user.role, "admin"), eq(user.active, true)))
    .limit(1);
  if (admin) return null;
  const secret = await transaction({ commandId: newId("command"), actorId: null }, makeSetupLink);
  return `${address}/setup?token=${secret}`;
}
