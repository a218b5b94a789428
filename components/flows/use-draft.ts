"use client";

import { useEffect, useEffectEvent, useState } from "react";
import type { Values } from "@/lib/flow/interview";
import type { ScreenView } from "@/lib/interviews/schema";
import { type DraftKeeper, type DraftState, makeDraftKeeper } from "./draft-keeper";
import { keptDraft } from "./kept-draft";

const RETRY_MS = 10_000;

/** The draft of one screen. `restore` is called with what an earlier visit left unsaved in this tab. */
export function useDraft(
  view: ScreenView,
  restore: (values: Values, basedOn: number) => void,
): DraftKeeper & { state: DraftState } {
  const [state, setState] = useState<DraftState>(
    view.draftSavedAt ? { kind: "saved", at: view.draftSavedAt } : { kind: "clean" },
  );
  const [keeper] = useState(() => makeDraftKeeper(view, setState));
  const look = useEffectEvent(() => {
    const kept = keptDraft(view.interviewId, view.screen.name);
    if (kept) restore(kept.values, kept.draftVersion);
  });
  useEffect(() => look(), []);
  useSaveMoments(keeper, state.kind === "kept");
  return { ...keeper, state };
}

/** The page is hidden or left, the network is back, and from time to time while something is unsaved. */
function useSaveMoments({ flush }: DraftKeeper, isKept: boolean): void {
  useEffect(() => {
    const save = () => void flush();
    const onHide = () => document.visibilityState === "hidden" && save();
    document.addEventListener("visibilitychange", onHide);
    window.addEventListener("online", save);
    return () => {
      document.removeEventListener("visibilitychange", onHide);
      window.removeEventListener("online", save);
      save();
    };
  }, [flush]);
  useEffect(() => {
    if (!isKept) return;
    const retry = setInterval(() => void flush(), RETRY_MS);
    return () => clearInterval(retry);
  }, [isKept, flush]);
}
