import { connect, type Socket } from "node:net";

/** What the driver knows of the server when it asks for a connection. */
type Server = { readonly host: readonly string[]; readonly port: readonly number[]; readonly path?: string };

const TIMEOUT_MS = 5_000;
/** The driver gathers what is smaller itself, and sends it when nothing follows any more. */
const GATHERED_BY_DRIVER = 1_024;

/**
 * A connection to the first server that answers, on which statements that are sent together leave in one packet: each packet wakes a process
 * on the other side, which costs both more than most statements do.
 */
export async function dial({ host, port, path }: Server): Promise<Socket> {
  if (path) return inOnePacket(await reach(connect(path)));
  for (let at = 0; ; at++) {
    const [name = "localhost", number = 5432] = [host[at], port[at]];
    try {
      const socket = await reach(connect({ host: name, port: number, noDelay: true }));
      // The driver names the server by it when it begins TLS.
      return Object.assign(inOnePacket(socket), { host: name });
    } catch (error) {
      if (at + 1 >= host.length) throw error;
    }
  }
}

/** Resolves when it is connected, within five seconds. */
function reach(socket: Socket): Promise<Socket> {
  const late = setTimeout(
    () => socket.destroy(Object.assign(new Error("the server does not answer"), { code: "CONNECT_TIMEOUT" })),
    TIMEOUT_MS,
  );
  return new Promise<Socket>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
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
