import { eq } from "drizzle-orm";
import { queueMails, skipMail } from "../../db/outbox";
import { run } from "../../db/schema";
import type { Tx } from "../../db/transaction";
import { ownText, type Value } from "../logic/value";
import { findPerson } from "../people/queries";
import { isEmail, normaliseEmail } from "../people/schema";
import { ok, type Result, refuse } from "../result";

/** What a flow's mail may say at most, in characters. */
const MAX_BODY_CHARACTERS = 20_000;

/**
 * The flow action `send_email`: `to`, `subject`, `body`, all texts. `to` is a person by id, username or e-mail, or the one address of somebody
 * outside, as a record may hold it. A debug run sends none. The mail leaves with the commit, as a row. Refusals: `no-recipient`, `mail-empty`, `mail-too-long`.
 */
export async function sendEmail(
  tx: Tx,
  { inputs, runId }: { readonly inputs: { readonly [name: string]: Value }; readonly runId: string },
): Promise<Result<null>> {
  const [to, subject, body] = [ownText(inputs, "to") ?? "", ownText(inputs, "subject"), ownText(inputs, "body")];
  if (!subject || !body) return refuse("mail-empty");
  if (body.length > MAX_BODY_CHARACTERS) return refuse("mail-too-long", { details: { limit: MAX_BODY_CHARACTERS } });
  const person = to === "" ? null : await findPerson(tx.db, to);
  const address = normaliseEmail(to);
  if (!person && !isEmail(address)) return refuse("no-recipient", { details: { to: to.slice(0, 100) } });
  const mail = { kind: "flow" as const, content: { subject, body }, runId };
  if (await isDebugRun(tx, runId)) {
    await skipMail(tx, mail, `a debug run sends no mail; this one was for ${person?.name ?? address}`);
    return ok(null);
  }
  await queueMails(tx, [{ ...mail, ...(person ? { recipientId: person.userId } : { recipient: address }) }]);
  return ok(null);
}

/** The run of an action is there: an action is done by a screen, or by a job of its own. */
async function isDebugRun(tx: Tx, runId: string): Promise<boolean> {
  const [row] = await tx.db.select({ isDebug: run.isDebug }).from(run).where(eq(run.runId, runId));
  return row?.isDebug ?? false;
}
