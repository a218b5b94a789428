import { type IncomingMessage, Agent as PlainAgent, request as requestPlain } from "node:http";
import { Agent, request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Duplex } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Address } from "./reach-host";

/** Bytes of an answer, as they come and decoded (S63). */
const MAX_ANSWER_BYTES = 1_048_576;
const TOO_LONG = "its answer is more than 1 MB";

export type Outgoing = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Where the name led when it was checked; nothing else is connected to. */
  readonly addresses: readonly Address[];
  readonly signal: AbortSignal;
};
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty where it could not be read. */
  readonly text: string;
  /** Why not, as a sentence for people without its end; null: it could. */
  readonly unreadable: string | null;
};

/** What came is no text to be read, or more than is read of one; its message is a sentence for people. */
class UnreadableAnswer extends Error {
  override name = "UnreadableAnswer";
}

/**
 * One HTTP request and its answer, whatever its status: no redirect is followed, no cookie kept, no proxy of the environment asked, no
 * connection shared. The name is not looked up again: `lookup` hands out the addresses that were checked (S60). Past a bound nothing more is
 * read. Throws what the connection or the signal threw.
 */
export async function sendRequest(outgoing: Outgoing): Promise<Answer> {
  const answer = await begin(outgoing);
  // Whoever reads it hears of errors; without a listener one that comes between two reads would end the process.
  answer.on("error", () => undefined);
  try {
    const read = await textOf(answer).then(
      (text) => ({ text, unreadable: null }),
      (error: unknown) => {
        // Its status counts all the same.
        if (error instanceof UnreadableAnswer) return { text: "", unreadable: error.message };
        throw error;
      },
    );
    const headers = Object.fromEntries(
      ["content-type", "location", "retry-after"].map((name) => [name, oneOf(answer.headers[name])]),
    );
    return { status: answer.statusCode ?? 0, headers, ...read };
  } finally {
    answer.destroy();
  }
}

const oneOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

function begin({ url, method, headers, body, addresses, signal }: Outgoing): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const options = {
    method,
    hostname,
    port: url.port || (isSecure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    headers: {
      accept: "application/json",
      "accept-encoding": "gzip, deflate, br",
      "user-agent": "Baton",
      ...headers,
      ...(body === null ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    },
    agent: isSecure ? new Agent({ keepAlive: false }) : new PlainAgent({ keepAlive: false }),
    lookup: pinned(addresses),
    signal,
    ...(isSecure && !isIP(hostname) ? { servername: hostname } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = isSecure ? request(options, resolve) : requestPlain(options, resolve);
    sent.on("error", reject);
    sent.end(body ?? undefined);
  });
}

const pinned =
  (addresses: readonly Address[]): LookupFunction =>
  (_name, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded(answer)) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new UnreadableAnswer(TOO_LONG);
    chunks.push(chunk);
  }
  // An answer that ends before its announced length.
  if (!answer.complete) throw new Error("the connection was closed in the middle of the answer");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new UnreadableAnswer("its answer is not a text in UTF-8", { cause: error });
  }
}

/** The body without its encoding, a chunk at a time, so that a bomb is stopped while it is counted. */
function decoded(answer: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = (answer.headers["content-encoding"] ?? "").trim().toLowerCase();
  switch (encoding) {
    case "":
    case "identity":
      return answer;
    case "gzip":
    case "x-gzip":
      return through(answer, createGunzip());
    case "deflate":
      return through(answer, createInflate());
    case "br":
      return through(answer, createBrotliDecompress());
    default:
      throw new UnreadableAnswer("its answer has an encoding that is not known here");
  }
}

async function* through(answer: IncomingMessage, decoder: Duplex): AsyncIterable<Buffer> {
  let cut: Error | null = null;
  let raw = 0;
  answer.on("error", (error) => {
    cut = error;
    decoder.destroy(error);
  });
  // What decodes to nothing (empty blocks, a comment without end) is counted too.
  answer.on("data", (chunk: Buffer) => {
    raw += chunk.length;
    if (raw > MAX_ANSWER_BYTES) answer.destroy(new UnreadableAnswer(TOO_LONG));
  });
  try {
    yield* answer.pipe(decoder);
  } catch (error) {
    throw cut ?? new UnreadableAnswer("its answer is not encoded as it says", { cause: error });
  }
}
