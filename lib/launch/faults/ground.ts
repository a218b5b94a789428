import { randomBytes } from "node:crypto";
import { type Databases, openDatabases } from "./databases";
import { openOutside } from "./outside";
import type { Outside } from "./scenario";
import { type Listed, makeVictims, type Victim, type Victims } from "./victims";

/** What fault runs stand on. `prefix`: what the names of their databases begin with. */
export type Ground = {
  readonly databases: Databases;
  readonly victims: Victims;
  readonly serverUrl: string;
  readonly prefix: string;
  readonly outside?: Outside;
};

const NOWHERE = "http://127.0.0.1:1";

export function urlOn(serverUrl: string, database: string, port?: number): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  if (port !== undefined) url.port = String(port);
  return url.href;
}

export const worldOf = ({ prefix }: Ground): string => `${prefix}_world`;

type Told = { readonly database: string; readonly scenario?: string };

/** Has a process of its own make the world in a database, or bring it to where a scenario's command may be given. */
export async function told(ground: Ground, order: Told): Promise<unknown> {
  const victim = await ground.victims.take();
  return tell(ground, victim, order).finally(() => victim.kill());
}

/** The same, by a process that may be asked for more then: it has left the database. */
export async function tell(ground: Ground, victim: Victim, order: Told): Promise<unknown> {
  const url = urlOn(ground.serverUrl, order.database);
  const { scenario } = order;
  const answer = await victim.obey(
    scenario === undefined
      ? { url, deed: "world" }
      : { url, deed: "prepare", scenario, outside: ground.outside ?? { httpUrl: NOWHERE, smtpUrl: NOWHERE } },
  );
  await victim.isReady();
  if (!answer?.ok) throw new Error(`${scenario ?? "the world"} could not be made: ${answer?.error ?? "it died"}`);
  await ground.databases.untilLeft(order.database);
  return answer.value;
}

/** Makes the world, lets the work be done, and leaves nothing. `scenarios` are the names of those that there are. */
export async function onGround<T>(
  { serverUrl, ready }: { readonly serverUrl: string; readonly ready: number },
  work: (ground: Ground, scenarios: readonly Listed[]) => Promise<T>,
): Promise<T> {
  const prefix = `test_faults_${randomBytes(4).toString("hex")}`;
  const outside = await openOutside();
  const { httpUrl, smtpUrl } = outside;
  const ground: Ground = {
    databases: openDatabases(),
    victims: makeVictims(ready),
    serverUrl,
    prefix,
    outside: { httpUrl, smtpUrl },
  };
  try {
    await ground.databases.make(worldOf(ground));
    return await work(ground, (await told(ground, { database: worldOf(ground) })) as Listed[]);
  } finally {
    ground.victims.close();
    await outside.close();
    await ground.databases.drop(worldOf(ground));
    await ground.databases.close();
  }
}
