import type { Refusal } from "../../result";
import list from "./common-passwords.json";

const PRODUCT = "baton";
let common: ReadonlySet<string> | undefined;

/** Whether a password is one of those tried first, or the name of the product or of its owner, whatever the case (S2). Null: it will do. */
export function judgePassword(
  password: string,
  owner: { username: string; email: string; name: string },
): Refusal | null {
  common ??= new Set(list.passwords.split(" "));
  const text = password.toLowerCase();
  const names = [PRODUCT, owner.username, owner.email, owner.email.split("@")[0] ?? "", owner.name].map((name) =>
    name.toLowerCase(),
  );
  const bare = text.replace(/[\s\d!.?_-]+$/, "");
  const isGuessable = common.has(text) || names.includes(text) || (bare.length > 0 && names.includes(bare));
  return isGuessable
    ? { code: "common-password", problems: [{ path: "password", message: "is one of those that are tried first" }] }
    : null;
}
