import { describe, expect, test } from "vitest";
import { correct, trustedPeers } from "../../lib/launch/believe-proxies";
import { readAddress } from "../../lib/people/sign-in/read-address";

const seen = (peer: string, claims: Record<string, string>, trusted = "127.0.0.1, ::1, 10.0.0.0/8") => {
  const headers: Record<string, string | string[] | undefined> = { ...claims };
  correct(headers, peer, trustedPeers(trusted));
  return {
    address: readAddress({ get: (name) => (typeof headers[name] === "string" ? headers[name] : null) }),
    headers,
  };
};

describe("the address that limits count by", () => {
  test("is the caller's own, whatever they claim", () => {
    const { address, headers } = seen("203.0.113.5", {
      "x-forwarded-for": "198.51.100.1",
      "x-forwarded-host": "evil.example",
      forwarded: "for=1",
    });
    expect(address).toBe("203.0.113.5");
    expect(headers["x-forwarded-host"]).toBeUndefined();
    expect(headers.forwarded).toBeUndefined();
  });
  test("is what a trusted proxy saw, not what its caller put before it", () => {
    expect(seen("127.0.0.1", { "x-forwarded-for": "1.2.3.4, 203.0.113.7" }).address).toBe("203.0.113.7");
    expect(seen("10.2.3.4", { "x-forwarded-for": "203.0.113.8" }).address).toBe("203.0.113.8");
    expect(seen("::ffff:127.0.0.1", {}).address).toBe("127.0.0.1");
  });
  test("of an IPv6 caller is the network", () => {
    expect(seen("2001:db8:1:2:3:4:5:6", {}).address).toBe(seen("2001:db8:1:2:ffff::1", {}).address);
  });
});
