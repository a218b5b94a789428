import { z } from "zod";
import type { Shape } from "../../logic/shape";
import { type ErrorRule, headerName, type Method } from "./operation";

const key = z.string().min(8).max(100);
const label = z.string().trim().min(1, "is needed").max(80, "may have at most 80 characters");
const id = z.string().min(1).max(60);

/** A URL as a browser would spell it; whatever else is typed is told how it should be written, so that no spelling hides what it means. */
function spelling(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password && url.hostname ? url : null;
}

/** `https://api.example.com:8443`: scheme, host and port, and nothing else. */
const origin = z
  .string()
  .trim()
  .max(300)
  .superRefine((text, context) => {
    const url = spelling(text);
    if (!url) return context.addIssue("must be an address such as https://api.example.com");
    if (url.hostname.endsWith(".")) return context.addIssue("must not end in a dot");
    if (text !== url.origin) context.addIssue(`must be written as ${url.origin}`);
  });

/** `https://api.example.com/v2`: where paths of operations begin. */
const baseUrl = z
  .string()
  .trim()
  .max(1_000)
  .transform((text) => text.replace(/\/+$/, ""))
  .superRefine((text, context) => {
    const url = spelling(text);
    if (!url) return context.addIssue("must be an address such as https://api.example.com/v2");
    if (url.search || url.hash || /[?#]/.test(text))
      return context.addIssue("must have no ? and no #; they belong into the operation's path");
    const written = url.pathname === "/" ? url.origin : `${url.origin}${url.pathname}`;
    if (text !== written) context.addIssue(`must be written as ${written}`);
  });

export const hostInput = z.strictObject({ key, origin });

export const newConnectionInput = z.strictObject({ key, label, baseUrl, credentialId: id.nullable() });
export const changeConnectionInput = newConnectionInput.extend({ connectionId: id });
export const connectionIdInput = z.strictObject({ key, connectionId: id });
export type NewConnection = Omit<z.output<typeof newConnectionInput>, "key">;
export type ChangeConnection = Omit<z.output<typeof changeConnectionInput>, "key">;

/** Long enough to be a secret, and to be found again wherever it must not be. */
const MIN_SECRET_CHARACTERS = 8;
const secret = z
  .string()
  .min(MIN_SECRET_CHARACTERS, `must have at least ${MIN_SECRET_CHARACTERS} characters`)
  .max(4_000, "may have at most 4,000 characters")
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, "may hold printable ASCII characters, and no space at its ends");

export const CREDENTIAL_KINDS = ["bearer", "basic", "header"] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export const newCredentialInput = z.discriminatedUnion("kind", [
  z.strictObject({ key, label, origin, secret, kind: z.literal("bearer") }),
  z.strictObject({
    key,
    label,
    origin,
    secret,
    kind: z.literal("basic"),
    username: z
      .string()
      .min(1, "is needed")
      .max(200)
      .regex(/^[\x20-\x39\x3b-\x7e]+$/, "may hold printable ASCII characters, and no colon"),
  }),
  z.strictObject({ key, label, origin, secret, kind: z.literal("header"), headerName }),
]);
type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
export type NewCredential = Without<z.output<typeof newCredentialInput>, "key">;

export const replaceSecretInput = z.strictObject({ key, credentialId: id, secret });
export const credentialIdInput = z.strictObject({ key, credentialId: id });
export const keyOnlyInput = z.strictObject({ key });

/** What the page of connections shows. Instants are ISO texts; never a secret. */
export type ShownHost = {
  readonly origin: string;
  readonly isPrivate: boolean;
  readonly addedBy: string;
  readonly addedAt: string;
};
export type ShownCredential = {
  readonly credentialId: string;
  readonly label: string;
  readonly kind: CredentialKind;
  readonly origin: string;
  readonly username: string | null;
  readonly headerName: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
  /** `old`: sealed with the secret before the present one. `lost`: with one that nobody gave us. */
  readonly key: "present" | "old" | "lost";
};
export type ShownConnection = {
  readonly connectionId: string;
  readonly label: string;
  readonly baseUrl: string;
  readonly credentialId: string | null;
  readonly isAllowed: boolean;
};

export type ShownOperation = {
  readonly name: string;
  readonly label: string;
  readonly connectionId: string;
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: Shape;
  readonly output: Shape | null;
  readonly timeoutSeconds: number;
  readonly maxAttempts: number;
  readonly errors: readonly ErrorRule[];
  readonly version: number;
};
