import { db } from "../../db/client";
import { allowHost } from "../../lib/connect/commands/allow-host";
import { createOperation } from "../../lib/connect/commands/describe-operation";
import { createConnection } from "../../lib/connect/commands/keep-connection";
import { createCredential } from "../../lib/connect/commands/keep-credential";
import { createSource } from "../../lib/connect/commands/keep-source";
import { type CallableOperation, callableOperation } from "../../lib/connect/queries/callable-operation";
import type { NewCredential } from "../../lib/connect/schema/connection";
import { newOperationInput } from "../../lib/connect/schema/operation";
import type { Person } from "../../lib/people/current-person";
import { aPerson } from "./people";
import { commanded, must } from "./records";

/** Operations as admins describe them: through the commands, with what the forms' schemas make of them. */

let made = 0;
let someAdmin: Promise<Person> | null = null;
export function anAdmin(): Promise<Person> {
  someAdmin ??= aPerson({ name: "Ada Admin", role: "admin" });
  return someAdmin;
}

export async function allowed(...origins: readonly string[]): Promise<void> {
  const admin = await anAdmin();
  for (const origin of origins) must(await commanded((tx) => allowHost(tx, admin, { origin })));
}

export async function aCredential(given: Partial<NewCredential> & { origin: string; secret: string }): Promise<string> {
  const admin = await anAdmin();
  const input = { label: `Credential ${++made}`, kind: "bearer", ...given } as NewCredential;
  return must(await commanded((tx) => createCredential(tx, admin, input))).credentialId;
}

export async function aConnection(baseUrl: string, credentialId: string | null = null): Promise<string> {
  const admin = await anAdmin();
  const input = { label: `Connection ${++made}`, baseUrl, credentialId };
  return must(await commanded((tx) => createConnection(tx, admin, input))).connectionId;
}

/** `GET /` of that address, which needs and gives nothing, unless said otherwise. */
export async function anOperation(
  baseUrl: string,
  { credentialId = null, ...given }: { credentialId?: string | null; [key: string]: unknown } = {},
): Promise<string> {
  const admin = await anAdmin();
  const parsed = newOperationInput.parse({
    key: "irrelevant",
    name: `Operation${++made}`,
    label: "The call",
    connectionId: await aConnection(baseUrl, credentialId),
    method: "GET",
    path: "/",
    input: { type: "object" },
    output: null,
    ...given,
  });
  const { key: _, ...input } = parsed;
  return must(await commanded((tx) => createOperation(tx, admin, input))).name;
}

export async function callable(name: string): Promise<CallableOperation> {
  const found = await callableOperation(db(), name);
  if (!found.ok) throw new Error(found.refusal);
  return found.value;
}

/** A source of events for that process, with its secret. */
export async function aSource(definitionId: string): Promise<{ name: string; secret: string }> {
  const [admin, name, secret] = [await anAdmin(), `source-of-${++made}`, `batev_${"s".repeat(42)}${made}`];
  must(await commanded((tx) => createSource(tx, admin, { name, label: `Source ${made}`, definitionId, secret })));
  return { name, secret };
}
