import type { Result } from "../../result";
import type { Person } from "../current-person";
import { confirmPassword } from "./confirm-password";

type Asked = {
  readonly person: Person;
  /** What they gave, if anything. */
  readonly password: string | undefined;
  /** What it is about, for the security event of a wrong one. */
  readonly objectId: string;
};

/**
 * An act that some processes want the password again for. Whether they do is told to nobody but whoever may do it, so it is tried first, and
 * undone with `password-needed`; behind the right password it is done. Guesses are counted and slowed down as at sign-in. Refusals: those of
 * the act, `password-wrong`, `too-often`.
 */
export async function stepUp<T>(
  { person, password, objectId }: Asked,
  act: (isConfirmed: boolean) => Promise<Result<T>>,
): Promise<Result<T>> {
  const first = await act(false);
  if (first.ok || first.refusal.code !== "password-needed" || !password) return first;
  const refusal = await confirmPassword(person, password, objectId);
  return refusal ? { ok: false, refusal } : act(true);
}
