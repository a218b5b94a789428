import { sentenceOf } from "@/lib/refusals";

export type SignInOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

const failed = (code: string, detail?: string): SignInOutcome => {
  const details: Record<string, string> = detail ? (code === "fault" ? { id: detail } : { seconds: detail }) : {};
  return { ok: false, code, message: sentenceOf({ code, details }) };
};

/**
 * Signs in by one of the ways that next-auth is configured with. The page stays where it is; whoever calls decides where to go. Never
 * throws: a broken connection is an outcome too.
 */
export async function sendCredentials(
  method: "password" | "link" | "demo",
  fields: Readonly<Record<string, string>>,
): Promise<SignInOutcome> {
  try {
    const token = await fetch("/api/auth/csrf", { headers: { accept: "application/json" } });
    const { csrfToken } = (await token.json()) as { csrfToken: string };
    const body = new URLSearchParams({ ...fields, csrfToken, callbackUrl: "/", json: "true" });
    const answer = await fetch(`/api/auth/callback/${method}`, { method: "POST", body });
    const told = (await answer.json()) as { url?: string; code?: string };
    if (told.code) return failed(told.code);
    const error = new URL(told.url ?? "/", window.location.origin).searchParams.get("error");
    if (answer.ok && !error) return { ok: true };
    const [code = "wrong-credentials", detail] = (error ?? "").split(":");
    return failed(code === "CredentialsSignin" || code === "" ? "wrong-credentials" : code, detail);
  } catch {
    return {
      ok: false,
      code: "unreachable",
      message: "Baton does not answer. Check the connection and try again; what you typed is still here.",
    };
  }
}
