import { db } from "../../db/client";
import { env, publicOrigin } from "../env";
import { may } from "../gate";
import { requirePerson } from "../people/current-person";
import {
  listConnections,
  listCredentials,
  listHosts,
  listOperations,
  operationNamed,
} from "./queries/list-connections";
import { listSources, orchestrationNames } from "./queries/source-named";
import { tokensOf } from "./queries/tokens-of";
import type { ShownConnection, ShownCredential, ShownHost, ShownOperation } from "./schema/connection";
import type { ShownSource } from "./schema/event";
import type { Token } from "./schema/token";

/** One's own tokens, for the page of one's account. */
export async function ownTokens(): Promise<Token[]> {
  const { userId } = await requirePerson();
  const rows = await tokensOf(db(), userId);
  return rows.map(({ createdAt, expiresAt, lastUsedAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  }));
}

export type ConnectionsPage = {
  readonly hosts: readonly ShownHost[];
  readonly credentials: readonly ShownCredential[];
  readonly connections: readonly ShownConnection[];
  readonly operations: readonly ShownOperation[];
};

/** Everything that operations are made of, for admins; null for others. */
export async function connectionsPage(): Promise<ConnectionsPage | null> {
  if (!may(await requirePerson(), "connection.manage")) return null;
  const [hosts, credentials, connections, operations] = await Promise.all([
    listHosts(db()),
    listCredentials(db()),
    listConnections(db()),
    listOperations(db()),
  ]);
  return { hosts, credentials, connections, operations };
}

/** One operation with the connections it may be put on, for admins; null: there is none, or it is not theirs to see. */
export async function operationPage(
  name: string,
): Promise<{ operation: ShownOperation; connections: readonly ShownConnection[] } | null> {
  if (!may(await requirePerson(), "connection.manage")) return null;
  const [operation, connections] = await Promise.all([operationNamed(db(), name), listConnections(db())]);
  return operation && { operation, connections };
}

export type SourcesPage = {
  readonly sources: readonly ShownSource[];
  /** What a source may be bound to. */
  readonly orchestrations: readonly { readonly value: string; readonly label: string }[];
  /** What the door's address begins with. */
  readonly address: string;
};

/** The sources of events, for admins; null for others. */
export async function sourcesPage(): Promise<SourcesPage | null> {
  if (!may(await requirePerson(), "connection.manage")) return null;
  const [sources, orchestrations] = await Promise.all([listSources(db()), orchestrationNames(db())]);
  return { sources, orchestrations, address: `${publicOrigin(env())}/api/v1/events/` };
}
