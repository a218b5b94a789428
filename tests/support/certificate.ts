import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** X.509 certificates (RFC 5280) for servers of the tests, made while they run: no key lies in the repository. */
export type Certificate = { readonly certificate: string; readonly key: string };
export type Authority = Certificate & { readonly name: string; readonly privateKey: KeyObject };

const DAY_MS = 86_400_000;

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const octets = (inside: Buffer) => der(0x04, inside);
const bits = (inside: Buffer) => der(0x03, Buffer.from([0]), inside);
const truth = der(0x01, Buffer.from([0xff]));
const instant = (at: number) =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]|\.\d+/g, "")}`, "ascii"));

const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = (name: string) => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
const extension = (id: Buffer, isCritical: boolean, value: Buffer) =>
  sequence(id, ...(isCritical ? [truth] : []), octets(value));
const isAuthority = extension(oid(0x55, 0x1d, 0x13), true, sequence(truth));
const forServers = extension(oid(0x55, 0x1d, 0x25), false, sequence(oid(0x2b, 6, 1, 5, 5, 7, 3, 1)));
const forName = (name: string) => extension(oid(0x55, 0x1d, 0x11), false, sequence(der(0x82, Buffer.from(name))));

type Signed = { readonly subject: string; readonly publicKey: KeyObject; readonly extensions: readonly Buffer[] };
type Signer = { readonly name: string; readonly privateKey: KeyObject };

function signed({ subject, publicKey, extensions }: Signed, by: Signer, endsAt: number): string {
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)]));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    serial,
    ECDSA_WITH_SHA256,
    commonName(by.name),
    sequence(instant(Date.now() - 2 * DAY_MS), instant(endsAt)),
    commonName(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const whole = sequence(body, ECDSA_WITH_SHA256, bits(sign("sha256", body, by.privateKey)));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const pem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();

export function makeAuthority(name: string): Authority {
  const { publicKey, privateKey } = keys();
  const certificate = signed(
    { subject: name, publicKey, extensions: [isAuthority] },
    { name, privateKey },
    Date.now() + DAY_MS,
  );
  return { certificate, key: pem(privateKey), name, privateKey };
}

/** For a server of that name; `endsAt` in milliseconds, tomorrow unless said otherwise. */
export function certify(authority: Authority, name: string, endsAt = Date.now() + DAY_MS): Certificate {
  const { publicKey, privateKey } = keys();
  const extensions = [forServers, forName(name)];
  return { certificate: signed({ subject: name, publicKey, extensions }, authority, endsAt), key: pem(privateKey) };
}
