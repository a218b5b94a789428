"use client";

import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import type { Values } from "@/lib/flow/interview";
import type { ScreenView } from "@/lib/interviews/schema";
import { saveDraft } from "@/lib/work/actions/interview";
import { dropKept, keepDraft, keptDraft } from "./kept-draft";

/** Where what was typed is. `kept`: not on the server yet, but in this tab. */
export type DraftState =
  | { readonly kind: "clean" }
  | { readonly kind: "saving" }
  | { readonly kind: "saved"; readonly at: string }
  | { readonly kind: "kept"; readonly isSignedOut: boolean }
  | { readonly kind: "conflict"; readonly theirs: Values; readonly at: string };

const PAUSE_MS = 800;
const RETRY_MS = 10_000;

/**
 * Saves what is typed 800 ms after the last change, when the form loses the focus and when the page is hidden; never two saves at
 * once. What could not be saved is kept by the tab and tried again. `restore` is called with what an earlier visit left unsaved.
 */
export function useDraft({
  view,
  values,
  restore,
}: {
  view: ScreenView;
  values: Values;
  restore: (values: Values) => void;
}) {
  const {
    interviewId,
    screen: { name: screen },
  } = view;
  const [state, setState] = useState<DraftState>(
    view.draftSavedAt ? { kind: "saved", at: view.draftSavedAt } : { kind: "clean" },
  );
  const version = useRef(view.draftVersion);
  const latest = useRef(values);
  const isDirty = useRef(false);
  const isStopped = useRef(false);
  const flight = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  latest.current = values;

  const send = useCallback(async (): Promise<void> => {
    const sent = latest.current;
    isDirty.current = false;
    setState({ kind: "saving" });
    const answer = await saveDraft({ interviewId, screen, values: sent, draftVersion: version.current }).catch(
      () => null,
    );
    if (answer?.ok && answer.value.type === "saved") {
      version.current = answer.value.draftVersion;
      if (!isDirty.current) dropKept(interviewId, screen);
      setState({ kind: "saved", at: answer.value.savedAt });
    } else if (answer?.ok && answer.value.type === "conflict") {
      version.current = answer.value.draftVersion;
      // Until the person has chosen, nothing may overwrite what was saved elsewhere.
      isStopped.current = true;
      isDirty.current = true;
      setState({ kind: "conflict", theirs: answer.value.values, at: answer.value.savedAt });
    } else {
      isDirty.current = true;
      setState({ kind: "kept", isSignedOut: answer?.ok === false && answer.code === "signed-out" });
    }
  }, [interviewId, screen]);

  /** Saves now what is not saved; resolves when the server has answered. */
  const flush = useCallback(async (): Promise<void> => {
    if (timer.current) clearTimeout(timer.current);
    while (flight.current) await flight.current;
    if (!isDirty.current || isStopped.current) return;
    flight.current = send().finally(() => {
      flight.current = null;
    });
    await flight.current;
  }, [send]);

  const changed = useCallback(
    (next: Values): void => {
      latest.current = next;
      isDirty.current = true;
      keepDraft(interviewId, screen, { values: next, draftVersion: version.current });
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), PAUSE_MS);
    },
    [interviewId, screen, flush],
  );

  /** The screen is being sent: nothing is saved any more unless it comes back refused. */
  const pause = useCallback(async (): Promise<void> => {
    isStopped.current = true;
    if (timer.current) clearTimeout(timer.current);
    await flight.current;
  }, []);
  const resume = useCallback((): void => {
    isStopped.current = false;
    void flush();
  }, [flush]);
  /** Saves even what seems saved, because somebody asked. */
  const save = useCallback((): Promise<void> => {
    isDirty.current = true;
    return flush();
  }, [flush]);
  /** The person chose between two values: what is here may be saved over what is there. */
  const settle = useCallback((): void => {
    isStopped.current = false;
    setState({ kind: "saving" });
  }, []);
  const forget = useCallback((): void => dropKept(interviewId, screen), [interviewId, screen]);

  useRestored({
    interviewId,
    screen,
    onFound: (kept) => {
      version.current = kept.draftVersion;
      restore(kept.values);
    },
  });
  useSaveMoments(flush, state.kind === "kept");
  return { state, changed, flush, save, pause, resume, forget, settle };
}

function useRestored({
  interviewId,
  screen,
  onFound,
}: {
  interviewId: string;
  screen: string;
  onFound: (kept: { values: Values; draftVersion: number }) => void;
}): void {
  const found = useEffectEvent(onFound);
  useEffect(() => {
    const kept = keptDraft(interviewId, screen);
    if (kept) found(kept);
  }, [interviewId, screen]);
}

/** The page is hidden or left, the network is back, and from time to time while something is unsaved. */
function useSaveMoments(flush: () => Promise<void>, isKept: boolean): void {
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
