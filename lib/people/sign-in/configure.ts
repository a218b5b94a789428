import { eq } from "drizzle-orm";
import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { db } from "../../../db/client";
import { setting } from "../../../db/schema";
import { transaction } from "../../../db/transaction";
import { refusalOfFault } from "../../action";
import { env } from "../../env";
import { newId } from "../../ids";
import { log } from "../../log";
import { ok, type Refusal, type Result, refuse } from "../../result";
import { findPerson } from "../queries";
import { ownPath } from "../schema";
import { beginSession, type Who } from "./begin-session";
import { checkPassword, type From, knownMarkOf } from "./check-password";
import { endSession } from "./end-sessions";
import { cookieName, cookieOptions } from "./name-cookies";
import type { Method } from "./open-session";
import { readAddress } from "./read-address";
import { readSession, SESSION_DAYS } from "./read-session";
import { spendSignInLink } from "./spend-link";

const DAY_SECONDS = 86_400;
const KNOWN_DAYS = 180;

type Credentials = Readonly<Record<string, string>> | undefined;
/** Whoever the credentials belong to, or why not: asked before the session is opened, or in the transaction that opens it. */
type Check = (credentials: Credentials, from: From) => Promise<Who>;

/** What is known before. */
const known =
  (found: Result<{ userId: string }>): Who =>
  async () =>
    found;

/** next-auth hands an error's message on to the page: so it is the code and its one detail, never what was thrown (S39). */
const asError = ({ code, details }: Refusal): Error =>
  new Error([code, details?.seconds ?? details?.id].filter(Boolean).join(":"));

async function askedFrom(): Promise<From> {
  const { cookies, headers } = await import("next/headers");
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return {
    address: readAddress(head),
    userAgent: head.get("user-agent") ?? "",
    knownMark: jar.get(cookieName("known"))?.value ?? null,
  };
}

/**
 * Opens the new session and ends the one that this browser had (S13). The next attempt of this browser is then exempt from the limits
 * that strangers can use up.
 */
async function signIn(who: Who, method: Method, from: From): Promise<Result<{ id: string }>> {
  const { cookies } = await import("next/headers");
  const jar = await cookies();
  const before = await readSession(jar);
  const begun = await beginSession(who, { method, from, before: before?.sessionId ?? null });
  if (!begun.ok) return begun;
  const { userId, sessionId } = begun.value;
  jar.set(cookieName("known"), knownMarkOf(userId), { ...cookieOptions(), maxAge: KNOWN_DAYS * DAY_SECONDS });
  return ok({ id: sessionId });
}

function provider(id: Method, fields: readonly string[], check: Check) {
  return CredentialsProvider({
    id,
    name: id,
    credentials: Object.fromEntries(fields.map((field) => [field, {}])),
    async authorize(credentials) {
      const result = await attempt(id, check, credentials).catch(
        (error: unknown) => ({ ok: false, refusal: refusalOfFault(error, `people.sign-in ${id}`) }) as const,
      );
      if (!result.ok) throw asError(result.refusal);
      return result.value;
    },
  });
}

async function attempt(method: Method, check: Check, credentials: Credentials): Promise<Result<{ id: string }>> {
  const from = await askedFrom();
  return signIn(await check(credentials, from), method, from);
}

/** What was typed as a name: no longer than a name may be, without what a database cannot hold. */
const typedName = (text: string | undefined): string => (text ?? "").replaceAll("\0", "").slice(0, 254);

const password: Check = async (credentials, from) =>
  known(await checkPassword(typedName(credentials?.name), credentials?.password ?? "", from));

const link: Check = async (credentials) => {
  const { cookies } = await import("next/headers");
  const mark = (await cookies()).get(cookieName("browser"))?.value ?? "";
  return (tx) => spendSignInLink(tx, credentials?.token ?? "", mark);
};

/** Demo mode only: the accounts that the seed made, by username, without a password. */
const demo: Check = async (credentials) => {
  const usernames = await demoUsernames();
  const person = await findPerson(db(), typedName(credentials?.username));
  const isDemo = person?.active && usernames.includes(person.username);
  return known(isDemo ? ok({ userId: person.userId }) : refuse("wrong-credentials"));
};

/** Usernames that demo mode lets anybody sign in as, in the order to show; none outside demo mode. */
export async function demoUsernames(): Promise<string[]> {
  if (!env().BATON_DEMO) return [];
  const [row] = await db()
    .select({ value: setting.value })
    .from(setting)
    .where(eq(setting.name, "demo_accounts"))
    .limit(1);
  return Array.isArray(row?.value) ? row.value.filter((name): name is string => typeof name === "string") : [];
}

const cookie = (name: "session" | "csrf" | "next") => ({ name: cookieName(name), options: cookieOptions() });

/** next-auth as Baton uses it: it checks credentials, guards the form, and seals the session's id into a cookie; the row decides the rest. */
export function configureAuth(): NextAuthOptions {
  const { AUTH_SECRET, BATON_DEMO } = env();
  if (!AUTH_SECRET) throw new Error("AUTH_SECRET is not set; `npm start` makes one and keeps it in DATA_DIR");
  return {
    secret: AUTH_SECRET,
    providers: [
      provider("password", ["name", "password"], password),
      provider("link", ["token"], link),
      ...(BATON_DEMO ? [provider("demo", ["username"], demo)] : []),
    ],
    session: { strategy: "jwt", maxAge: SESSION_DAYS * DAY_SECONDS },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    cookies: { sessionToken: cookie("session"), csrfToken: cookie("csrf"), callbackUrl: cookie("next") },
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id } : token),
      redirect: ({ url }) => ownPath(url),
    },
    events: {
      async signOut({ token }) {
        const sessionId = token.sid;
        if (typeof sessionId === "string")
          await transaction({ commandId: newId("command"), actorId: null }, (tx) => endSession(tx, sessionId));
      },
    },
    logger: {
      error: (code, about) => log().error({ about }, `sign-in: ${code}`),
      warn: (code) => log().debug(`sign-in: ${code}`),
      debug() {},
    },
  };
}
