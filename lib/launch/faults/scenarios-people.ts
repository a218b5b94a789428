import { eq } from "drizzle-orm";
import { db } from "../../../db/client";
import { user } from "../../../db/schema";
import { createToken } from "../../connect/commands/change-token";
import type { Person } from "../../people/current-person";
import { hashPassword } from "../../people/sign-in/hash-password";
import { makeSetupLink } from "../../people/sign-in/make-link";
import { openSession } from "../../people/sign-in/open-session";
import { ok } from "../../result";
import { type Scenario, scenario } from "./scenario";
import { acting, actsOf, did } from "./scenario-acts";
import { type Cast, commanded, must } from "./world";

/** What admins do to people, and people to their own account. */
const ivy = { name: "Ivy", username: "ivy", email: "ivy@example.org", role: "member", managerId: null };
const withIvy = ({ ada }: Cast) => did<{ userId: string }>(ada, "people.create", ivy);

const BY_ADMIN = actsOf("ada", {
  "people.create": () => ivy,
  "people.change": async (cast) => ({ ...(await withIvy(cast)), ...ivy, role: "author", was: ivy }),
  "people.activate": async (cast) => {
    const made = await withIvy(cast);
    await did(cast.ada, "people.deactivate", made);
    return made;
  },
  "people.reset-password": withIvy,
  "people.create-place": ({ ann }) => {
    const members = [{ type: "user", id: ann.userId }];
    return { type: "queue", name: "Desk", label: "Desk", members };
  },
});

const PRESENT = "a broad and noisy valley";
const session = (person: Person) =>
  must(person, async (tx) => {
    const from = { userAgent: "a browser", address: "127.0.0.1" };
    return ok(await openSession(tx, { userId: person.userId, method: "password", ...from }));
  });

const OWN = actsOf("ann", {
  "account.change-profile": () => ({ name: "Anna", timeZone: "Europe/Berlin" }),
  "account.change-password": async ({ ann }) => {
    const passwordHash = await hashPassword(PRESENT);
    await db().update(user).set({ passwordHash }).where(eq(user.userId, ann.userId));
    return { present: PRESENT, password: "a long and quiet river" };
  },
  "account.end-session": async ({ ann }) => ({ sessionId: await session(ann) }),
  "account.end-other-sessions": async ({ ann }) => {
    await session(ann);
    return {};
  },
  "tokens.revoke": async ({ ann }) => must(ann, (tx) => createToken(tx, ann, token)),
  "mail.prefer": () => ({ mode: "daily", hour: 8 }),
});

const token = { name: "Import", scopes: ["runs:start" as const], days: 30 as const, secret: `baton_${"s".repeat(43)}` };

export const PEOPLE: readonly Scenario[] = [
  ...BY_ADMIN,
  ...OWN,
  // The action makes the secret and shows it once, never again: so this is given without it.
  scenario<Person>({
    name: "a token",
    prepare: async ({ ann }) => ann,
    act: (person, key) => commanded(person, key, (tx) => createToken(tx, person, token)),
  }),
  acting("people.set-up", "people.set-up", async ({ ada }) => {
    const secret = await must(ada, async (tx) => ok(await makeSetupLink(tx)));
    // Somebody who set it up before them is no admin any more.
    await db().update(user).set({ role: "manager" }).where(eq(user.userId, ada.userId));
    return { person: ada, input: { ...ivyAlone, token: secret, password: PRESENT } };
  }),
];

const ivyAlone = { name: ivy.name, username: ivy.username, email: ivy.email };
