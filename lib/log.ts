import pino from "pino";
import { env } from "./env";

const SECRETS = [
  "password",
  "passwordHash",
  "secret",
  "token",
  "cookie",
  "authorization",
  "url",
  "*.password",
  "*.secret",
  "*.token",
  "*.cookie",
  "*.authorization",
];
const HIDDEN = "[hidden]";
/** Errors may be the causes of errors. */
const MAX_CAUSES = 5;

let logger: pino.Logger | undefined;

/** JSON lines on standard error; secrets named above never appear. */
export function log(): pino.Logger {
  logger ??= openLog(env().LOG_LEVEL, pino.destination(2));
  return logger;
}

export const openLog = (level: string, destination: pino.DestinationStream): pino.Logger =>
  pino(
    { level, redact: { paths: SECRETS, censor: HIDDEN }, serializers: { err: (error) => told(error) } },
    destination,
  );

/** What is written of an error: never the values of a failed query, which drizzle puts into its message, nor any other field of it (S82). */
function told(error: unknown, causes = 0): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack = "", cause } = error;
  const { code, constraint_name: constraint } = error as { code?: unknown; constraint_name?: unknown };
  const safe = withoutValues(message);
  return {
    type: name,
    message: safe,
    stack: stack.replace(message, () => safe),
    ...(typeof code === "string" && { code }),
    ...(typeof constraint === "string" && { constraint }),
    ...(cause !== undefined && causes < MAX_CAUSES && { cause: told(cause, causes + 1) }),
  };
}

function withoutValues(message: string): string {
  const at = message.indexOf("\nparams:");
  return at < 0 ? message : `${message.slice(0, at)}\nparams: ${HIDDEN}`;
}
