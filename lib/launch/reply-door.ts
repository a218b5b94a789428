import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerAddress, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { takeReply } from "../approvals/take-reply";
import { log } from "../log";
import { tokenIn } from "../notify/reply-token";

/** A reply with what it quotes, and a picture in somebody's signature. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_CLIENTS = 20;
const SILENCE_MS = 30_000;

export type ReplyDoor = { readonly port: number; readonly close: () => Promise<void> };

type Done = (error?: Error | null) => void;

/** What SMTP answers; 4xx: the sender's server is to try again later. */
const answerOf = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/**
 * Takes answers to mails over SMTP. It knows one kind of recipient, the reply address with a token, and one a mail; it is no relay and tells
 * nothing. A mail has been taken (250) when what it led to is committed; while the database is away it is put off (451).
 */
export async function openReplyDoor(place: { host: string; port: number; address: string }): Promise<ReplyDoor> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    size: MAX_BYTES,
    maxClients: MAX_CLIENTS,
    socketTimeout: SILENCE_MS,
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 1_000,
    onRcptTo: (recipient, session, done) => done(judgeRecipient(recipient, session, place.address)),
    onData: (stream, session, done) => void take(stream, { session, address: place.address }, done),
  });
  server.on("error", (error) => log().debug({ err: error }, "reply door"));
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(place.port, place.host, () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function judgeRecipient({ address }: SMTPServerAddress, { envelope }: SMTPServerSession, ours: string): Error | null {
  if (tokenIn(address, ours) === null) return answerOf(550, "5.1.1 There is no such mailbox here");
  return envelope.rcptTo.length > 0 ? answerOf(452, "4.5.3 One recipient at a time") : null;
}

async function take(
  stream: SMTPServerDataStream,
  { session, address }: { session: SMTPServerSession; address: string },
  done: Done,
): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
      size += (chunk as Buffer).length;
      if (size <= MAX_BYTES) chunks.push(chunk as Buffer);
    }
    if (size > MAX_BYTES) return done(answerOf(552, "5.3.4 The mail is too big"));
    // A report that a mail of ours could not be delivered has no sender. It is taken, and nothing is done about it.
    const hasSender = session.envelope.mailFrom !== false && session.envelope.mailFrom.address !== "";
    const [recipient] = session.envelope.rcptTo;
    const token = recipient ? tokenIn(recipient.address, address) : null;
    const isKnown = !hasSender || (token !== null && (await takeReply(token, Buffer.concat(chunks))));
    done(isKnown ? null : answerOf(550, "5.1.1 There is no such mailbox here"));
  } catch (error) {
    log().warn({ err: error }, "a reply could not be taken");
    done(answerOf(451, "4.3.0 Not now; please try again later"));
  }
}
