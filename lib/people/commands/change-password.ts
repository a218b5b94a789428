import { db } from "../../../db/client";
import { answerTo, runCommand } from "../../command";
import { type Result, refuse } from "../../result";
import type { Person } from "../current-person";
import { presentPassword } from "../queries";
import { hashPassword, isPassword } from "../sign-in/hash-password";
import { judgePassword } from "../sign-in/judge-password";
import { forgive, throttle } from "../sign-in/throttle";
import { setPassword } from "./change-account";

/**
 * Changes one's own password. The present one is asked for, and guesses at it are counted, unless there is none or the person signed in by
 * a mailed link just now (S9). Hashing comes before the transaction, which then asks again whether anything changed meanwhile.
 */
export async function changePassword(
  person: Person,
  input: { key: string; present: string; password: string },
): Promise<Result<null>> {
  const header = { kind: "account.change-password", actorId: person.userId, key: input.key, subjectId: person.userId };
  // Sent again, it brings what was the present password before it was done.
  const done = await answerTo<null>(header);
  if (done) return done;
  const tries = [{ rule: "known", what: `change\n${person.userId}` }] as const;
  const tooOften = await throttle(tries);
  const refusal = tooOften ?? judgePassword(input.password, person);
  if (refusal) return { ok: false, refusal };
  const needed = await presentPassword(db(), person);
  if (needed && !(await isPassword(needed.hash, input.present))) {
    return refuse("wrong-password", { problems: [{ path: "present", message: "is not your present password" }] });
  }
  await forgive(tries);
  const hash = await hashPassword(input.password);
  return runCommand(header, (tx) => setPassword(tx, person, { hash, checked: needed?.hash ?? null }));
}
