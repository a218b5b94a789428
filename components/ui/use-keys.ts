"use client";

import { useEffect, useEffectEvent } from "react";

const SETTING = "baton.single-keys";
const SEQUENCE_MS = 1_200;

/** Keys of one letter can be switched off (WCAG 2.1.4), for this browser. */
export const areKeysOn = (): boolean => typeof window === "undefined" || window.localStorage.getItem(SETTING) !== "off";
export const switchKeys = (isOn: boolean): void =>
  isOn ? window.localStorage.removeItem(SETTING) : window.localStorage.setItem(SETTING, "off");

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="textbox"], [role="combobox"]';
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest(TYPING) !== null;
const isInDialog = (): boolean => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

/**
 * What keys do on this page: `{ j: next, "g w": goToWork, "?": help }`. Never while somebody types, in a dialog, or with Ctrl, Alt or ⌘.
 * Two letters with a space are pressed one after the other.
 */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const press = useEffectEvent((name: string, before: string | null): boolean => {
    const act = (before && keys[`${before} ${name}`]) || keys[name];
    act?.();
    return act !== undefined;
  });
  useEffect(() => {
    let before: { name: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (!areKeysOn() || isTyping(event.target) || isInDialog()) return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const recent = before && event.timeStamp - before.at < SEQUENCE_MS ? before.name : null;
      before = { name, at: event.timeStamp };
      if (press(name, recent)) {
        event.preventDefault();
        before = null;
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
