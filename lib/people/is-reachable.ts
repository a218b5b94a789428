import { inArray } from "drizzle-orm";
import type { Database } from "../../db/client";
import { user } from "../../db/schema";
import { membersOf, type Place } from "./queries";
import { isEmail } from "./schema";

/** Whether anybody behind an assignee can be told by mail: somebody active with an address that mail can be sent to. */
export async function isReachable(database: Database, place: Place): Promise<boolean> {
  const members = await membersOf(database, place);
  if (members.length === 0) return false;
  const rows = await database.select({ email: user.email }).from(user).where(inArray(user.userId, members));
  return rows.some(({ email }) => isEmail(email));
}
