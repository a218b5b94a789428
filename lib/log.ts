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

let logger: pino.Logger | undefined;

/** JSON lines on standard error; secrets named above never appear. */
export function log(): pino.Logger {
  logger ??= pino({ level: env().LOG_LEVEL, redact: { paths: SECRETS, censor: "[hidden]" } }, pino.destination(2));
  return logger;
}
