import { beforeEach, describe, expect, test } from "vitest";
import { db } from "../../db/client";
import { allowedHost } from "../../db/schema";
import { callOperation } from "../../lib/connect/call-operation";
import { removeHost } from "../../lib/connect/commands/allow-host";
import { followRedirects } from "../../lib/connect/follow-redirects";
import { isPublicAddress } from "../../lib/connect/judge-address";
import { nextHop } from "../../lib/connect/next-hop";
import { type Resolve, reachHost } from "../../lib/connect/reach-host";
import { hostInput, newConnectionInput } from "../../lib/connect/schema/connection";
import { aCredential, allowed, anAdmin, anOperation, callable } from "../builders/connections";
import { commanded } from "../builders/records";
import { json, startTarget } from "../support/http-target";

const target = await startTarget();
beforeEach(async () => {
  await db().delete(allowedHost);
  target.answer(json({}));
});

const answers = (...addresses: readonly string[]): Resolve & { asked: number } => {
  const resolve = Object.assign(
    async () => {
      resolve.asked++;
      return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    },
    { asked: 0 },
  );
  return resolve;
};
const call = async (name: string, resolve?: Resolve) =>
  callOperation({ operation: await callable(name), inputs: {}, idempotencyKey: "k", ...(resolve ? { resolve } : {}) });
const noPacket = () => expect([target.connections(), target.seen]).toEqual([0, []]);
const api = `http://api.example.test:${target.port}`;

describe("S59: nothing is called that no admin allowed", () => {
  test("no host, another scheme, another port: no packet", async () => {
    const name = await anOperation(target.origin);
    expect(await call(name)).toMatchObject({
      type: "failed",
      mayRetry: false,
      error: expect.stringMatching(/is not among the allowed hosts/),
    });
    await allowed(`https://127.0.0.1:${target.port}`, "http://127.0.0.1", "http://127.0.0.1:1");
    expect(await call(name)).toMatchObject({ error: expect.stringMatching(/is not among the allowed hosts/) });
    noPacket();
  });
  test("taken off the list, the next call is refused", async () => {
    const name = await anOperation(target.origin);
    await allowed(target.origin);
    expect(await call(name)).toMatchObject({ type: "finished" });
    const admin = await anAdmin();
    await commanded((tx) => removeHost(tx, admin, { origin: target.origin }));
    target.answer(json({}));
    expect(await call(name)).toMatchObject({ type: "failed" });
    noPacket();
  });
});

describe("S60: a name is resolved once, and only what was checked is connected to", () => {
  test("a name that leads to an allowed address is called there, with its own name as Host", async () => {
    await allowed(api, target.origin);
    const resolve = answers("127.0.0.1");
    expect(await call(await anOperation(api), resolve)).toMatchObject({ type: "finished" });
    expect([resolve.asked, target.seen[0]?.headers.host]).toEqual([1, `api.example.test:${target.port}`]);
  });
  test("a private address behind an allowed name is refused", async () => {
    await allowed(api);
    expect(await call(await anOperation(api), answers("127.0.0.1"))).toMatchObject({
      mayRetry: false,
      error: expect.stringMatching(/private address/),
    });
    noPacket();
  });
  test("one private answer among public ones is enough", async () => {
    await allowed(api);
    expect(await call(await anOperation(api), answers("93.184.215.14", "127.0.0.1"))).toMatchObject({
      error: expect.stringMatching(/private address/),
    });
    expect(await call(await anOperation(api), answers("93.184.215.14", "::1"))).toMatchObject({
      error: expect.stringMatching(/private address/),
    });
    noPacket();
  });
  test("rebinding: public when checked, 127.0.0.1 when asked again: nobody asks again", async () => {
    await allowed(api);
    let asked = 0;
    const rebinding: Resolve = async () => [{ address: asked++ === 0 ? "9.9.9.9" : "127.0.0.1", family: 4 }];
    expect(await call(await anOperation(api, { timeoutSeconds: 1 }), rebinding)).toMatchObject({ type: "failed" });
    expect(asked).toBe(1);
    noPacket();
  });
  test("a listed private address counts for its own scheme and port alone", async () => {
    await allowed(api, "http://127.0.0.1:1", `https://127.0.0.1:${target.port}`);
    expect(await call(await anOperation(api), answers("127.0.0.1"))).toMatchObject({
      error: expect.stringMatching(/private address/),
    });
    noPacket();
  });
  test("a name that leads nowhere may be tried again", async () => {
    await allowed(api);
    const gone: Resolve = () => Promise.reject(new Error("ENOTFOUND"));
    expect(await call(await anOperation(api), gone)).toMatchObject({
      mayRetry: true,
      error: expect.stringMatching(/leads to no address/),
    });
    expect(await call(await anOperation(api), answers())).toMatchObject({ mayRetry: true });
    const never: Resolve = () => new Promise(() => undefined);
    expect(await call(await anOperation(api, { timeoutSeconds: 1 }), never)).toMatchObject({
      mayRetry: true,
      error: expect.stringMatching(/within 1 s/),
    });
  });
});

/** What a URL may call this machine, its network or a cloud's metadata. */
const HOSTS = [
  "127.0.0.1",
  "127.1",
  "127.0.1",
  "0177.0.0.1",
  "0x7f.0.0.1",
  "0x7f.1",
  "0x7f000001",
  "2130706433",
  "017700000001",
  "127.0.0.1.",
  "127.255.255.254",
  "0.0.0.0",
  "0",
  "0x0",
  "00000",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "sub.localhost",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[0:0:0:0:0:ffff:127.0.0.1]",
  "[::127.0.0.1]",
  "[64:ff9b::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b:1::7f00:1]",
  "[2002:7f00:1::]",
  "[2002:a00:1::1]",
  "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
  "10.0.0.1",
  "10.1",
  "0xa.0.0.1",
  "012.0.0.1",
  "167772161",
  "172.16.0.1",
  "172.31.255.255",
  "0xac100001",
  "192.168.1.1",
  "192.168.257",
  "0300.0250.1.1",
  "3232235777",
  "169.254.169.254",
  "0xa9fea9fe",
  "2852039166",
  "0251.0376.0251.0376",
  "[::ffff:169.254.169.254]",
  "[::ffff:a9fe:a9fe]",
  "[fd00:ec2::254]",
  "[fe80::1]",
  "[fec0::1]",
  "[fc00::1]",
  "[ff02::1]",
  "100.64.0.1",
  "100.127.255.255",
  "198.18.0.1",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
  "192.0.2.1",
  "198.51.100.1",
  "203.0.113.1",
  "[2001:db8::1]",
  "①②⑦.⓪.⓪.①",
  "１２７.０.０.１",
  "127。0。0。1",
  "127．0．0．1",
  "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
  "ｌｏｃａｌｈｏｓｔ",
  "local­host",
  "xn--localhost-",
  "%31%32%37.0.0.1",
  "127.0.0.1%2f",
  "api.example.test@127.0.0.1",
  "user:pass@127.0.0.1",
  "127.0.0.1#@api.example.test",
  "127.0.0.1\\@api.example.test",
];
/** What a name server may answer, in the words it may use. */
const ANSWERS = [
  "127.0.0.1",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "0:0:0:0:0:ffff:7f00:0001",
  "fe80::1%eth0",
  "fe80::1",
  "0.0.0.0",
  "::",
  "10.0.0.1",
  "169.254.169.254",
  "fd00:ec2::254",
  "100.64.0.1",
  "64:ff9b::a00:1",
  "2002:7f00:1::",
  "224.0.0.1",
  "127.1",
  "0x7f000001",
  "2130706433",
  "",
];

describe("S61: no spelling of a private address gets through", () => {
  test("there are 80 of them", () => expect(HOSTS.length).toBe(80));
  test.each(HOSTS)("http://%s", async (host) => {
    const text = `http://${host}:${target.port}/`;
    if (!URL.canParse(text)) return;
    const url = new URL(text);
    const resolve = answers("127.0.0.1");
    // Even if the list has it as it is spelled, and names lead to this machine.
    const listed = [host, "api.example.test"].map((name) => ({ scheme: "http", host: name, port: target.port }));
    const spelled = listed.filter((one) => one.host !== url.hostname);
    expect(await reachHost(url, spelled, resolve)).toMatchObject({ ok: false });
    if (!/^\d|^\[/.test(url.hostname)) {
      const byName = [{ scheme: "http", host: url.hostname, port: Number(url.port || 80) }];
      expect(await reachHost(url, byName, resolve)).toMatchObject({ ok: false });
    }
    const asked = { url, method: "GET", headers: {}, idempotencyKey: "k", body: null };
    const means = { allowed: spelled, resolve, signal: AbortSignal.timeout(5_000) };
    expect(await followRedirects(asked, means)).toMatchObject({ ok: false });
    noPacket();
  });
  test.each(ANSWERS)("a name server that says %j", async (address) => {
    await allowed(api);
    expect(await call(await anOperation(api), answers(address))).toMatchObject({
      type: "failed",
      error: expect.stringMatching(/private address/),
    });
    noPacket();
  });
  test.each([
    "93.184.215.14",
    "1.1.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
  ])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));
  test.each([
    ["http://0x7f.1:80", "must be written as http://127.0.0.1"],
    ["http://LOCALHOST:3000", "must be written as http://localhost:3000"],
    ["https://api.example.com/v2", "must be written as https://api.example.com"],
    ["https://api.example.com.", "must not end in a dot"],
    ["https://user@api.example.com", "must be an address"],
    ["ftp://api.example.com", "must be an address"],
    ["file:///etc/passwd", "must be an address"],
    ["https://bücher.example", "must be written as https://xn--bcher-kva.example"],
  ])("an admin who types %s is told how it is written", (origin, message) => {
    const parsed = hostInput.safeParse({ key: "12345678", origin });
    expect(parsed.error?.issues[0]?.message).toContain(message);
  });
  test.each([
    "https://api.example.com/?x=1",
    "https://a:b@api.example.com",
    "https://api.example.com/a/../b",
    "javascript:alert(1)",
  ])("a connection cannot begin at %s", (baseUrl) => {
    const given = { key: "12345678", label: "x", baseUrl, credentialId: null };
    expect(newConnectionInput.safeParse(given).success).toBe(false);
  });
});

describe("S62: redirects", () => {
  const redirecting = async (to: string, more: Record<string, unknown> = {}) => {
    await allowed(target.origin);
    target.answer((_, response) => response.writeHead(302, { location: to }).end("moved"));
    return call(await anOperation(target.origin, more));
  };
  test.each([
    ["http://169.254.169.254/latest/meta-data/", /redirects, and http:\/\/169.254.169.254 is not among/],
    ["file:///etc/passwd", /redirects, and only plain http and https/],
    ["gopher://127.0.0.1/", /redirects, and only plain/],
    ["http://127.0.0.1:1/", /redirects, and http:\/\/127.0.0.1:1 is not among/],
    ["http://user:pass@127.0.0.1/", /redirects, and only plain/],
    ["//evil.example/", /redirects, and http:\/\/evil.example is not among/],
    ["http://[", /no address/],
  ])("to %s are not followed", async (to, why) => {
    expect(await redirecting(to)).toMatchObject({ type: "failed", mayRetry: false, error: expect.stringMatching(why) });
    expect(target.seen).toHaveLength(1);
  });
  test("to an allowed name with a private address are not followed", async () => {
    await allowed(target.origin, api);
    target.answer((_, response) => response.writeHead(302, { location: `${api}/x` }).end());
    const outcome = await call(await anOperation(target.origin), answers("10.0.0.1"));
    expect(outcome).toMatchObject({
      error: expect.stringMatching(/redirects, and api.example.test leads to a private address/),
    });
  });
  test("are followed three times and no more, for GET alone", async () => {
    expect(await redirecting("/again")).toMatchObject({
      type: "failed",
      error: expect.stringMatching(/more than 3 times/),
    });
    expect(target.seen).toHaveLength(4);
    expect(await redirecting("/again", { method: "POST" })).toMatchObject({
      type: "failed",
      status: 302,
      mayRetry: false,
    });
    expect(target.seen).toHaveLength(1);
  });
  test.each([
    ["https://a.test/x", "http://a.test/x", false],
    ["https://a.test/x", "//b.test/x", "https://b.test/x"],
    ["http://a.test/x", "https://a.test/y", "https://a.test/y"],
    ["https://a.test/x/", "../y", "https://a.test/y"],
  ])("from %s to %s: never from https to http", (from, location, to) => {
    const hop = nextHop(new URL(from), location);
    expect(hop.ok && hop.value.href).toBe(to);
  });
  test("to another server take neither headers nor the credential along", async () => {
    const other = await startTarget();
    await allowed(target.origin, other.origin);
    const credentialId = await aCredential({ origin: target.origin, secret: "a-secret-of-the-first" });
    target.answer((_, response) => response.writeHead(307, { location: `${other.origin}/x` }).end());
    other.answer(json({}));
    expect(await call(await anOperation(target.origin, { credentialId, headers: { "X-Mine": "1" } }))).toMatchObject({
      type: "finished",
    });
    expect(target.seen[0]?.headers).toMatchObject({ authorization: "Bearer a-secret-of-the-first", "x-mine": "1" });
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
    expect(other.seen[0]?.headers["x-mine"]).toBeUndefined();
    expect(other.seen[0]?.headers["idempotency-key"]).toBe("k");
  });
});
