import type { Tx } from "../../../db/transaction";
import { ok, type Result, refuse } from "../../result";
import { digestOf } from "./read-token";

/** Spends a sign-in link: once, within its ten minutes, by the browser that asked for it (S7). One statement, so that of two presses one wins. */
export async function spendSignInLink(
  tx: Tx,
  secret: string,
  browserMark: string,
): Promise<Result<{ userId: string }>> {
  const [row] = await tx.sql<{ user_id: string }[]>`
    update one_time_link set used_at = clock_timestamp()
    where secret_hash = ${digestOf(secret)} and purpose = 'sign_in' and browser_hash = ${digestOf(browserMark)}
      and used_at is null and expires_at > clock_timestamp()
      and exists (select 1 from "user" u where u.user_id = one_time_link.user_id and u.active and u.kind = 'person')
    returning user_id`;
  return row ? ok({ userId: row.user_id }) : refuse("link-used");
}

/** Spends the set-up link (S1). */
export async function spendSetupLink(tx: Tx, secret: string): Promise<Result<null>> {
  const spent = await tx.sql`
    update one_time_link set used_at = clock_timestamp()
    where secret_hash = ${digestOf(secret)} and purpose = 'setup' and used_at is null and expires_at > clock_timestamp() returning 1`;
  return spent.length > 0 ? ok(null) : refuse("setup-link-used");
}
