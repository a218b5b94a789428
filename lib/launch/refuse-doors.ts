import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { db } from "../../db/client";
import { setting, user } from "../../db/schema";
import { CannotStart, type Settings } from "./settings";

/** What lets others into a running process, or takes what others say for true. */
const DEBUG_FLAGS = /--(inspect|debug)\b|--inspect-/;

/**
 * Outside demo mode nothing runs that is for building or trying Baton (S89): no `npm run dev`, which shows sources and errors to everybody, no
 * debugger, no TLS without certificates. @throws CannotStart
 */
export function refuseDebugging({ isDemo }: Settings, isDev: boolean): void {
  if (isDemo) return;
  if (isDev) throw new CannotStart("npm run dev is for demo mode alone; use npm start, or set BATON_DEMO=1");
  if (DEBUG_FLAGS.test([process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" ")))
    throw new CannotStart("NODE_OPTIONS asks for a debugger, which is for demo mode alone; take it away");
  if (process.env.NODE_TLS_REJECT_UNAUTHORIZED === "0")
    throw new CannotStart("NODE_TLS_REJECT_UNAUTHORIZED=0 lets anybody pose as another server; take it away");
}

/** Outside demo mode nobody signs in with an account of the demo, whose passwords lie in a file. @throws CannotStart */
export async function refuseDemoAccounts({ isDemo }: Settings): Promise<void> {
  if (isDemo) return;
  const [noted] = await db().select({ value: setting.value }).from(setting).where(eq(setting.name, "demo_accounts"));
  const usernames = z.array(z.string()).catch([]).parse(noted?.value);
  if (usernames.length === 0) return;
  const left = await db()
    .select({ username: user.username })
    .from(user)
    .where(and(inArray(user.username, usernames), eq(user.active, true)))
    .orderBy(user.username);
  if (left.length === 0) return;
  const names = left.map(({ username }) => username).join(", ");
  throw new CannotStart(
    `DATABASE_URL: the demo accounts ${names} are active there; deactivate them in demo mode (BATON_DEMO=1), or use another database`,
  );
}
