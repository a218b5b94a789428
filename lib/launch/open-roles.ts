import { randomBytes } from "node:crypto";
import { connect } from "../../db/client";

/** As what the portal and the worker sign in to the database (S88). */
export type RoleUrls = { readonly app: string; readonly worker: string };

/**
 * Lets the roles of `db/roles.sql` sign in to the embedded server, with passwords that only this start knows and that end with the next one.
 * `ownerUrl` is the owner's address, which the launcher alone keeps: it migrates.
 */
export async function openRoles(ownerUrl: string): Promise<RoleUrls> {
  const client = connect(1, { database: new URL(ownerUrl).pathname.slice(1) });
  try {
    const open = async (role: "baton_app" | "baton_worker"): Promise<string> => {
      const password = randomBytes(24).toString("base64url");
      await client.unsafe(`alter role ${role} login password '${password}'`);
      const url = new URL(ownerUrl);
      Object.assign(url, { username: role, password });
      return url.href;
    };
    return { app: await open("baton_app"), worker: await open("baton_worker") };
  } finally {
    await client.end({ timeout: 5 });
  }
}
