import type { AddressInfo } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export type Taken = { readonly recipients: readonly string[]; readonly mail: Email; readonly raw: string };

export type MailServer = {
  readonly url: string;
  /** Mails taken, in the order of their coming. */
  readonly taken: Taken[];
  /** Called for each recipient; an SMTP status to refuse them with, or null. Replaceable while running. */
  answer: (recipient: string) => { status: number; text: string } | null;
  /** Called when the whole mail has come; the same for the mail itself. */
  answerData: () => { status: number; text: string } | null;
  readonly close: () => Promise<void>;
};

const refusal = ({ status, text }: { status: number; text: string }) =>
  Object.assign(new Error(text), { responseCode: status });

/** A real SMTP server that answers as a test says. */
export async function aMailServer(): Promise<MailServer> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const no = self.answer(address);
      done(no ? refusal(no) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", async () => {
        const no = self.answerData();
        if (no) return done(refusal(no));
        const raw = Buffer.concat(chunks).toString("utf8");
        taken.push({
          recipients: session.envelope.rcptTo.map(({ address }) => address),
          mail: await PostalMime.parse(raw),
          raw,
        });
        done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const self: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    answer: () => null,
    answerData: () => null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return self;
}
