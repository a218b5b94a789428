import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net";

/** Where a connection is cut: the n-th message that the app sends, and whether the server still gets it. */
export type Cut = { readonly message: number; readonly side: "before" | "after" };

export type WireProxy = {
  /** Another one after each `arm`. */
  readonly port: () => number;
  /** The ports from which it reached the server since `arm`. */
  readonly upstreamPorts: () => readonly number[];
  /** One letter for each message of the app since `arm`, as PostgreSQL names them; `^` is the start of a connection. */
  readonly letters: () => string;
  /** Which of them was the last one that asked for a commit; 0 for none. */
  readonly lastCommit: () => number;
  /** Lets connections in again, counts anew, and calls `onCut` at that message; without a cut everything passes. */
  readonly arm: (cut: Cut | null, onCut?: () => void) => Promise<void>;
  /** Is shown every message of the app from now on, when the server has been sent it and the app has no answer yet. */
  readonly watch: (see: (frame: Frame) => void) => void;
  readonly close: () => Promise<void>;
};

/** PostgreSQL's own framing: before the start of a connection a length of 4 bytes and a code, afterwards a letter and a length. */
const PROTOCOL_3 = 196_608;
const START = "^";

type Passage = {
  readonly sockets: Set<Socket>;
  upstreamPorts: number[];
  door: Server;
  letters: string;
  lastCommit: number;
  cut: Cut | null;
  onCut: () => void;
  isCut: boolean;
  see: (frame: Frame) => void;
};

/** Counts a message and hands it on, unless it is the one to be cut before; says whether it was the last one. */
function pass(passage: Passage, frame: Frame, upstream: Socket): boolean {
  passage.letters += frame.letter;
  const { length } = passage.letters;
  if (frame.bytes.includes("commit\0")) passage.lastCommit = length;
  const side = passage.cut?.message === length ? passage.cut.side : null;
  if (side !== "before") upstream.write(frame.bytes);
  passage.see(frame);
  return side !== null;
}

/** What was passed on arrives: the end of the connections is sent behind it. Nobody is let in any more. */
function cutOff(passage: Passage): void {
  passage.isCut = true;
  passage.door.close();
  passage.onCut();
  for (const socket of passage.sockets) if (!socket.destroyed) socket.end();
}

function join(passage: Passage, app: Socket, upstream: Socket): void {
  if (passage.isCut) {
    upstream.destroy();
    return void app.destroy();
  }
  upstream.once("connect", () => passage.upstreamPorts.push(upstream.localPort ?? 0));
  const frames = makeFrames();
  for (const socket of [app, upstream]) {
    socket.setNoDelay(true);
    passage.sockets.add(socket);
    socket.on("close", () => passage.sockets.delete(socket));
  }
  app.on("data", (bytes) => {
    if (!passage.isCut && frames(bytes).some((frame) => pass(passage, frame, upstream))) cutOff(passage);
  });
  upstream.on("data", (bytes) => {
    if (!passage.isCut) app.write(bytes);
  });
  app.on("error", () => undefined).on("close", () => upstream.end());
  upstream.on("error", () => undefined).on("close", () => app.destroy());
}

/** Opens a door of its own, where none is open. */
async function openDoor(passage: Passage, serverPort: number): Promise<void> {
  if (passage.door.listening) return;
  passage.door = createServer((app) => join(passage, app, dial(serverPort, "127.0.0.1")));
  await new Promise<void>((resolve) => passage.door.listen(0, "127.0.0.1", () => resolve()));
}

/**
 * A proxy between app and PostgreSQL that understands the frames of what the app sends. At the cut nothing passes any more, in either direction and
 * on no connection, old or new: to the database it is the same whether the process died there, and what it sends between being killed and being dead
 * never arrives. (reliability.md, appendix D)
 */
export async function startProxy(serverPort: number): Promise<WireProxy> {
  const passage: Passage = {
    sockets: new Set(),
    upstreamPorts: [],
    door: createServer(),
    letters: "",
    lastCommit: 0,
    cut: null,
    onCut() {},
    isCut: false,
    see() {},
  };
  await openDoor(passage, serverPort);
  return {
    port: () => (passage.door.address() as AddressInfo).port,
    upstreamPorts: () => passage.upstreamPorts,
    letters: () => passage.letters,
    lastCommit: () => passage.lastCommit,
    async arm(cut, onCut = () => {}) {
      Object.assign(passage, { letters: "", lastCommit: 0, cut, onCut, isCut: false, upstreamPorts: [] });
      await openDoor(passage, serverPort);
    },
    watch(see) {
      passage.see = see;
    },
    close() {
      for (const socket of passage.sockets) socket.destroy();
      return new Promise((resolve) => passage.door.close(() => resolve()));
    },
  };
}

export type Frame = { readonly letter: string; readonly bytes: Buffer };

/** Takes what came over one connection and gives the whole messages in it; what is not whole waits for more. */
function makeFrames(): (bytes: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  let hasStarted = false;
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const head = hasStarted ? 1 : 0;
      if (rest.length < head + (hasStarted ? 4 : 8)) return frames;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return frames;
      const letter = hasStarted ? String.fromCharCode(rest[0] ?? 0) : START;
      if (!hasStarted) hasStarted = rest.readInt32BE(4) >= PROTOCOL_3 && rest.readInt32BE(4) < PROTOCOL_3 + 65_536;
      frames.push({ letter, bytes: rest.subarray(0, length) });
      rest = rest.subarray(length);
    }
  };
}
