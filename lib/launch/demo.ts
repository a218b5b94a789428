import { randomInt } from "node:crypto";
import { eq } from "drizzle-orm";
import { db } from "../../db/client";
import { setting, user } from "../../db/schema";
import { seed } from "../../db/seed";
import { DEMO_ACCOUNTS } from "../../db/seed/accounts";
import { transaction } from "../../db/transaction";
import { newId } from "../ids";
import { kept } from "./secrets";
import { CannotStart } from "./settings";

type Passwords = Readonly<Record<string, string>>;
/** The setting `demo` is "seeding" from before the first row of demo data to after the last. */
type State = "empty" | "seeding" | "in use";

/** Letters and digits that cannot be taken for one another; 12 of them are 68 bits. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const newPassword = (): string => Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

/** The demo accounts' passwords: random, made once for this installation. */
const demoPasswords = (dataDir: string): Passwords =>
  kept(dataDir, "demo-accounts.json", () =>
    Object.fromEntries(DEMO_ACCOUNTS.map(({ username }) => [username, newPassword()])),
  );

export async function demoState(): Promise<State> {
  const [mark] = await db().select({ value: setting.value }).from(setting).where(eq(setting.name, "demo"));
  if (mark?.value === "seeding") return "seeding";
  const [person] = await db().select({ userId: user.userId }).from(user).where(eq(user.kind, "person")).limit(1);
  return mark || person ? "in use" : "empty";
}

async function note(name: string, value: unknown): Promise<void> {
  await transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    await tx.db.insert(setting).values({ name, value }).onConflictDoUpdate({ target: setting.name, set: { value } });
  });
}

/** Fills an empty database with the demo's people and stories. @throws CannotStart where an earlier try was interrupted half-way. */
export async function seedDemo(dataDir: string, progress: (text: string) => void): Promise<void> {
  const state = await demoState();
  if (state === "in use") return;
  if (state === "seeding")
    throw new CannotStart(
      "DATABASE_URL: filling this database with demo data was interrupted; empty it and start again",
    );
  await note("demo", "seeding");
  await seed({ passwords: demoPasswords(dataDir), progress: (text) => progress(`demo data: ${text}`) });
  await note(
    "demo_accounts",
    DEMO_ACCOUNTS.map(({ username }) => username),
  );
  await note("demo", "seeded");
  progress("");
}

/** Who can sign in and how, as lines for the terminal. */
export function demoAccountLines(dataDir: string): string[] {
  const passwords = demoPasswords(dataDir);
  return DEMO_ACCOUNTS.map(
    ({ username, name, role }) => `  ${username.padEnd(20)} ${(passwords[username] ?? "").padEnd(14)} ${name}, ${role}`,
  );
}
