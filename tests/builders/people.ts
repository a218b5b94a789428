import { db } from "../../db/client";
import { membership, queue, session, user, userGroup } from "../../db/schema";
import { newId } from "../../lib/ids";
import { type Person, personById } from "../../lib/people/current-person";
import { findGroup, findQueue, membersIn } from "../../lib/people/queries";
import { hashPassword } from "../../lib/people/sign-in/hash-password";

/** Rows about people, straight into the tables: valid, unique, and as plain as can be. */

let made = 0;

export type NewPerson = {
  readonly name?: string;
  readonly role?: Person["role"];
  readonly managerId?: string;
  readonly password?: string;
  readonly active?: boolean;
};

/** A person, as the gate sees them before they are in any group; `again(person)` knows their groups and queues. */
export async function aPerson({
  name,
  role = "member",
  managerId,
  password,
  active = true,
}: NewPerson = {}): Promise<Person> {
  const userId = newId("user");
  const username = `person${++made}.${userId.slice(-6)}`;
  const row = { userId, username, email: `${username}@example.org`, name: name ?? `Person ${made}`, role };
  const passwordHash = password ? await hashPassword(password) : null;
  await db()
    .insert(user)
    .values({ ...row, managerId: managerId ?? null, active, passwordHash });
  return { ...row, timeZone: null, sessionId: null, scopes: null, groups: [], queues: [], standsFor: [] };
}

/** The person as they are in the database now. */
export async function again({ userId }: { readonly userId: string }): Promise<Person> {
  const person = await personById(db(), userId);
  if (!person) throw new Error(`${userId} is not an active person`);
  return person;
}

/** What an admin's form of that group or queue is opened with. */
export async function wasOf(type: "group" | "queue", id: string) {
  const row = type === "group" ? await findGroup(db(), id) : await findQueue(db(), id);
  const members = await membersIn(db(), type, id);
  return { label: row?.label ?? "", members: members.map((member) => ({ type: member.type, id: member.id })) };
}

/** What an admin's form of that person was opened with. */
export const asOpened = ({ name, username, email, role }: Person, managerId: string | null = null) => ({
  ...{ name, username, email, role, managerId },
});

type Members = readonly ({ readonly userId: string } | { readonly groupId: string })[];

async function addMembers(containerType: "group" | "queue", containerId: string, members: Members): Promise<void> {
  const rows = members.map((member) =>
    "userId" in member
      ? { containerType, containerId, memberType: "user" as const, memberId: member.userId }
      : { containerType, containerId, memberType: "group" as const, memberId: member.groupId },
  );
  if (rows.length > 0) await db().insert(membership).values(rows);
}

/** A group with these members; groups may hold groups. */
export async function aGroup(
  name = `Group_${++made}`,
  members: Members = [],
): Promise<{ groupId: string; name: string }> {
  const groupId = newId("group");
  await db()
    .insert(userGroup)
    .values({ groupId, name, label: name.replaceAll("_", " ") });
  await addMembers("group", groupId, members);
  return { groupId, name };
}

/** A queue with these members. */
export async function aQueue(
  name = `Queue_${++made}`,
  members: Members = [],
): Promise<{ queueId: string; name: string }> {
  const queueId = newId("queue");
  await db()
    .insert(queue)
    .values({ queueId, name, label: name.replaceAll("_", " ") });
  await addMembers("queue", queueId, members);
  return { queueId, name };
}

/** An open session of that person, an hour long. */
export async function aSession({ userId }: { readonly userId: string }): Promise<string> {
  const sessionId = newId("session");
  const expiresAt = new Date(Date.now() + 3_600_000);
  await db().insert(session).values({ sessionId, userId, method: "password", expiresAt });
  return sessionId;
}
