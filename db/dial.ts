import { connect, type Socket } from "node:net";

/** What the driver knows of the server when it asks for a connection. */
type Server = { readonly host: readonly string[]; readonly port: readonly number[]; readonly path?: string };

const TIMEOUT_MS = 5_000;
/** The driver gathers what is smaller itself, and sends it when nothing follows any more. */
const GATHERED_BY_DRIVER = 1_024;

/**
 * A connection to the first server that answers, on which statements that are sent together leave in one packet: each packet wakes a process
 * on the other side, which costs both more than most statements do. The last server's is handed over while it still connects: the driver
 * recovers from a socket that fails, never from having been given none.
 */
export async function dial({ host, port, path }: Server): Promise<Socket> {
  if (path) return inOnePacket(connect(path));
  for (let at = 0; ; at++) {
    const [name = "localhost", number = 5432] = [host[at], port[at]];
    const socket = connect({ host: name, port: number, noDelay: true });
    const isLast = at + 1 >= host.length;
    // The driver names the server by it when it begins TLS.
    if (isLast || (await isReached(socket))) return Object.assign(inOnePacket(socket), { host: name });
  }
}

/** Whether it is connected within five seconds. */
function isReached(socket: Socket): Promise<boolean> {
  const late = setTimeout(() => socket.destroy(), TIMEOUT_MS);
  return new Promise<boolean>((resolve) => {
    const failed = () => resolve(false);
    socket.once("error", failed).once("close", failed);
    socket.once("connect", () => {
      socket.off("error", failed).off("close", failed);
      resolve(true);
    });
  }).finally(() => clearTimeout(late));
}

function inOnePacket(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  let isCorked = false;
  const uncork = () => {
    if (isCorked) socket.uncork();
    isCorked = false;
  };
  return Object.assign(socket, {
    write(chunk: Uint8Array, ...more: unknown[]) {
      const mayFollow = chunk.length >= GATHERED_BY_DRIVER;
      if (mayFollow && !isCorked) {
        isCorked = true;
        socket.cork();
        // What follows is written in the next turn of the event loop at the latest.
        setImmediate(() => setImmediate(uncork));
      }
      const isRoom = write(chunk, ...more);
      if (!mayFollow) uncork();
      return isRoom;
    },
  });
}
