"use client";

import { type ReactNode, useCallback } from "react";
import { SignInAgain } from "@/components/people/sign-in-again";
import { SessionGate } from "@/components/ui/session-gate";
import type { Viewer } from "./navigation";

type Dialog = { readonly isOpen: boolean; readonly onDone: (isSignedIn: boolean) => void };

/** Every form of the portal can ask for a new sign-in and go on where it was. */
export function PortalSession({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const renderDialog = useCallback(
    ({ isOpen, onDone }: Dialog) => (
      <SignInAgain viewer={viewer} isOpen={isOpen} onSignedIn={() => onDone(true)} onClose={() => onDone(false)} />
    ),
    [viewer],
  );
  return <SessionGate renderDialog={renderDialog}>{children}</SessionGate>;
}
