import type { AddressInfo, Socket } from "node:net";
import { SMTPServer } from "smtp-server";

/** How the mail server meets what comes: all is well, 421 at the door, 450 for each recipient, or gone when it has the whole mail. */
type Behaviour = "take" | "refuse" | "greylist" | "drop";

export type MailTarget = {
  readonly url: string;
  readonly behave: (how: Behaviour) => void;
  /** How often it did not take what it was given. */
  readonly faults: () => number;
  /** How often a mail of that Message-ID came whole, and how often of these nobody was told. */
  readonly about: (messageId: string) => { readonly taken: number; readonly dropped: number };
  /** Mails that came more than once. */
  readonly repeated: () => number;
  readonly close: () => Promise<void>;
};

const refusal = (status: number, text: string) => Object.assign(new Error(text), { responseCode: status });
const MESSAGE_ID = /^Message-ID: <([^@>]+)@/im;

/** A real SMTP server on this machine that behaves as it is told. */
export async function openMailTarget(): Promise<MailTarget> {
  const state = { how: "take" as Behaviour, faults: 0 };
  const sockets = new Map<number, Socket>();
  const seen = new Map<string, { taken: number; dropped: number }>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    logger: false,
    disableReverseLookup: true,
    closeTimeout: 500,
    onMailFrom(_address, _session, done) {
      if (state.how !== "refuse") return done();
      state.faults++;
      done(refusal(421, "closed for now"));
    },
    onRcptTo(_address, _session, done) {
      if (state.how !== "greylist") return done();
      state.faults++;
      done(refusal(450, "greylisted, come again"));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const id = MESSAGE_ID.exec(Buffer.concat(chunks).toString("utf8"))?.[1] ?? "none";
        const known = seen.get(id) ?? { taken: 0, dropped: 0 };
        const isDropped = state.how === "drop";
        seen.set(id, { taken: known.taken + 1, dropped: known.dropped + Number(isDropped) });
        if (!isDropped) return done();
        state.faults++;
        sockets.get(session.remotePort)?.destroy();
      });
    },
    onConnect(_session, done) {
      if (state.how !== "refuse") return done();
      state.faults++;
      done(refusal(421, "closed for now"));
    },
  });
  server.on("error", () => undefined);
  server.server.on("connection", (socket) => {
    sockets.set(socket.remotePort ?? 0, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    behave(how) {
      state.how = how;
    },
    faults: () => state.faults,
    about: (id) => seen.get(id) ?? { taken: 0, dropped: 0 },
    repeated: () => [...seen.values()].filter(({ taken }) => taken > 1).length,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
