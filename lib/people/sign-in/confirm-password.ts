import { recordSecurityEvent } from "../../audit/commands";
import { type Refusal, refuse } from "../../result";
import type { Person } from "../current-person";
import { isPassword } from "./hash-password";
import { storedHash } from "./stored-hash";
import { forgive, throttle } from "./throttle";

/**
 * Whether somebody who is signed in is who they say, asked again at a decision. Guesses are counted and slowed down as at sign-in. Null: it is
 * their password. Refusals: `password-wrong`, `password-none` (they sign in by link alone), `too-often`.
 */
export async function confirmPassword(person: Person, password: string, objectId: string): Promise<Refusal | null> {
  const tries = [{ rule: "pair", what: `decide\n${person.userId}` }] as const;
  const tooOften = await throttle(tries);
  if (tooOften) return tooOften;
  const hash = await storedHash(person.userId);
  if (hash === null) return refuse("password-none").refusal;
  if (!(await isPassword(hash, password))) {
    await recordSecurityEvent(null, { action: "decide-password", actorId: person.userId, objectId, allowed: false });
    return refuse("password-wrong", { problems: [{ path: "password", message: "is not your password" }] }).refusal;
  }
  await forgive(tries);
  return null;
}
