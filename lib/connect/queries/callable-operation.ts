import { eq } from "drizzle-orm";
import type { Database } from "../../../db/client";
import { allowedHost, connection, credential, operation } from "../../../db/schema";
import { ok, type Result } from "../../result";
import type { Host } from "../reach-host";
import { openSecret } from "../seal-secret";

type Row = typeof operation.$inferSelect;

/** What a call needs of an operation, with the secret in clear: for `callOperation` alone, never for a page, a log or an answer. */
export type CallableOperation = Pick<
  Row,
  "name" | "label" | "method" | "path" | "headers" | "input" | "output" | "timeoutSeconds" | "maxAttempts" | "errors"
> & {
  readonly baseUrl: string;
  /** Headers that show the credential. */
  readonly authorization: Readonly<Record<string, string>>;
  /** Every spelling of the secret that must be in no error. */
  readonly secrets: readonly string[];
  readonly allowed: readonly Host[];
};

/** The operation as it is now, or a sentence why it cannot be called. */
export async function callableOperation(database: Database, name: string): Promise<Result<CallableOperation, string>> {
  const problem = (sentence: string) => ({ ok: false as const, refusal: sentence });
  const [row] = await database
    .select({ operation, baseUrl: connection.baseUrl, credential })
    .from(operation)
    .innerJoin(connection, eq(connection.connectionId, operation.connectionId))
    .leftJoin(credential, eq(credential.credentialId, connection.credentialId))
    .where(eq(operation.name, name));
  if (!row) return problem(`there is no operation ${name}`);
  const allowed = await database
    .select({ scheme: allowedHost.scheme, host: allowedHost.host, port: allowedHost.port })
    .from(allowedHost);
  const { baseUrl } = row;
  if (!row.credential) return ok({ ...row.operation, baseUrl, allowed, authorization: {}, secrets: [] });
  if (row.credential.origin !== new URL(baseUrl).origin) return problem("its credential is for another server");
  const secret = openSecret(row.credential, row.credential);
  if (secret === null) return problem("its credential cannot be opened; an admin must enter it again");
  return ok({ ...row.operation, baseUrl, allowed, ...shown(row.credential, secret) });
}

type CredentialRow = typeof credential.$inferSelect;

function shown(
  { kind, username, headerName }: CredentialRow,
  secret: string,
): Pick<CallableOperation, "authorization" | "secrets"> {
  switch (kind) {
    case "bearer":
      return { authorization: { authorization: `Bearer ${secret}` }, secrets: [secret] };
    case "basic": {
      const pair = Buffer.from(`${username ?? ""}:${secret}`).toString("base64");
      return { authorization: { authorization: `Basic ${pair}` }, secrets: [secret, pair] };
    }
    case "header":
      return { authorization: { [headerName ?? "x-api-key"]: secret }, secrets: [secret] };
  }
}
