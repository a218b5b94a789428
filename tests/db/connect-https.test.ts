import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { callOperation } from "../../lib/connect/call-operation";
import { aCredential, allowed, anOperation, callable } from "../builders/connections";
import { type Certificate, certify, makeAuthority } from "../support/certificate";

/** S62: over TLS the other system is who its name says, or hears nothing. A real server, with certificates of an authority of our own. */
const NAME = "orders.example.test";
const SECRET = "canary-of-the-credential";
const ours = makeAuthority("Our own authority");
const trusted = getCACertificates("default");

const heard: { name: string | false | null; authorization: string | undefined }[] = [];
const server = createServer(pair(certify(ours, NAME)), (request, response) => {
  const { servername } = request.socket as TLSSocket & { servername: string | false | null };
  heard.push({ name: servername, authorization: request.headers.authorization });
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ number: 7 }));
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
const { port } = server.address() as AddressInfo;
const origin = `https://${NAME}:${port}`;

function pair({ certificate, key }: Certificate) {
  return { cert: certificate, key };
}
/** The server shows that certificate from now on. */
const show = (one: Certificate) => server.setSecureContext(pair(one));
const trust = (...authorities: readonly string[]) => setDefaultCACertificates([...trusted, ...authorities]);

async function call() {
  const credentialId = await aCredential({ origin, secret: SECRET });
  const output = { type: "object", properties: { number: { type: "integer" } } };
  const operation = await callable(await anOperation(origin, { credentialId, output }));
  const resolve = async () => [{ address: "127.0.0.1", family: 4 }];
  return callOperation({ operation, inputs: {}, idempotencyKey: "job_1-stp_1", resolve });
}

beforeAll(() => allowed(origin, `https://127.0.0.1:${port}`));
afterEach(() => {
  heard.length = 0;
  show(certify(ours, NAME));
  setDefaultCACertificates(trusted);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("a server whose certificate is for its name, by an authority that is trusted, is asked by that name", async () => {
  trust(ours.certificate);
  expect(await call()).toMatchObject({ type: "finished", status: 200, outputs: { number: 7 } });
  expect(heard).toEqual([{ name: NAME, authorization: `Bearer ${SECRET}` }]);
});

const STRANGERS: readonly [string, () => void][] = [
  ["by an authority that nobody trusts", () => undefined],
  [
    "for another name",
    () => {
      trust(ours.certificate);
      show(certify(ours, "other.example.test"));
    },
  ],
  [
    "that has run out",
    () => {
      trust(ours.certificate);
      show(certify(ours, NAME, Date.now() - 60_000));
    },
  ],
  [
    "by another authority of the same name",
    () => {
      trust(ours.certificate);
      show(certify(makeAuthority(ours.name), NAME));
    },
  ],
];

test.each(STRANGERS)(
  "a certificate %s ends the call before anything is sent, and it is not tried again",
  async (_, arrange) => {
    arrange();
    const outcome = await call();
    expect(outcome).toMatchObject({ type: "failed", mayRetry: false });
    expect(outcome).toMatchObject({ error: expect.stringContaining("its certificate is not trusted") });
    expect(heard).toEqual([]);
  },
);
