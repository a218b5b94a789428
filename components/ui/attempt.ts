import type { ActionResult } from "@/lib/action";
import type { Problem } from "@/lib/result";
import type { SignInAgain } from "./session-gate";

/** What is known after trying: the action's own answer, or that the connection broke and nobody knows. */
type Outcome<T> =
  | ActionResult<T>
  | {
      readonly ok: false;
      readonly code: "outcome-unknown";
      readonly message: string;
      readonly problems: readonly Problem[];
    };

const UNKNOWN = "The connection broke, so it is not known whether this was done. Try again: it will not be done twice.";

/**
 * Runs an action; without a session asks to sign in and runs it again with the same input. What is sent with a key that something else was taken
 * under is an act of its own, whose key follows from that one: tried again it is still done once. Never throws.
 */
export async function attempt<Input extends { readonly key: string }, T>(
  action: (input: Input) => Promise<ActionResult<T>>,
  input: Input,
  signInAgain: SignInAgain,
): Promise<Outcome<T>> {
  try {
    const result = await action(input);
    if (!result.ok && result.code === "key-reused")
      return await attempt(action, { ...input, key: `${input.key}+` }, signInAgain);
    if (result.ok || result.code !== "signed-out") return result;
    return (await signInAgain()) ? await attempt(action, input, signInAgain) : result;
  } catch {
    // Whatever reaches us here is the network or another version of the server, never a refusal: those are returned.
    return { ok: false, code: "outcome-unknown", message: UNKNOWN, problems: [] };
  }
}
