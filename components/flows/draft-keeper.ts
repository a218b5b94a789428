import type { ActionResult } from "@/lib/action";
import type { Values } from "@/lib/flow/interview";
import type { DraftAnswer, ScreenView } from "@/lib/interviews/schema";
import { saveDraft } from "@/lib/work/actions/interview";
import { dropKept, keepDraft } from "./kept-draft";

/** Where what was typed is. `kept`: not on the server yet, but in this tab. */
export type DraftState =
  | { readonly kind: "clean" }
  | { readonly kind: "saving" }
  | { readonly kind: "saved"; readonly at: string }
  | { readonly kind: "kept"; readonly isSignedOut: boolean }
  | { readonly kind: "conflict"; readonly theirs: Values; readonly at: string };

const PAUSE_MS = 800;

export type DraftKeeper = ReturnType<typeof makeDraftKeeper>;

/**
 * Saves one screen's draft: 800 ms after the last change, or at once when asked; never two saves at the same time. What could not be
 * saved stays with the tab. `onState` is told where what was typed is.
 */
export function makeDraftKeeper(view: ScreenView, onState: (state: DraftState) => void) {
  const { interviewId, screen } = view;
  let { draftVersion: version, values: latest } = view;
  let isDirty = false;
  /** While the screen is being sent, and until the person has chosen between two versions, nothing is saved. */
  let isHeld = false;
  let flight: Promise<void> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = async (): Promise<void> => {
    isDirty = false;
    onState({ kind: "saving" });
    const draft = { interviewId, screen: screen.name, values: latest, draftVersion: version };
    const answer = await saveDraft(draft).catch(() => null);
    const state = stateAfter(answer);
    if (answer?.ok) version = answer.value.draftVersion;
    isHeld = isHeld || state.kind === "conflict";
    isDirty = isDirty || state.kind !== "saved";
    if (!isDirty) dropKept(interviewId, screen.name);
    onState(state);
  };
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    while (flight) await flight;
    if (!isDirty || isHeld) return;
    flight = send().finally(() => {
      flight = null;
    });
    await flight;
  };
  /** `basedOn`: the version that the values go on from, when they come from an earlier visit. */
  const changed = (next: Values, basedOn = version): void => {
    latest = next;
    version = basedOn;
    isDirty = true;
    keepDraft(interviewId, screen.name, { values: next, draftVersion: version });
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), PAUSE_MS);
  };
  /** While the screen is being sent nothing is saved. Resolves when no save is under way any more. */
  const pause = async (): Promise<void> => {
    isHeld = true;
    clearTimeout(timer);
    await flight;
  };
  /** Saving goes on: what was sent came back, or the person has chosen between two versions. */
  const resume = (): void => {
    isHeld = false;
    void flush();
  };
  return { flush, changed, pause, resume };
}

function stateAfter(answer: ActionResult<DraftAnswer> | null): DraftState {
  if (!answer?.ok) return { kind: "kept", isSignedOut: answer?.code === "signed-out" };
  const { value } = answer;
  return value.type === "saved"
    ? { kind: "saved", at: value.savedAt }
    : { kind: "conflict", theirs: value.values, at: value.savedAt };
}
