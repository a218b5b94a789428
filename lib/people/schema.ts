import { z } from "zod";

/** What an act on people is given. Also read by the forms in the browser, so nothing here asks the server. */

export const ROLES = ["member", "author", "manager", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** What each role may, in the words of the page on which it is given. */
export const ROLE_LABELS: Readonly<Record<Role, { label: string; help: string }>> = {
  member: { label: "Member", help: "Does the work they are given and sees their own requests." },
  author: { label: "Author", help: "Also writes and activates orchestrations and flows." },
  manager: { label: "Manager", help: "Also sees every run and every work item, and reassigns work." },
  admin: { label: "Admin", help: "Everything but deciding in somebody else's place." },
};

/** An address in its one spelling: compatibility forms folded (NFKC), no surrounding blanks, lower case (S8). */
export const normaliseEmail = (text: string): string => text.normalize("NFKC").trim().toLowerCase();

/** One plain address: exactly one ASCII `@`; no quotes, commas, comments, controls, or lookalike letters in the part that routes mail (S8). */
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const MAX_EMAIL_CHARACTERS = 254;

export const isEmail = (text: string): boolean => text.length <= MAX_EMAIL_CHARACTERS && EMAIL.test(text);

export const email = z.string().max(1_000).transform(normaliseEmail).refine(isEmail, "is not an e-mail address");

/** A person's name: one line that shows something. */
export const personName = z
  .string()
  .trim()
  .min(1, "is needed")
  .max(100, "may have at most 100 characters")
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), "may not hold control characters");

export const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9][a-z0-9._-]{1,49}$/,
    "may have 2 to 50 letters, digits, dots, dashes and underscores, and begins with a letter or digit",
  );

/** API name of a group or queue: never changes, definitions name it. */
export const placeName = z
  .string()
  .trim()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,79}$/, "begins with a letter and has letters, digits and underscores only");

export const MIN_PASSWORD_CHARACTERS = 8;
export const MAX_PASSWORD_CHARACTERS = 128;

/** Any characters at all, none cut off (S2); whether it is a common one is asked by the command. */
export const password = z
  .string()
  .min(MIN_PASSWORD_CHARACTERS, `must have at least ${MIN_PASSWORD_CHARACTERS} characters`)
  .max(MAX_PASSWORD_CHARACTERS, `may have at most ${MAX_PASSWORD_CHARACTERS} characters`);

/**
 * A path of our own to go to after signing in, from a text of the address bar or a form; anything else becomes "/" (S23). Backslashes,
 * controls and a second slash are what browsers turn into other hosts.
 */
export function ownPath(text: string | null | undefined): string {
  if (!text || text.length > 2_000 || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return "/";
  const base = "http://own.invalid";
  if (!URL.canParse(text, base)) return "/";
  const { origin, pathname, search, hash } = new URL(text, base);
  return origin === base && !pathname.startsWith("//") ? `${pathname}${search}${hash}` : "/";
}

/** Made by the form at its first render: however often it is sent, the act is done once. */
const key = z.string().min(8).max(100);
const id = z.string().min(1).max(60);
const timeZone = z
  .string()
  .max(60)
  .refine((name) => isTimeZone(name), "is not a time zone")
  .nullable();

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

const whoTheyAre = { name: personName, username, email, role: z.enum(ROLES), managerId: id.nullable() };

export const newPersonInput = z.strictObject({ key, ...whoTheyAre });
export const changePersonInput = z.strictObject({
  key,
  userId: id,
  ...whoTheyAre,
  /** What they were when the form was opened. */
  was: z.strictObject({
    name: z.string().max(1_000),
    username: z.string().max(1_000),
    email: z.string().max(1_000),
    role: z.enum(ROLES),
    managerId: id.nullable(),
  }),
});
export const personIdInput = z.strictObject({ key, userId: id });
export const firstAdminInput = z.strictObject({
  key,
  token: z.string().max(100),
  name: personName,
  username,
  email,
  password,
});

/** A name or an address as it is typed at signing in; anything may be, and nothing is said about whether it is one. */
export const askForLinkInput = z.strictObject({
  key,
  name: z.string().trim().min(1, "is needed").max(254),
  next: z.string().max(2_000),
});

export const profileInput = z.strictObject({ key, name: personName, timeZone });
export const changePasswordInput = z.strictObject({ key, present: z.string().max(MAX_PASSWORD_CHARACTERS), password });
export const sessionIdInput = z.strictObject({ key, sessionId: id });
export const keyInput = z.strictObject({ key });

const placeLabel = z.string().trim().min(1, "is needed").max(80, "may have at most 80 characters");
const member = z.strictObject({ type: z.enum(["user", "group"]), id });
const memberList = z.array(member).max(1_000, "may be at most 1,000");
export const newPlaceInput = z.strictObject({
  key,
  type: z.enum(["group", "queue"]),
  name: placeName,
  label: placeLabel,
  members: memberList,
});
export const changePlaceInput = z.strictObject({
  key,
  type: z.enum(["group", "queue"]),
  id,
  label: placeLabel,
  members: memberList,
  /** What it was like when the form was opened. */
  was: z.strictObject({ label: z.string().max(1_000), members: z.array(member).max(10_000) }),
});

/** What the commands are given: the act without its key. */
export type NewPerson = Omit<z.output<typeof newPersonInput>, "key">;
export type ChangePerson = Omit<z.output<typeof changePersonInput>, "key">;
export type NewPlace = Omit<z.output<typeof newPlaceInput>, "key">;
export type ChangePlace = Omit<z.output<typeof changePlaceInput>, "key">;

/** One of a person's own sessions, as their account's page lists it. Instants are ISO texts. */
export type OpenSession = {
  readonly sessionId: string;
  readonly startedAt: string;
  readonly lastSeenAt: string;
  readonly method: string;
  readonly userAgent: string;
  readonly isThis: boolean;
};
