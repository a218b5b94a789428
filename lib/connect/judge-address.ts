import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Networks that are nobody's in public (IANA's special-purpose registries): this host, private, link-local, shared, test, multicast, reserved. */
const PRIVATE_4 =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4";
/**
 * Everything outside 2000::/3, among it ::1, mapped ::ffff:0:0/96, NAT64 64:ff9b::/96, ULA fc00::/7, link-local fe80::/10 and multicast; and
 * inside it what is special: Teredo and its like, documentation, 6to4.
 */
const PRIVATE_6 = "::/3 4000::/2 8000::/1 2001::/23 2001:db8::/32 2002::/16 3fff::/20";

// A list each: a list of both would hold every IPv4 address to be one of ::ffff:0:0/96.
const listOf = (networks: string, family: "ipv4" | "ipv6"): BlockList => {
  const list = new BlockList();
  for (const network of networks.split(" ")) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
};
const LISTS = { ipv4: listOf(PRIVATE_4, "ipv4"), ipv6: listOf(PRIVATE_6, "ipv6") };

/** The one spelling of an address that URLs have: `127.0.0.1`, `[::1]`; null: it is no address. A zone (`fe80::1%eth0`) makes it none. */
export function spellAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  return isIPv6(text) && !text.includes("%") ? new URL(`http://[${text}]`).hostname : null;
}

/** Whether an address is one of the public internet (S61). Whatever is no address is not. */
export function isPublicAddress(text: string): boolean {
  const address = spellAddress(text);
  if (address === null) return false;
  const bare = address.replace(/^\[|\]$/g, "");
  return isIPv4(bare) ? !LISTS.ipv4.check(bare, "ipv4") : !LISTS.ipv6.check(bare, "ipv6");
}
