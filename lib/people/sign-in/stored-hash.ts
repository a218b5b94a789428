import { eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { user } from "../../../db/schema";

/** The hash of a person's password; null where none is set, or there is no such person. */
export async function storedHash(userId: string | undefined): Promise<string | null> {
  const [row] = await db()
    .select({ hash: user.passwordHash })
    .from(user)
    .where(eq(user.userId, userId ?? ""))
    .limit(1);
  return row?.hash ?? null;
}
