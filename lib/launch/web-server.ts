import { sleep } from "../clock";
import type { Env } from "../env";
import type { ChildSpec } from "./children";
import { CannotStart } from "./settings";

const ANSWERS_WITHIN_MS = 60_000;
/** Next closes its idle connections at once; open event streams would keep it for ever. */
const GRACE_MS = 3_000;

type Where = Pick<Env, "HOST" | "PORT">;

/** Next's own process, with the portal as it was built, or building it as it is asked for. */
export const webServer = (
  { HOST, PORT }: Where,
  { databaseUrl, isDev }: { readonly databaseUrl: string; readonly isDev: boolean },
): ChildSpec => ({
  name: "The web server",
  args: ["node_modules/next/dist/bin/next", isDev ? "dev" : "start", "-p", String(PORT), "-H", HOST],
  env: { NODE_ENV: isDev ? "development" : "production", DATABASE_URL: databaseUrl },
  graceMs: GRACE_MS,
  isQuiet: !isDev,
});

/** @throws CannotStart when it does not answer within a minute; at once, and in peace, when it need not any more. */
export async function untilWebAnswers({ HOST, PORT }: Where, isOver: () => boolean = () => false): Promise<void> {
  const host = HOST === "0.0.0.0" ? "127.0.0.1" : HOST === "::" ? "[::1]" : HOST;
  for (let waited = 0; waited < ANSWERS_WITHIN_MS && !isOver(); waited += 100) {
    const answer = await fetch(`http://${host}:${PORT}/livez`).catch(() => null);
    if (answer) return;
    await sleep(100);
  }
  if (!isOver()) throw new CannotStart(`The web server does not answer on ${host}:${PORT}`);
}
