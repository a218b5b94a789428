"use client";

import { useState } from "react";

/** What the end of an approval's screens asked for besides; null: not asked. */
export type Closing = { readonly comments: string | null; readonly password: string | null };

/** A reason that the screens have no field for, and the password again: asked for once the server said that the decision needs it. */
export function useClosing() {
  const [asked, setAsked] = useState<Closing>({ comments: null, password: null });
  const { comments, password } = asked;
  return {
    asked,
    given: { ...(comments && { comments }), ...(password && { password }) },
    ask: (code: string) =>
      setAsked({
        comments: comments ?? (code === "reason-needed" ? "" : null),
        password: password ?? (code === "password-needed" ? "" : null),
      }),
    set: (more: Partial<Closing>) => setAsked({ ...asked, ...more }),
  };
}
