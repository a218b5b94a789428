import { z } from "zod";

/**
 * What the operator sets, read once and checked. The only file that reads `process.env`. A wrong value stops the start with one line
 * that names it (`launch/start` prints it).
 */
const booleanText = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");
const secret = z
  .string()
  .min(32, "must be at least 32 characters; make one with: openssl rand -base64 32")
  .refine(
    (text) => new Set(text).size >= 10 && !/^(secret|change.?me|example|test|your)/i.test(text),
    "looks like an example value",
  );

export const envSchema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  /** Where the embedded database and this installation's secrets live. */
  DATA_DIR: z.string().min(1).default(".data"),
  PORT: z.coerce.number().int("must be a whole number").min(0).max(65_535, "must be at most 65535").default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  /** smtp://user:password@host:port or smtps://…; without it demo mode uses the built-in sink. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://")
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]+$/)
    .default("Baton <baton@localhost>"),
  /** Where answers to mails go, e.g. reply@baton.example.org; its mail is to reach REPLY_SMTP_PORT. Without both, mails take no answer. */
  REPLY_ADDRESS: z
    .string()
    .regex(/^[a-z0-9._-]{1,11}@[a-z0-9.-]+$/, "must be a plain address in small letters, with at most 11 before the @")
    .optional(),
  /** The SMTP door that takes those answers, and the address that it listens on. It is meant for a mail server in front of it. */
  REPLY_SMTP_PORT: z.coerce
    .number()
    .int("must be a whole number")
    .min(1)
    .max(65_535, "must be at most 65535")
    .optional(),
  REPLY_SMTP_HOST: z.string().min(1).default("127.0.0.1"),
  /** The public address, e.g. https://baton.example.org. Links in mails and the origin check use it and nothing else. */
  AUTH_URL: z.url({ protocol: /^https?$/, error: "must be an http or https address" }).optional(),
  AUTH_SECRET: secret.optional(),
  /** The AUTH_SECRET before the present one, as long as credentials are sealed with it; an admin seals them anew on Connections. */
  AUTH_SECRET_PREVIOUS: secret.optional(),
  BATON_DEMO: booleanText.optional(),
  /** Whose X-Forwarded-… headers are believed: addresses and networks, separated by commas. */
  TRUSTED_PROXIES: z
    .string()
    .regex(
      /^[0-9a-fA-F.:]+(\/\d{1,3})?(\s*,\s*[0-9a-fA-F.:]+(\/\d{1,3})?)*$/,
      "must be addresses or networks, separated by commas",
    )
    .default("127.0.0.1, ::1"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  NODE_ENV: z.string().default("development"),
});
export type Env = z.infer<typeof envSchema>;

/** Empty texts count as unset, as in most shells' `.env` files. */
export function parseEnv(
  source: Record<string, string | undefined>,
): { ok: true; env: Env } | { ok: false; message: string } {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = envSchema.safeParse(present);
  if (parsed.success) return { ok: true, env: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, message: `${issue?.path.join(".") ?? "environment"} ${issue?.message ?? "is wrong"}` };
}

let cached: Env | undefined;

/** The checked environment of this process. Throws with the one line when it is wrong; `launch/start` asks first. */
export function env(): Env {
  if (cached) return cached;
  const parsed = parseEnv(process.env);
  if (!parsed.ok) throw new Error(parsed.message);
  cached = parsed.env;
  return cached;
}

const LOOPBACK = ["127.0.0.1", "localhost"];

/** Where answers go, as long as there is a door that takes them; null: mails take no answer. */
export const replyAddress = ({ REPLY_ADDRESS, REPLY_SMTP_PORT }: Env): string | null =>
  REPLY_SMTP_PORT === undefined ? null : (REPLY_ADDRESS ?? null);

/** The address that links in mails begin with, without a slash at its end. */
export const publicOrigin = ({ AUTH_URL, PORT }: Env): string =>
  AUTH_URL ? new URL(AUTH_URL).origin : `http://${LOOPBACK[0]}:${PORT}`;

/** The origins that count as Baton's own. On this machine alone both of its names do, because people type either. */
export function publicOrigins(settings: Env): string[] {
  const origin = new URL(publicOrigin(settings));
  if (!LOOPBACK.includes(origin.hostname)) return [origin.origin];
  return LOOPBACK.map((name) => `${origin.protocol}//${name}${origin.port ? `:${origin.port}` : ""}`);
}
