import { runCommand } from "../../lib/command";
import { createPlace } from "../../lib/people/commands/change-place";
import { insertPerson } from "../../lib/people/commands/create-person";
import { makeFirstAdmin } from "../../lib/people/commands/make-first-admin";
import { findGroup } from "../../lib/people/queries";
import { hashPassword } from "../../lib/people/sign-in/hash-password";
import { ok } from "../../lib/result";
import { DEMO_ACCOUNTS, type DemoAccount } from "./accounts";
import { act, must, who } from "./cast";
import { DEMO_PLACES, type DemoPlace } from "./places";

/** The demo's people with their passwords, and the groups and queues they are in. The first account is the admin who makes the rest. */
export async function seedPeople(passwords: Readonly<Record<string, string>>): Promise<void> {
  const hashes = new Map(
    await Promise.all(
      DEMO_ACCOUNTS.map(async ({ username }) => [username, await hashOf(passwords[username])] as const),
    ),
  );
  const ids = new Map<string, string>();
  for (const account of DEMO_ACCOUNTS) {
    const hash = hashes.get(account.username) ?? null;
    ids.set(
      account.username,
      account.role === "admin" && ids.size === 0
        ? await firstAdmin(account, hash)
        : await person(account, { hash, managerId: ids.get(account.manager ?? "") ?? null }),
    );
  }
  for (const place of DEMO_PLACES) await seedPlace(place, ids);
}

const hashOf = async (password: string | undefined): Promise<string | null> =>
  password ? hashPassword(password) : null;
const names = ({ username, name }: DemoAccount) => ({ username, name, email: `${username}@example.com` });

const firstAdmin = async (account: DemoAccount, hash: string | null): Promise<string> =>
  must(await runCommand({ kind: "first-admin", actorId: null }, (tx) => makeFirstAdmin(tx, names(account), hash)))
    .userId;

async function person(
  account: DemoAccount,
  { hash, managerId }: { hash: string | null; managerId: string | null },
): Promise<string> {
  const admin = await who(DEMO_ACCOUNTS[0]?.username ?? "");
  return act(admin, "create-person", async (tx) =>
    ok(await insertPerson(tx, { ...names(account), role: account.role, managerId }, hash)),
  );
}

async function seedPlace({ type, name, label, members }: DemoPlace, ids: ReadonlyMap<string, string>): Promise<void> {
  const admin = await who(DEMO_ACCOUNTS[0]?.username ?? "");
  await act(admin, "create-place", async (tx) => {
    const found = await Promise.all(
      members.map(async (member) => {
        const userId = ids.get(member);
        return userId
          ? { type: "user" as const, id: userId }
          : { type: "group" as const, id: (await findGroup(tx.db, member))?.groupId ?? member };
      }),
    );
    return createPlace(tx, admin, { type, name, label, members: found });
  });
}
