import { queueMails } from "../../../db/outbox";
import type { delegation } from "../../../db/schema";
import type { Tx } from "../../../db/transaction";
import type { DelegationEvent } from "../../../emails/content";
import { recordSecurityEvent } from "../../audit/commands";
import type { Person } from "../current-person";
import { periodInWords } from "../schema/delegation-words";

type Row = typeof delegation.$inferSelect;

/** Whom each event is told, beside whoever did it. */
const CONCERNED: Readonly<Record<DelegationEvent, readonly ("delegatorId" | "delegateId")[]>> = {
  asked: ["delegateId"],
  made: ["delegateId", "delegatorId"],
  accepted: ["delegatorId"],
  declined: ["delegatorId"],
  ended: ["delegateId", "delegatorId"],
};
const SAID: Readonly<Record<DelegationEvent, string>> = {
  asked: "delegation-create",
  made: "delegation-create",
  accepted: "delegation-accept",
  declined: "delegation-decline",
  ended: "delegation-end",
};

/** Writes down who did what, and mails it to the others. */
export async function tellOfDelegation(
  tx: Tx,
  row: Row,
  { event, by }: { event: DelegationEvent; by: Person },
): Promise<void> {
  const { delegationId, delegatorId, delegateId, validFrom, validTo, reason } = row;
  const details = { for: delegatorId, by: delegateId };
  await recordSecurityEvent(tx, {
    action: SAID[event],
    actorId: by.userId,
    objectId: delegationId,
    allowed: true,
    details,
  });
  const told = CONCERNED[event].map((who) => row[who]).filter((id) => id !== by.userId);
  const people = await tx.sql<{ id: string; name: string; zone: string | null }[]>`
    select user_id as id, name, time_zone as zone from "user" where user_id in (${delegatorId}, ${delegateId})`;
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? "";
  const zoneOf = (id: string) => people.find((one) => one.id === id)?.zone ?? "UTC";
  const names = { delegatorName: nameOf(delegatorId), delegateName: nameOf(delegateId), byName: by.name };
  await queueMails(
    tx,
    told.map((recipientId) => {
      const period = periodInWords({ from: validFrom, to: validTo }, zoneOf(recipientId));
      const content = { event, ...names, period, reason, isDelegate: recipientId === delegateId };
      return { kind: "delegation", recipientId, content } as const;
    }),
  );
}
