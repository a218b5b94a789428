import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { type Env, parseEnv, publicOrigin } from "../env";
import { actionsKey, installationSecret } from "./secrets";

/** What cannot go on for a reason that the operator can mend; the message is the one line they read. */
export class CannotStart extends Error {
  override name = "CannotStart";
}

export type Settings = {
  readonly env: Env;
  readonly dataDir: string;
  /** Demo data, demo accounts, mailbox: where nobody brought a database, or where it was asked for. */
  readonly isDemo: boolean;
  /** Where to send people. */
  readonly address: string;
};

/** The checked environment. @throws CannotStart naming the variable that is wrong. */
export function readSettings(): Settings {
  const parsed = parseEnv(process.env);
  if (!parsed.ok) throw new CannotStart(parsed.message);
  const { env } = parsed;
  const dataDir = resolve(env.DATA_DIR);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new CannotStart(`DATA_DIR ${dataDir} cannot be made (${(error as NodeJS.ErrnoException).code})`);
  }
  return { env, dataDir, isDemo: env.BATON_DEMO ?? env.DATABASE_URL === undefined, address: publicOrigin(env) };
}

/**
 * What this process and its children are told, under the names that `lib/env.ts` and next-auth read. `databaseUrl` is the one
 * in use, ours or given.
 */
export function publishSettings({ env, dataDir, isDemo, address }: Settings, databaseUrl: string): void {
  const secret = env.AUTH_SECRET ?? installationSecret(dataDir);
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    PORT: String(env.PORT),
    HOST: env.HOST,
    AUTH_URL: address,
    AUTH_SECRET: secret,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: actionsKey(secret),
    NEXT_TELEMETRY_DISABLED: "1",
    BATON_DEMO: isDemo ? "1" : "0",
    LOG_LEVEL: process.env.LOG_LEVEL || (isDemo ? "warn" : env.LOG_LEVEL), // in a demo's terminal the accounts should stay in sight
  });
}

/** Takes the port for a moment, to say now and in one line what the web server would say later in many. @throws CannotStart */
export async function checkPort({ HOST, PORT }: Env): Promise<void> {
  const problem = await new Promise<string | undefined>((done) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    probe.listen(PORT, HOST, () => probe.close(() => done(undefined)));
  });
  if (!problem) return;
  if (problem === "EADDRINUSE")
    throw new CannotStart(`PORT ${PORT} is in use on ${HOST}; stop what listens there, or set PORT to another`);
  if (problem === "EACCES")
    throw new CannotStart(`PORT ${PORT} may not be used by this account; set PORT to 1024 or above`);
  throw new CannotStart(`HOST ${HOST} is not an address that can be listened on (${problem})`);
}
