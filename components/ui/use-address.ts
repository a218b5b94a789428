"use client";

import { useDebouncedCallback } from "@mantine/hooks";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";

const SEARCH_DELAY_MS = 300;

/**
 * A list's filters live in the address, so that a view can be shared and comes back with the browser's Back. `set` changes some and
 * keeps the rest; null takes one away. `search` is the text as it is typed; the address follows when the typing pauses.
 */
export function useAddress(initialSearch: string) {
  const router = useRouter();
  const path = usePathname();
  const params = useSearchParams();
  const [search, type] = useState(initialSearch);

  const set = (patch: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(params);
    next.delete("cursor");
    for (const [name, value] of Object.entries(patch)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    router.replace(next.size > 0 ? `${path}?${next}` : path, { scroll: false });
  };
  const later = useDebouncedCallback((text: string) => set({ search: text.trim() || null }), SEARCH_DELAY_MS);
  const setSearch = (text: string) => {
    type(text);
    later(text);
  };
  return { set, search, setSearch };
}
