import { db } from "../../db/client";
import type { Page } from "../../db/page";
import { recentActions } from "../audit/queries";
import type { SecurityEventLine, SecurityFilter } from "../audit/schema";
import { may } from "../gate";
import { currentPerson, requirePerson } from "./current-person";
import { securityEventLines } from "./list-security-events";
import {
  findGroup,
  findPerson,
  findPlaces,
  findQueue,
  isSetupLinkOpen,
  type ListedPlace,
  listPeople,
  listPlaces,
  type Member,
  membersIn,
  namesOf,
  openSessionsOf,
  presentPassword,
} from "./queries";
import type { OpenSession, Role } from "./schema";
import { demoUsernames } from "./sign-in/configure";
import { digestOf } from "./sign-in/read-token";

export type PersonSummary = {
  readonly userId: string;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly manager: { readonly id: string; readonly name: string } | null;
};

/** People for their page, 50 at a time; null for whoever may not manage them. */
export async function peopleList(filter: {
  search?: string | undefined;
  state?: "active" | "inactive" | undefined;
  cursor?: string | undefined;
}): Promise<Page<PersonSummary> | null> {
  if (!may(await requirePerson(), "people.manage")) return null;
  const { rows, next } = await listPeople(db(), filter);
  const summaries = rows.map(({ userId, name, username, email, role, active, managerId, managerName }) => {
    return {
      userId,
      name,
      username,
      email,
      role,
      isActive: active,
      manager: managerId ? { id: managerId, name: managerName ?? managerId } : null,
    };
  });
  return { rows: summaries, next };
}

/** Groups or queues for their page. */
export async function placesList(
  type: "group" | "queue",
  filter: { search?: string | undefined; cursor?: string | undefined },
): Promise<Page<ListedPlace> | null> {
  return may(await requirePerson(), "people.manage") ? listPlaces(db(), type, filter) : null;
}

/** One group or queue and who is in it. */
export async function placeDetail(
  type: "group" | "queue",
  id: string,
): Promise<{ id: string; name: string; label: string; members: Member[] } | null> {
  if (!may(await requirePerson(), "people.manage")) return null;
  const found = type === "group" ? await findGroup(db(), id) : await findQueue(db(), id);
  if (!found) return null;
  const ownId = "groupId" in found ? found.groupId : found.queueId;
  return { id: ownId, name: found.name, label: found.label, members: await membersIn(db(), type, ownId) };
}

export type OptionGroup = {
  readonly group: string;
  readonly items: { readonly value: string; readonly label: string }[];
};
const MAX_OPTIONS = 20;
const GROUP_LABELS = [
  ["user", "People"],
  ["group", "Groups"],
  ["queue", "Queues"],
] as const;

/** Whom work can be given to whose name holds the text, as a picker shows them: `user:usr_…`, `group:grp_…`, `queue:que_…`; at most 20 of each kind. */
export async function assigneeOptions(search: string): Promise<OptionGroup[]> {
  if (!may(await requirePerson(), "people.see")) return [];
  const places = await findPlaces(db(), search, MAX_OPTIONS);
  return GROUP_LABELS.map(([type, group]) => ({
    group,
    items: places
      .filter((place) => place.type === type)
      .map(({ id, name }) => ({ value: `${type}:${id}`, label: name })),
  }));
}

/** The name behind a picker's value, or null when there is none such. */
export async function assigneeName(value: string): Promise<string | null> {
  if (!may(await requirePerson(), "people.see")) return null;
  const [type, id] = value.split(":");
  if ((type !== "user" && type !== "group" && type !== "queue") || !id) return null;
  return (await namesOf(db(), [{ type, id }]))[id] ?? null;
}

export type AccountPage = {
  readonly userId: string;
  readonly name: string;
  readonly username: string;
  readonly email: string;
  readonly role: Role;
  readonly timeZone: string | null;
  readonly managerName: string | null;
  /** False: none was set, or a mailed link stands for it. */
  readonly needsPresentPassword: boolean;
  readonly sessions: OpenSession[];
};

/** The page of one's own account. */
export async function accountPage(): Promise<AccountPage> {
  const person = await requirePerson();
  const { userId, name, username, email, role, timeZone, sessionId } = person;
  const [sessions, row, present] = await Promise.all([
    openSessionsOf(db(), userId),
    findPerson(db(), userId),
    presentPassword(db(), person),
  ]);
  const manager = row?.managerId ? await findPerson(db(), row.managerId) : null;
  const shown = sessions.map((session) => ({
    sessionId: session.sessionId,
    startedAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    method: session.method,
    userAgent: session.userAgent,
    isThis: session.sessionId === sessionId,
  }));
  return {
    userId,
    name,
    username,
    email,
    role,
    timeZone,
    managerName: manager?.name ?? null,
    needsPresentPassword: present !== null,
    sessions: shown,
  };
}

export type DemoAccount = { readonly username: string; readonly name: string; readonly role: Role };

/** What the sign-in page needs: whether somebody is signed in already, and whom demo mode offers. */
export async function signInPage(): Promise<{ isSignedIn: boolean; demoAccounts: DemoAccount[] }> {
  const [person, usernames] = await Promise.all([currentPerson(), demoUsernames()]);
  const people = await Promise.all(usernames.slice(0, 20).map((username) => findPerson(db(), username)));
  const demoAccounts = people.flatMap((row) =>
    row?.active ? [{ username: row.username, name: row.name, role: row.role }] : [],
  );
  return { isSignedIn: person !== null, demoAccounts };
}

/** Whether the set-up page has anything to offer: its link is neither used nor too old. */
export const setupPage = (token: string): Promise<boolean> => isSetupLinkOpen(db(), digestOf(token));

export type SecurityPage = Page<SecurityEventLine> & {
  /** Actions that occur among the newest events, to filter by. */
  readonly actions: string[];
  readonly actorName: string | null;
};

/** The security events, for admins; null for others. */
export async function securityPage(filter: SecurityFilter): Promise<SecurityPage | null> {
  if (!may(await requirePerson(), "audit.read")) return null;
  const [page, actions, actorName] = await Promise.all([
    securityEventLines(db(), filter),
    recentActions(db()),
    filter.actor ? assigneeName(filter.actor) : null,
  ]);
  return { ...page, actions, actorName };
}

/** Whether this request is an admin's: who may see how each part of Baton is. Nobody is sent to sign in. */
export async function maySeeHealth(): Promise<boolean> {
  const person = await currentPerson();
  return person !== null && may(person, "audit.read");
}
