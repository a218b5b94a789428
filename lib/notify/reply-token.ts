import { createHash, randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { replyToken } from "../../db/schema";
import { transaction } from "../../db/transaction";
import { newId } from "../ids";

const HOURS = 72;
/** Answers of one token that are read. */
const MAX_REPLIES = 20;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const BITS_A_LETTER = 5;

/** 256 random bits in 52 small letters and digits: mail servers on the way may change the case of an address. */
function newToken(): string {
  let number = BigInt(`0x${randomBytes(32).toString("hex")}`);
  let text = "";
  for (let bits = 0; bits < 256; bits += BITS_A_LETTER) {
    text = (ALPHABET[Number(number & 31n)] ?? "a") + text;
    number >>= 5n;
  }
  return text;
}

const digestOf = (token: string): string => createHash("sha256").update(token).digest("hex");

/** `reply@example.org` with the token in it: `reply+…@example.org`. */
export const withToken = (address: string, token: string): string => address.replace("@", `+${token}@`);

/** The token of an address of that kind; null: it is no such address. */
export function tokenIn(recipient: string, address: string): string | null {
  const [local = "", domain = ""] = address.toLowerCase().split("@");
  const text = recipient.toLowerCase();
  const [prefix, suffix] = [`${local}+`, `@${domain}`];
  if (!text.startsWith(prefix) || !text.endsWith(suffix)) return null;
  const token = text.slice(prefix.length, text.length - suffix.length);
  return /^[a-z2-7]{52}$/.test(token) ? token : null;
}

type Bound = Pick<typeof replyToken.$inferInsert, "messageId" | "workItemId" | "assignmentNo" | "userId" | "shown">;

/** What a mail that is about to be sent may be answered with. Only its digest is kept. */
export async function makeReplyToken(bound: Bound): Promise<string> {
  const token = newToken();
  const row = {
    ...bound,
    secretHash: digestOf(token),
    createdAt: sql`clock_timestamp()`,
    expiresAt: sql`clock_timestamp() + make_interval(hours => ${HOURS})`,
  };
  await transaction({ commandId: newId("command"), actorId: bound.userId }, (tx) =>
    tx.db.insert(replyToken).values(row),
  );
  return token;
}

export type HeldToken = Bound & {
  readonly hasExpired: boolean;
  /** Times that an answer came with it, or one and the same again. */
  readonly replies: number;
  /** More answers came with it than people send. */
  readonly isWorn: boolean;
};

/** What a token stands for, counting that it was used; null: there is none. */
export const spendReplyToken = (token: string): Promise<HeldToken | null> =>
  transaction({ commandId: newId("command"), actorId: null }, async (tx) => {
    const { messageId, workItemId, assignmentNo, userId, shown, replies, expiresAt } = replyToken;
    const [held] = await tx.db
      .update(replyToken)
      .set({ replies: sql`${replies} + 1` })
      .where(eq(replyToken.secretHash, digestOf(token)))
      .returning({
        ...{ messageId, workItemId, assignmentNo, userId, shown, replies },
        hasExpired: sql<boolean>`${expiresAt} <= clock_timestamp()`,
        isWorn: sql<boolean>`${replies} > ${MAX_REPLIES}`,
      });
    return held ?? null;
  });
