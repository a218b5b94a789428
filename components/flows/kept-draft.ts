import type { Values } from "@/lib/flow/interview";

/**
 * What was typed and could not be saved on the server yet, kept by this tab (it survives a reload and a crash, and ends with the tab
 * or with signing out). Taken away as soon as the server has it.
 */
export type KeptDraft = { readonly values: Values; readonly draftVersion: number };

const nameOf = (interviewId: string, screen: string): string => `baton.draft.${interviewId}.${screen}`;

export function keepDraft(interviewId: string, screen: string, draft: KeptDraft): void {
  try {
    window.sessionStorage.setItem(nameOf(interviewId, screen), JSON.stringify(draft));
  } catch (error) {
    // A full or forbidden storage costs the safety net, not the form; anything else is a fault.
    if (!(error instanceof DOMException)) throw error;
  }
}

export const dropKept = (interviewId: string, screen: string): void =>
  window.sessionStorage.removeItem(nameOf(interviewId, screen));

export function keptDraft(interviewId: string, screen: string): KeptDraft | null {
  const text = window.sessionStorage.getItem(nameOf(interviewId, screen));
  if (!text) return null;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== "object" || kept === null || !("values" in kept) || !("draftVersion" in kept)) return null;
    return typeof kept.draftVersion === "number" && typeof kept.values === "object" && kept.values !== null
      ? (kept as KeptDraft)
      : null;
  } catch {
    return null;
  }
}
