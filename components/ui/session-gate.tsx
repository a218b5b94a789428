"use client";

import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

/** Asks whoever sits there to sign in again, over the page as it is. True: signed in; false: they closed it. */
export type SignInAgain = () => Promise<boolean>;

const SessionContext = createContext<SignInAgain>(async () => false);

/**
 * Lets any form below answer "you are signed out" without losing what was typed. `renderDialog` draws the dialog; it is given
 * whether it is open and what to call with the outcome.
 */
export function SessionGate({
  renderDialog,
  children,
}: {
  renderDialog: (dialog: { isOpen: boolean; onDone: (isSignedIn: boolean) => void }) => ReactNode;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const waiting = useRef<((isSignedIn: boolean) => void)[]>([]);
  const ask = useCallback<SignInAgain>(() => {
    setOpen(true);
    return new Promise((resolve) => waiting.current.push(resolve));
  }, []);
  const onDone = useCallback((isSignedIn: boolean) => {
    setOpen(false);
    for (const resolve of waiting.current.splice(0)) resolve(isSignedIn);
  }, []);
  const dialog = useMemo(() => renderDialog({ isOpen, onDone }), [renderDialog, isOpen, onDone]);
  return (
    <SessionContext.Provider value={ask}>
      {children}
      {dialog}
    </SessionContext.Provider>
  );
}

export const useSignInAgain = (): SignInAgain => useContext(SessionContext);
