import { encode } from "next-auth/jwt";
import { env } from "../env";
import { newId } from "../ids";
import { cookieName } from "../people/sign-in/name-cookies";
import { lookInto } from "./faults/databases";

/** An open approval. */
type Item = { readonly workItemId: string };

/** Somebody who is signed in, with open approvals of theirs that are not decided yet. */
export type Approver = { readonly cookie: string; readonly items: Item[] };

/** Those of the volume who have most on their desks, each with a session of their own. */
export async function approversOf(
  database: string,
  { clients, items }: { readonly clients: number; readonly items: number },
): Promise<Approver[]> {
  const client = lookInto(database);
  try {
    const rows = await client<{ userId: string; items: Item[] }[]>`
      select assignee_id as "userId", json_agg(json_build_object('workItemId', work_item_id)) as items
      from work_item join "user" on user_id = assignee_id
      where status = 'assigned' and work_item.kind = 'approval' and username like 'volume-%'
      group by assignee_id having count(*) >= ${items} order by count(*) desc limit ${clients}`;
    if (rows.length < clients) throw new Error(`too little is open in ${database}; drop it, and it is made anew`);
    return await Promise.all(
      rows.map(async ({ userId, ...row }) => {
        const sessionId = newId("session");
        await client`insert into session (session_id, user_id, method, expires_at) values (${sessionId}, ${userId}, 'bench', now() + interval '1 hour')`;
        return { ...row, cookie: await cookieOf(sessionId) };
      }),
    );
  } finally {
    await client.end({ timeout: 1 });
  }
}

const cookieOf = async (sid: string): Promise<string> =>
  `${cookieName("session")}=${await encode({ token: { sid }, secret: env().AUTH_SECRET ?? "", maxAge: 3_600 })}`;
