"use client";

import { usePathname, useSearchParams } from "next/navigation";

/**
 * What is open on the desk, in the address: `?item=` and `?search=`. Changed without asking the server for the page, so that opening
 * an item is immediate; the address can still be shared, and Back leads from an item to the list.
 */
export function useDesk() {
  const path = usePathname();
  const params = useSearchParams();
  const itemId = params.get("item");
  const change = (patch: Readonly<Record<string, string | null>>, how: "push" | "replace") => {
    const next = new URLSearchParams(params);
    for (const [name, value] of Object.entries(patch)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const address = next.size > 0 ? `${path}?${next}` : path;
    if (how === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  };
  return {
    itemId,
    choice: params.get("decision"),
    search: params.get("search") ?? "",
    open: (id: string) => change({ item: id, decision: null }, itemId ? "replace" : "push"),
    close: () => change({ item: null, decision: null }, "replace"),
    setSearch: (search: string) => change({ search: search.trim() || null }, "replace"),
  };
}
