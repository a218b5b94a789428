import { recordSecurityEvent } from "../audit/commands";
import { runCommand } from "../command";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { isPassword } from "../people/sign-in/hash-password";
import { storedHash } from "../people/sign-in/stored-hash";
import { forgive, throttle } from "../people/sign-in/throttle";
import type { Result } from "../result";
import { refuse } from "../result";
import { type Decision, decide } from "./commands";

type Input = Decision & { readonly key: string; readonly password?: string | undefined };

/**
 * Decides; where the process asks for the password again, only behind that. Whether it asks is told to nobody but whoever may decide, so the
 * decision is tried first, and undone. Guesses are counted and slowed down as at sign-in. Refusals: those of `decide`, `password-wrong`,
 * `too-often`.
 */
export async function decideAgain(
  person: Person,
  { input: { key, password, ...input } }: { readonly input: Input },
): Promise<Result<Finished>> {
  const header = { kind: "approval.decide", actorId: person.userId, key, subjectId: input.workItemId };
  const first = await runCommand(header, (tx) => decide(tx, person, input));
  if (first.ok || first.refusal.code !== "password-needed" || !password) return first;
  const tries = [{ rule: "pair", what: `decide\n${person.userId}` }] as const;
  const tooOften = await throttle(tries);
  if (tooOften) return { ok: false, refusal: tooOften };
  if (!(await isPassword(await storedHash(person.userId), password))) {
    const what = { action: "decide-password", actorId: person.userId, objectId: input.workItemId };
    await recordSecurityEvent(null, { ...what, allowed: false });
    return refuse("password-wrong", { problems: [{ path: "password", message: "is not your password" }] });
  }
  await forgive(tries);
  return runCommand(header, (tx) => decide(tx, person, { ...input, isConfirmed: true }));
}
