"use client";

import type { ReactNode } from "react";
import { SignInAgain } from "@/components/people/sign-in-again";
import { SessionGate } from "@/components/ui/session-gate";

/** Every form of the portal can ask for a new sign-in and go on where it was. */
export function PortalSession({ children }: { children: ReactNode }) {
  return <SessionGate renderDialog={renderDialog}>{children}</SessionGate>;
}

const renderDialog = ({ isOpen, onDone }: { isOpen: boolean; onDone: (isSignedIn: boolean) => void }) => (
  <SignInAgain isOpen={isOpen} onSignedIn={() => onDone(true)} onClose={() => onDone(false)} />
);
