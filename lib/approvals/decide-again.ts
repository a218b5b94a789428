import { runCommand } from "../command";
import type { Finished } from "../interviews/schema";
import type { Person } from "../people/current-person";
import { confirmPassword } from "../people/sign-in/confirm-password";
import type { Result } from "../result";
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
  const refusal = await confirmPassword(person, password, input.workItemId);
  if (refusal) return { ok: false, refusal };
  return runCommand(header, (tx) => decide(tx, person, { ...input, isConfirmed: true }));
}
