import { queueMails } from "../../../db/outbox";
import { type Tx, transaction } from "../../../db/transaction";
import { recordSecurityEvent } from "../../audit/commands";
import { newId } from "../../ids";
import { ok, type Result } from "../../result";
import { findPerson } from "../queries";
import { normaliseEmail, ownPath } from "../schema";
import { makeSignInLink, SIGN_IN_LINK_MINUTES } from "../sign-in/make-link";
import { throttle } from "../sign-in/throttle";

export type LinkWish = {
  /** What was typed: a username or an address. The mail goes to the address of the row, never to this (S8). */
  readonly name: string;
  readonly next: string;
  /** The asking browser's own secret mark, and the address it asks from. */
  readonly browserMark: string;
  readonly address: string;
};

/** Mails a sign-in link to the active person of that name, if there is one; the answer is the same if there is none (S4). */
export async function askForLink(wish: LinkWish): Promise<Result<null>> {
  const tooOften = await throttle([
    { rule: "link", what: normaliseEmail(wish.name) },
    { rule: "linkAddress", what: wish.address },
  ]);
  if (tooOften) return { ok: false, refusal: tooOften };
  await transaction({ commandId: newId("command"), actorId: null }, (tx) => mailLink(tx, wish));
  return ok(null);
}

async function mailLink(tx: Tx, { name, next, browserMark, address }: LinkWish): Promise<void> {
  const person = await findPerson(tx.db, name);
  const isPerson = person?.active === true && person.kind === "person";
  await recordSecurityEvent(tx, {
    action: "link-request",
    actorId: null,
    objectId: person?.userId ?? null,
    allowed: isPerson,
    details: { address },
  });
  if (!isPerson) return;
  const secret = await makeSignInLink(tx, person.userId, browserMark);
  const query = new URLSearchParams({ token: secret, next: ownPath(next) });
  await queueMails(tx, [
    {
      kind: "sign_in_link",
      content: { path: `/sign-in/link?${query}`, minutes: SIGN_IN_LINK_MINUTES },
      recipientId: person.userId,
    },
  ]);
}
