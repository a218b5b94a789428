import { createTransport } from "nodemailer";
import { env, publicOrigin } from "../env";

/** One mail to one person, ready to go. */
type Outgoing = {
  readonly messageId: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** What it belongs to: mails that name the same are one conversation in every mail program. Null: it stands alone. */
  readonly thread: string | null;
  /** Where an answer goes; null: to the sender, where nobody reads it. */
  readonly replyTo: string | null;
  /** Digests alone can be asked to stop: work and decisions cannot. */
  readonly isDigest: boolean;
};

export type Transport = {
  /** Resolves when the server has taken the mail; rejects with nodemailer's error. */
  readonly send: (mail: Outgoing) => Promise<void>;
  /** Rejects when the server does not answer, or does not let us in. */
  readonly verify: () => Promise<void>;
  readonly close: () => void;
};

const CONNECTIONS = 4;
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** STARTTLS is asked for unless the server is this machine or the address says otherwise (`?requireTLS=false`; S58). */
function tlsFor(url: URL): { requireTLS?: boolean } {
  const isSaid = url.searchParams.has("requireTLS") || url.searchParams.has("ignoreTLS");
  return url.protocol === "smtp:" && !LOOPBACK.has(url.hostname) && !isSaid ? { requireTLS: true } : {};
}

/**
 * The way to the mail server at `smtpUrl`. Nothing of a mail can make it read a file or fetch an address (S54); recipients are objects,
 * so that a name cannot become a second address (S53); the Message-ID comes from the outbox, so that a repeat can be told (P5).
 */
export function openTransport(smtpUrl: string): Transport {
  const settings = env();
  const { hostname } = new URL(publicOrigin(settings));
  const mailer = createTransport(
    {
      url: smtpUrl,
      pool: true,
      maxConnections: CONNECTIONS,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      dnsTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      ...tlsFor(new URL(smtpUrl)),
    },
    { disableFileAccess: true, disableUrlAccess: true },
  );
  return {
    async send({ messageId, thread, replyTo, isDigest, ...mail }) {
      await mailer.sendMail({
        ...mail,
        from: settings.MAIL_FROM,
        messageId: `<${messageId}@${hostname}>`,
        ...(replyTo !== null && { replyTo }),
        ...(thread !== null && { references: `<${thread}@${hostname}>`, inReplyTo: `<${thread}@${hostname}>` }),
        headers: {
          "Auto-Submitted": "auto-generated",
          ...(isDigest && { "List-Unsubscribe": `<${publicOrigin(settings)}/account#mails>` }),
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
    async verify() {
      await mailer.verify();
    },
    close: () => mailer.close(),
  };
}
