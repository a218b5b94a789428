"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";
import { confirm } from "@/components/ui/confirm";

const TYPED = {
  title: "Leave without saving?",
  text: "What you typed on this page is not saved yet.",
  action: "Leave without saving",
};

/**
 * Asks before what was typed is left behind: by a link of the portal in words of our own, by closing the tab in the browser's. Not by
 * the browser's Back button, which cannot be held.
 */
export function useLeaveGuard(isDirty: boolean, words: typeof TYPED = TYPED): void {
  const router = useRouter();
  const ask = useEffectEvent(async (href: string) => {
    const isSure = await confirm({ ...words, isDanger: true });
    if (isSure) router.push(href);
  });
  useEffect(() => {
    if (!isDirty) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (
        !(link instanceof HTMLAnchorElement) ||
        !isPlain ||
        event.defaultPrevented ||
        link.target === "_blank" ||
        link.origin !== window.location.origin
      )
        return;
      if (link.pathname === window.location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      void ask(link.pathname + link.search + link.hash);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [isDirty]);
}
