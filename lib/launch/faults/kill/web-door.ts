import { randomBytes } from "node:crypto";
import { sleep } from "../../../clock";
import type { Person } from "../../../people/current-person";
import { ok, type Result, refuse } from "../../../result";
import { buildPortal, isPortalBuilt } from "../../build.mjs";
import { openRoles } from "../../open-roles";
import { freePort } from "../../run-server";
import { urlOn } from "../ground";
import { ANSWER_WITHIN_MS, type Ask } from "./crew";

/**
 * Gives a load's deeds to the portal as another system does: `POST /api/v1/…`, with a bearer token and the deed's key as Idempotency-Key. What the
 * doors do not give, records and tokens, clerks make.
 */
type Door = {
  readonly clerks: Ask;
  readonly port: number;
  readonly person: Person;
  /** Somebody else: nobody approves what they asked for. */
  readonly decider: Person;
};

type Told = Awaited<ReturnType<Ask>>;
type Posted = { readonly token: string; readonly key: string; readonly body: object };

const PROCESS = "Load_Decided";
const TOO_MANY = 429;
const BUSY = 500;

async function tokenOf(clerks: Ask, person: Person): Promise<string> {
  const secret = `baton_${randomBytes(32).toString("base64url")}`;
  const { result, error } = await clerks({ person, key: `token ${secret}`, deed: { type: "token", secret } });
  if (!result?.ok) throw new Error(`no token for ${person.username}: ${JSON.stringify(result)} ${error}`);
  return secret;
}

/** Waits while nobody listens there: what was never sent was not done. */
async function sent(url: string, { token, key, body }: Posted): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "idempotency-key": key, "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body) };
  for (let waited = 0; ; waited += 50) {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    } catch (error) {
      const { cause } = error as Error & { cause?: { code?: string } };
      if (cause?.code !== "ECONNREFUSED" || waited >= ANSWER_WITHIN_MS)
        throw new Error(`the portal did not answer: ${cause?.code ?? (error as Error).name}`, { cause: error });
    }
    await sleep(50);
  }
}

/** Whoever asked too often comes again when it was said they may. */
async function post(url: string, posted: Posted): Promise<Told> {
  const response = await sent(url, posted);
  if (response.status === TOO_MANY) {
    await sleep(Number(response.headers.get("retry-after")) * 1_000);
    return post(url, posted);
  }
  const said = (await response.json()) as { error?: { code: string } };
  if (response.status >= BUSY) return { result: null, error: `${response.status} ${said.error?.code}` };
  return { result: said.error ? refuse(said.error.code) : ok(said), error: null };
}

/** The portal as it is built, or else now built, and as whom it signs in to the database. */
export async function openPortal(
  database: string,
  { serverUrl, note }: { readonly serverUrl: string; readonly note: (text: string) => void },
): Promise<{ port: number; databaseUrl: string }> {
  if (!isPortalBuilt()) note("The portal is not built from these sources; building it");
  await buildPortal();
  return { port: await freePort(), databaseUrl: (await openRoles(urlOn(serverUrl, database))).app };
}

export async function askOverHttp({ clerks, port, person, decider }: Door): Promise<Ask> {
  const tokens = { begin: await tokenOf(clerks, person), finish: await tokenOf(clerks, decider) };
  const api = `http://127.0.0.1:${port}/api/v1`;
  return async ({ key, deed }) => {
    if (deed.type === "finish") {
      const decided = { token: tokens.finish, key, body: { decision: "approve", comments: "as it should be" } };
      return post(`${api}/work-items/${deed.workItemId}/decision`, decided);
    }
    const made = await clerks({ person, key: `${key} record`, deed: { type: "record" } });
    if (!made.result?.ok) return made;
    const { id: recordId } = made.result.value as { id: string };
    const { result, error } = await post(`${api}/orchestrations/${PROCESS}/runs`, {
      token: tokens.begin,
      key,
      body: { recordId },
    });
    const begun: Result<unknown> | null = result?.ok ? ok({ recordId, ...(result.value as object) }) : result;
    return { result: begun, error };
  };
}
