import { sql } from "drizzle-orm";
import { afterAll, beforeEach } from "vitest";
import { db } from "../../db/client";
import { deliver } from "../../lib/notify/deliver";
import { openTransport } from "../../lib/notify/open-transport";
import { aMailServer } from "../support/mail-server";

/** A mail server for the tests of one file: each test begins with nothing queued and nothing taken. */
export async function aPost() {
  const server = await aMailServer();
  const transport = openTransport(server.url);
  beforeEach(async () => {
    await db().execute(
      sql`update outbox set status = 'withdrawn', last_error = 'an earlier test', next_attempt_at = null where status = 'queued'`,
    );
    server.taken.length = 0;
  });
  afterAll(async () => {
    transport.close();
    await server.close();
  });
  /** What somebody has been sent in this test, in the order of its coming. */
  const mailsTo = async ({ email }: { readonly email: string }) => {
    while ((await deliver(transport)).taken > 0);
    return server.taken.filter(({ recipients }) => recipients.includes(email)).map(({ mail }) => mail);
  };
  return { mailsTo };
}
