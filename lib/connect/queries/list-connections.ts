import { asc, eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { allowedHost, connection, credential, operation, user } from "../../../db/schema";
import { knownKeys } from "../../people/sign-in/derive-key";
import { isPublicAddress, spellAddress } from "../judge-address";
import { hostOf, hostText } from "../reach-host";
import type { ShownConnection, ShownCredential, ShownHost, ShownOperation } from "../schema/connection";

/** There are at most 200 of each (`MAX_OF_EACH`), so each list is whole. */

export async function listHosts(database: Database): Promise<ShownHost[]> {
  const rows = await database
    .select({ host: allowedHost, addedBy: user.name })
    .from(allowedHost)
    .leftJoin(user, eq(user.userId, allowedHost.addedBy))
    .orderBy(asc(allowedHost.host), asc(allowedHost.port), asc(allowedHost.scheme));
  return rows.map(({ host, addedBy }) => ({
    origin: hostText(host),
    isPrivate: isPrivate(host.host),
    addedBy: addedBy ?? host.addedBy,
    addedAt: host.addedAt.toISOString(),
  }));
}

/** Of an address; what a name leads to is known when it is called. */
const isPrivate = (host: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, "");
  return spellAddress(bare) !== null && !isPublicAddress(bare);
};

/** Everything of a credential but its secret. */
export async function listCredentials(database: Database): Promise<ShownCredential[]> {
  const { credentialId, label, kind, origin, username, headerName, keyId, changedAt } = credential;
  const rows = await database
    .select({ credentialId, label, kind, origin, username, headerName, keyId, changedAt, changedBy: user.name })
    .from(credential)
    .leftJoin(user, eq(user.userId, credential.changedBy))
    .orderBy(asc(label));
  const [present, ...older] = knownKeys("credential").map(({ id }) => id);
  return rows.map(({ keyId: id, changedAt: at, changedBy, ...row }) => ({
    ...row,
    changedBy: changedBy ?? "",
    changedAt: at.toISOString(),
    key: id === present ? "present" : older.includes(id) ? "old" : "lost",
  }));
}

export async function listConnections(database: Database): Promise<ShownConnection[]> {
  const { connectionId, label, baseUrl, credentialId } = connection;
  const [rows, hosts] = await Promise.all([
    database.select({ connectionId, label, baseUrl, credentialId }).from(connection).orderBy(asc(label)),
    listHosts(database),
  ]);
  const allowed = new Set(hosts.map(({ origin }) => origin));
  return rows.map((row) => {
    const host = hostOf(new URL(row.baseUrl));
    return { ...row, isAllowed: host !== null && allowed.has(hostText(host)) };
  });
}

export async function listOperations(database: Database): Promise<ShownOperation[]> {
  return database.select(columns).from(operation).orderBy(asc(operation.label), asc(operation.name));
}

export async function operationNamed(database: Database, name: string): Promise<ShownOperation | null> {
  const [row] = await database.select(columns).from(operation).where(eq(operation.name, name));
  return row ?? null;
}

const columns = {
  name: operation.name,
  label: operation.label,
  connectionId: operation.connectionId,
  method: operation.method,
  path: operation.path,
  headers: operation.headers,
  input: operation.input,
  output: operation.output,
  timeoutSeconds: operation.timeoutSeconds,
  maxAttempts: operation.maxAttempts,
  errors: operation.errors,
  version: operation.version,
};
