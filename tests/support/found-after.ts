import { afterAll, expect } from "vitest";
import { connect } from "../../db/client";
import { brokenInvariants } from "../../lib/launch/invariants";

/** A statement of it that takes too long is ended, as anywhere in Baton. */
const client = connect(1);
afterAll(() => client.end());

/**
 * The rules that the audit finds broken after these statements, of which the last changes something. Whatever they do nothing refuses, and it is
 * undone.
 */
export async function foundAfter(...statements: readonly string[]): Promise<string[]> {
  await client.unsafe("begin");
  try {
    await client.unsafe("set local session_replication_role = replica");
    let changed = 0;
    for (const statement of statements) changed = (await client.unsafe(statement)).count;
    expect(changed, "rows that were changed").toBeGreaterThan(0);
    return (await brokenInvariants(client)).map(({ name }) => name);
  } finally {
    await client.unsafe("rollback");
  }
}
